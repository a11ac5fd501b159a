import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  BatchGetItemCommand,
  type BatchGetItemOutput,
  DynamoDBClient,
  ListTablesCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, describe, expect, it } from "@jest/globals";
import { WORKER_LIMITS } from "../../../../core/aws/call-limits.ts";
import { FastPathService, type FastPathServiceOptions } from "../../../../core/aws/fast-path/fast-path-call.ts";
import { RequestSigner } from "../../../../core/aws/fast-path/sign-request.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { parseMerchant } from "../../../../core/merchant/merchant.ts";
import { parseTransaction } from "../../../../core/transaction/parse-transaction.ts";
import { buildWebhook } from "../../../../core/delivery/webhook.ts";
import { merchantRow, transactionRow } from "../../../support/rows.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret/with+signs=", sessionToken: "token" };
const NOW = Date.parse("2026-11-22T08:15:30.400Z");
const INPUT = { RequestItems: { Transactions: { Keys: [{ transactionId: { S: "t-1" } }], ConsistentRead: true } } };
const BODY = () => JSON.stringify(INPUT);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

interface Seen {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function serviceThat(
  respond: (response: ServerResponse, call: number, isBySdk: boolean) => void,
  { isKnown = true, ...options }: { readonly isKnown?: boolean } & Partial<FastPathServiceOptions> = {},
) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (String(request.headers["x-amz-target"]).endsWith(".ListTables")) {
        json(response, 200, {});
        return;
      }
      seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      respond(response, seen.length, isBySdk(request.headers));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({ region: "eu-central-1", endpoint, credentials, maxAttempts: 1 });
  const fallbacks: string[] = [];
  const fastPath = new FastPathService({
    service: "dynamodb",
    client,
    fellBack: (operation, reason) => fallbacks.push(`${operation}: ${String(reason)}`),
    now: () => NOW,
    limits: WORKER_LIMITS,
    ...options,
  });
  ends.push(
    () => client.destroy(),
    () => fastPath.close(),
  );
  const bySdk = () => client.send(new BatchGetItemCommand(INPUT));
  // The first call of the SDK shows where the service is.
  if (isKnown) await client.send(new ListTablesCommand({}));
  return { fastPath, bySdk, seen, fallbacks, client };
}

const isBySdk = (headers: IncomingHttpHeaders) => /aws-sdk-js/.test(headers["user-agent"] ?? "");

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));

describe("a lean call", () => {
  it("is signed as the SDK's signer would sign it", async () => {
    const { fastPath, bySdk, seen, client } = await serviceThat((response) => json(response, 200, {}));
    await fastPath.call("BatchGetItem", BODY, bySdk);
    const [{ headers, body } = { headers: {}, body: "" }] = seen;
    const signer = await client.config.signer();
    const signed = await signer.sign(
      {
        method: "POST",
        protocol: "http:",
        hostname: "127.0.0.1",
        path: "/",
        query: {},
        body,
        headers: {
          host: headers.host ?? "",
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": "DynamoDB_20120810.BatchGetItem",
        },
      },
      // The hash of the body as a header is of no use where the body is signed anyway.
      { signingDate: new Date(NOW), unsignableHeaders: new Set(["x-amz-content-sha256"]) },
    );
    const reference = (signed as { headers: Record<string, string> }).headers;
    for (const name of ["authorization", "x-amz-date", "x-amz-security-token"])
      expect([name, headers[name]]).toEqual([name, reference[name]]);
    expect(body).toBe(JSON.stringify(INPUT));
  });

  it("gives rows that mean the same as the SDK's, though binary attributes are base64 in them", async () => {
    const bytes = { B: { S: "a name of its own" }, bytes: { B: "AAEC/w==" }, many: { BS: ["AA==", "/w=="] } };
    const row = transactionRow({
      version: { N: "12" },
      payload: { M: { ...bytes, list: { L: [{ BOOL: true }, { NULL: true }, { B: "" }, { M: bytes }] } } },
    });
    const merchant = merchantRow({ encryptedSecret: { B: "AAEC/w==" } });
    const { fastPath, bySdk, fallbacks } = await serviceThat((response) =>
      json(response, 200, { Responses: { Transactions: [row], Merchants: [merchant] }, UnprocessedKeys: {} }),
    );
    const meaningOf = ({ Responses = {} }: BatchGetItemOutput) => {
      const [transactionRead, merchantRead] = ["Transactions", "Merchants"].map((name) => Responses[name]?.[0] ?? {});
      const parsed = parseTransaction(transactionRead as AttributeMap);
      if (!("transaction" in parsed)) throw new Error(parsed.faults.join());
      return [buildWebhook(parsed.transaction), parseMerchant(merchantRead as AttributeMap)];
    };
    const output = await fastPath.call<BatchGetItemOutput>("BatchGetItem", BODY, bySdk);
    const reference = meaningOf(await bySdk());
    expect(JSON.stringify(reference)).toContain('\\"many\\":[\\"AA==\\",\\"/w==\\"]');
    expect(JSON.stringify(meaningOf(output), asBytes)).toBe(JSON.stringify(reference, asBytes));
    expect(fallbacks).toEqual([]);
  });

  it("that is not answered with 200 is made again by the SDK, whose error comes out", async () => {
    const { fastPath, bySdk, seen, fallbacks } = await serviceThat((response) =>
      json(response, 400, { __type: "com.amazonaws.dynamodb.v20120810#ThrottlingException", message: "slow down" }),
    );
    await expect(fastPath.call("BatchGetItem", BODY, bySdk)).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(seen).toHaveLength(2);
    expect(fallbacks).toEqual([expect.stringMatching(/^BatchGetItem: .*answered 400: .*slow down/)]);
  });

  it("whose connection breaks, or whose response is no JSON, is made again by the SDK", async () => {
    const { fastPath, bySdk, fallbacks } = await serviceThat((response, call) => {
      if (call === 1) response.socket?.destroy();
      else if (call === 3) response.writeHead(200).end("<html>");
      else json(response, 200, { Responses: { Transactions: [] } });
    });
    expect(await fastPath.call("BatchGetItem", BODY, bySdk)).toMatchObject({ Responses: { Transactions: [] } });
    expect(await fastPath.call("BatchGetItem", BODY, bySdk)).toMatchObject({ Responses: { Transactions: [] } });
    expect(fallbacks).toHaveLength(2);
  });

  it.each([
    ["nothing comes", () => undefined],
    ["nothing more comes", (response: ServerResponse) => void response.writeHead(200).write("{")],
  ])("is made again by the SDK when %s within its limits", async (_, silent) => {
    const { fastPath, bySdk, fallbacks } = await serviceThat(
      // On a busy machine the time of the first may be over before it is sent.
      (response, _call, isTheSdk) =>
        isTheSdk ? json(response, 200, { Responses: { Transactions: [] } }) : silent(response),
      { limits: { connectMs: 1000, attemptMs: 10 } },
    );
    expect(await fastPath.call("BatchGetItem", BODY, bySdk)).toMatchObject({ Responses: { Transactions: [] } });
    expect(fallbacks).toEqual([expect.stringMatching(/^BatchGetItem: .*no answer within 10 ms$/)]);
  });

  it("that is told to end ends, and is not made again", async () => {
    const { fastPath, bySdk, seen, fallbacks } = await serviceThat(() => undefined);
    const ending = new AbortController();
    const call = fastPath.call("BatchGetItem", BODY, bySdk, ending.signal);
    while (seen.length === 0) await new Promise(setImmediate);
    ending.abort(new Error("asked to end"));
    await expect(call).rejects.toThrow("asked to end");
    expect([seen.length, fallbacks]).toEqual([1, []]);
  });

  it("is the SDK's until that has sent one, and goes to the same place afterwards", async () => {
    const { fastPath, bySdk, seen, fallbacks } = await serviceThat((response) => json(response, 200, {}), {
      isKnown: false,
    });
    await fastPath.call("BatchGetItem", BODY, bySdk);
    await fastPath.call("BatchGetItem", BODY, bySdk);
    expect(seen.map(({ headers }) => isBySdk(headers))).toEqual([true, false]);
    expect(seen[1]?.headers.host).toBe(seen[0]?.headers.host);
    expect(fallbacks).toEqual([]);
  });

  it("hears what time it is by the service, as often as somebody wants to know", async () => {
    const heard: number[] = [];
    let isWanted = false;
    const dates = { wants: () => isWanted, heard: (dateMs: number) => void heard.push(dateMs) };
    const respond = (response: ServerResponse) => {
      response.setHeader("date", "Sun, 22 Nov 2026 10:00:00 GMT");
      json(response, 200, {});
    };
    const { fastPath, bySdk } = await serviceThat(respond, { dates });
    await fastPath.call("BatchGetItem", BODY, bySdk);
    expect(heard).toEqual([]);
    isWanted = true;
    await fastPath.call("BatchGetItem", BODY, bySdk);
    expect(heard).toEqual([Date.UTC(2026, 10, 22, 10, 0, 0, 500)]);
  });

  it("is the SDK's where its client is replaced, as in a test", async () => {
    const mock = mockClient(DynamoDBClient);
    ends.push(() => mock.restore());
    mock.on(BatchGetItemCommand).resolves({ Responses: { Transactions: [] } });
    const client = new DynamoDBClient({ region: "eu-central-1", credentials });
    const limits = WORKER_LIMITS;
    const fastPath = new FastPathService({
      service: "dynamodb",
      client,
      limits,
      fellBack: () => undefined,
      now: () => NOW,
    });
    for (let count = 0; count < 2; count += 1)
      await fastPath.call("BatchGetItem", BODY, () => client.send(new BatchGetItemCommand(INPUT)));
    expect(mock.commandCalls(BatchGetItemCommand)).toHaveLength(2);
  });
});

describe("the signer", () => {
  it("keeps a day's key, and makes another one for other credentials and days", () => {
    const signer = new RequestSigner({ region: "eu-central-1", service: "sqs", host: "sqs.example" });
    const signature = (secretAccessKey: string, now: number) =>
      signer.sign({ accessKeyId: "A", secretAccessKey }, "AmazonSQS.ReceiveMessage", "{}", now).at(-1);
    const first = signature("one", NOW);
    const others = [signature("two", NOW), signature("one", NOW + 86_400_000)];
    expect(new Set([first, ...others]).size).toBe(3);
    expect(signature("one", NOW)).toBe(first);
  });
});

function asBytes(_: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  if (type === "Buffer") return data;
  return value instanceof Uint8Array ? [...value] : value;
}
