/**
 * Merchants that are not called the plain way, on the whole stack and in both modes: set by the command line and the
 * API, called by whoever delivers, counted at their servers. Client certificates at a server that lets nobody in
 * without, tokens of a real token server, secret headers, the second form of the body.
 */
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { DeliveryMode } from "../../core/settings/groups/delivery.ts";
import { selfSignedFor, type TestCertificate } from "../../tools/chaos/run/certificate.ts";
import { patienceMs, patienceSeconds } from "../support/machine-speed.ts";
import { CertificateMaker, type MadeCertificate } from "../support/openssl-certificates.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import { CONNECTION_API, setConnection } from "./connection-api.ts";
import { DemandingServer } from "./demanding-server.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { CLIENT_ID, startTokenServer, type TokenServer } from "./token-server.ts";
import { waitFor } from "./wait-for.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const CLIENT_SECRET = "hush:client+secret/7";
const API_KEY = "hush-api-key-4711";
const EACH = 12;
/** By how each is called. */
const WAYS = ["certificate", "token", "secret-headers", "second-form", "everything"] as const;
type Way = (typeof WAYS)[number];

interface Received {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** What a stack is to have. */
export const CONNECTIONS = {
  api: CONNECTION_API,
  delivery: { deadlineMs: Math.min(60_000, patienceMs(5000)) },
  retry: { scheduleSeconds: Array.from({ length: 20 }, () => 1), inQueueMaxSeconds: 1 },
  circuit: { openSeconds: 1, maxOpenSeconds: 1 },
  release: { leaseSeconds: patienceSeconds(5), everySeconds: 1 },
};

/** A server's certificate that whatever is started from now on trusts, as on a person's machine: stacks come after. */
export function trustedServer(): TestCertificate {
  const server = selfSignedFor("127.0.0.1");
  const authorities = mkdtempSync(join(tmpdir(), "confirmation-pipeline-authorities-"));
  const before = process.env["NODE_EXTRA_CA_CERTS"];
  beforeAll(() => {
    process.env["NODE_EXTRA_CA_CERTS"] = join(authorities, "authorities.pem");
    writeFileSync(join(authorities, "authorities.pem"), server.cert);
  });
  afterAll(() => {
    if (before === undefined) delete process.env["NODE_EXTRA_CA_CERTS"];
    else process.env["NODE_EXTRA_CA_CERTS"] = before;
    rmSync(authorities, { recursive: true, force: true });
  });
  return server;
}

/** @param server its certificate is trusted on the stack */
export function connectionsIn(mode: DeliveryMode, running: () => Pipeline, server: TestCertificate): void {
  let folder: string;
  let maker: CertificateMaker;
  let pipeline: Pipeline;
  let demanding: DemandingServer;
  let tokens: TokenServer;
  let commandLine: CommandLine;
  let first: MadeCertificate;
  let second: MadeCertificate;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "confirmation-pipeline-connections-"));
    maker = new CertificateMaker(folder);
    first = maker.selfSigned("pipeline-one");
    second = maker.selfSigned("pipeline-two");
    demanding = await DemandingServer.start(server, [first.certificate]);
    tokens = await startTokenServer(CLIENT_SECRET);
    pipeline = running();
    commandLine = commandLineOn(pipeline.stateDirectory);
    pipeline.merchant.respond("/token", async ({ headers }) =>
      (await tokens.tokenIn(headers.authorization)) === undefined ? 401 : 200,
    );
    pipeline.merchant.respond("/secret-headers", ({ headers }) => (headers["x-api-key"] === API_KEY ? 200 : 403));
    demanding.answer = async ({ path, headers, body }) => {
      if (body.startsWith('{"type":"webhook.challenge"')) return answerTo(body);
      if (path !== "/everything") return 200;
      const token = await tokens.tokenIn(headers["authorization"] as string | undefined);
      return token === undefined ? 401 : headers["x-api-key"] === API_KEY ? 200 : 403;
    };
  }, patienceMs(90_000));

  afterAll(async () => {
    await demanding?.stop();
    tokens?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, patienceMs(60_000));

  const answerTo = (body: string): string => {
    const { data } = JSON.parse(body) as { data: { challenge: string } };
    const key = Buffer.from(SECRET.replace("whsec_", ""), "base64");
    return JSON.stringify({ challenge: createHmac("sha256", key).update(data.challenge).digest("base64") });
  };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const set = (part: string, merchantId: string, ...options: readonly string[]) =>
    commandLine("merchants", part, "set", merchantId, ...options);
  const setCertificate = async (merchantId: string, { certificate, privateKey }: MadeCertificate) => {
    const files = ["--certificate", await file("us.pem", certificate), "--key", await file("us.key", privateKey)];
    await set("client-certificate", merchantId, ...files);
  };
  const setToken = async (merchantId: string) => {
    const asWhom = ["--token-url", tokens.tokenUrl, "--client-id", CLIENT_ID];
    await set("oauth2", merchantId, ...asWhom, "--secret-file", await file("client-secret", CLIENT_SECRET));
  };
  const setSecretHeaders = async (merchantId: string) =>
    set("secret-headers", merchantId, "--file", await file("headers", `x-api-key: ${API_KEY}\n`));
  const isAtDemanding = (way: Way) => way === "certificate" || way === "everything";
  /** Without challenges of its address. */
  const receivedBy = (way: Way): readonly Received[] =>
    isAtDemanding(way)
      ? demanding.to(`/${way}`).filter(({ body }) => !body.includes("webhook.challenge"))
      : pipeline.merchant.confirmationsTo(`/${way}`);
  const callsOf = (way: Way, id: string) => receivedBy(way).filter(({ body }) => body.includes(`"${id}"`));
  const confirmed = async (way: Way, id: string): Promise<Row> => {
    await pipeline.put(transactionRow(id, way));
    const row = await pipeline.terminalRow(id);
    expect([id, row["confirmationState"]]).toEqual([id, { S: "CONFIRMED" }]);
    return row;
  };
  const outcomesOf = (row: Row) => row["attempts"]?.L?.map(({ M }) => M?.["outcome"]?.S) ?? [];
  /** What a killed function had in hand comes again after six times its time limit: too long to wait for here. */
  const kill = async () => (mode === "fargate" ? pipeline.stack.worker.kill("SIGKILL") : undefined);

  describe("merchants that are not called the plain way", () => {
    it(
      "have an address that nobody reaches without a certificate, and it answers its challenge once one is shown",
      async () => {
        await pipeline.registerMerchant({ merchantId: "certificate", secret: SECRET });
        // It says that the challenge failed, and ends so.
        await commandLine("merchants", "set", "certificate", "--url", demanding.url("/certificate")).catch(
          () => undefined,
        );
        const shown = async () => {
          const { stdout } = await commandLine("merchants", "show", "certificate", "--json");
          return (JSON.parse(stdout) as { ownership: { state: string; explanation: string } }).ownership;
        };
        const refused = await waitFor("the challenge has failed", async () => {
          const ownership = await shown();
          return ownership.state === "failed" ? ownership : undefined;
        });
        expect(refused.explanation).toMatch(/TLS/);
        expect(demanding.deliveries).toEqual([]);

        await setCertificate("certificate", first);
        await commandLine("merchants", "verify", "certificate");

        expect(await shown()).toMatchObject({ state: "verified" });
        expect(demanding.deliveries.map(({ who }) => who)).toEqual(["pipeline-one"]);
      },
      patienceMs(120_000),
    );

    it(
      `get all that is theirs, each in its way${mode === "fargate" ? ", though the worker is killed at work" : ""}`,
      async () => {
        for (const way of WAYS.slice(1)) {
          const confirmationUrl = isAtDemanding(way) ? demanding.url(`/${way}`) : pipeline.merchant.url(`/${way}`);
          await pipeline.registerMerchant({ merchantId: way, confirmationUrl, secret: SECRET });
        }
        await setToken("token");
        await setSecretHeaders("secret-headers");
        await commandLine(
          "merchants",
          "set",
          "second-form",
          "--payload-version",
          "2",
          "--header",
          "x-partner-id: 4711",
        );
        const { certificate, privateKey } = first;
        const { tokenUrl } = tokens;
        const parts = {
          "client-certificate": { certificate, privateKey },
          oauth2: { tokenUrl, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET },
          "secret-headers": { headers: { "x-api-key": API_KEY } },
        };
        for (const [part, body] of Object.entries(parts))
          expect(await setConnection(pipeline, `everything/${part}`, body)).not.toMatch(/hush|PRIVATE/);
        await commandLine("merchants", "set", "everything", "--http-version", "2", "--payload-version", "2");

        const ids = WAYS.flatMap((way) => Array.from({ length: EACH }, (_, nth) => [way, `${way}-${nth}`] as const));
        const held = Promise.withResolvers<number>();
        pipeline.merchant.respond("/second-form", (_, nth) => (nth === 1 ? held.promise : 200));
        await Promise.all(ids.map(([way, id]) => pipeline.put(transactionRow(id, way))));
        await waitFor("one of each is called", () =>
          WAYS.every((way) => receivedBy(way).length > 0) ? true : undefined,
        );
        await kill();
        const before = new Set(ids.flatMap(([way, id]) => (callsOf(way, id).length > 0 ? [id] : [])));
        held.resolve(200);

        const rows = new Map<string, Row>();
        for (const [, id] of ids) rows.set(id, await pipeline.terminalRow(id, 120_000));
        expect([...rows].filter(([, row]) => row["confirmationState"]?.S !== "CONFIRMED")).toEqual([]);
        // Nothing twice but what was under way, or not recorded, at the kill; and then as the same webhook.
        for (const [way, id] of ids) {
          const calls = callsOf(way, id);
          expect([id, calls.length]).toEqual([id, before.has(id) ? expect.any(Number) : 1]);
          expect([id, calls.length <= 2]).toEqual([id, true]);
          expect(new Set(calls.map(({ headers, body }) => `${String(headers["webhook-id"])} ${body}`)).size).toBe(1);
        }

        const bodyOf = (way: Way) => JSON.parse(receivedBy(way)[0]?.body ?? "") as Readonly<Record<string, unknown>>;
        for (const way of ["second-form", "everything"] as const)
          expect(bodyOf(way)).toMatchObject({
            payloadVersion: 2,
            data: { amount: { value: "12.50", currency: "EUR" } },
          });
        expect(bodyOf("token")).not.toHaveProperty("payloadVersion");
        expect(receivedBy("second-form")[0]?.headers).toMatchObject({ "x-partner-id": "4711" });
        const atDemanding = (way: Way) =>
          new Set(demanding.to(`/${way}`).map(({ who, httpVersion }) => `${who} by ${httpVersion}`));
        expect(atDemanding("certificate")).toEqual(new Set(["pipeline-one by 1.1"]));
        expect(atDemanding("everything")).toEqual(new Set(["pipeline-one by 2.0"]));
      },
      patienceMs(240_000),
    );

    it(
      "are called with another token once the one before was revoked, after one attempt",
      async () => {
        await confirmed("token", "before-it");
        const used = await tokens.tokenIn(receivedBy("token").at(-1)?.headers["authorization"] as string);
        await tokens.revoke(used ?? "");
        const asked = tokens.asked();

        const row = await confirmed("token", "after-it");

        expect(outcomesOf(row)).toEqual(["status_4xx", "delivered"]);
        const sent = callsOf("token", "after-it").map(({ headers }) => headers["authorization"]);
        expect([sent[0] === `Bearer ${used}`, new Set(sent).size]).toEqual([true, 2]);
        // One program asks once; a function's executions know nothing of each other.
        if (mode === "fargate") expect(tokens.asked() - asked).toBe(1);
      },
      patienceMs(120_000),
    );

    it(
      "are called with the next certificate within seconds of its change, and nothing is lost between the two",
      async () => {
        demanding.letIn([first.certificate, second.certificate]);
        await setCertificate("certificate", second);
        let nth = 0;
        await waitFor("the next one is shown", async () => {
          await confirmed("certificate", `between-${(nth += 1)}`);
          return demanding.to("/certificate").at(-1)?.who === "pipeline-two" ? true : undefined;
        });
        demanding.letIn([second.certificate]);

        await confirmed("certificate", "rotated");

        expect(demanding.to("/certificate").at(-1)).toMatchObject({ who: "pipeline-two" });
      },
      patienceMs(120_000),
    );

    it(
      "wait where the certificate has ended, and get what waited once there is another",
      async () => {
        const third = maker.selfSigned("pipeline-three");
        const over = maker.ended(third, "pipeline-three");
        demanding.letIn([second.certificate, over.certificate, third.certificate]);
        await setCertificate("certificate", third);
        // Nobody can set one that has ended: time has passed.
        await pipeline.dynamodb.send(
          new UpdateItemCommand({
            TableName: pipeline.stack.merchantsTable,
            Key: { merchantId: { S: "certificate" } },
            UpdateExpression: "SET clientCertificate.certificate = :over, clientCertificate.fingerprint = :print",
            ExpressionAttributeValues: { ":over": { S: over.certificate }, ":print": { S: "over" } },
          }),
        );
        let nth = 0;
        const waiting = await waitFor("the one that has ended is refused", async () => {
          const id = `ended-${(nth += 1)}`;
          await pipeline.put(transactionRow(id, "certificate"));
          return waitFor(`${id} was attempted`, async () => {
            const row = await pipeline.row(id);
            if (row["confirmationState"]?.S === "CONFIRMED") return [];
            return outcomesOf(row).length > 0 ? [row] : undefined;
          }).then(([row]) => row);
        });
        const [attempt] = waiting["attempts"]?.L ?? [];
        expect(attempt?.M).toMatchObject({ outcome: { S: "connection" } });

        await setCertificate("certificate", third);

        const id = waiting["transactionId"]?.S ?? "";
        expect((await pipeline.terminalRow(id, 120_000))["confirmationState"]).toEqual({ S: "CONFIRMED" });
        expect(callsOf("certificate", id)).toMatchObject([{ who: "pipeline-three" }]);
      },
      patienceMs(240_000),
    );

    it("leave none of their secrets in a log", async () => {
      const logs = join(pipeline.stateDirectory, "logs");
      for (const name of await readdir(logs))
        expect([name, (await readFile(join(logs, name), "utf8")).match(/hush|Bearer \S+|PRIVATE KEY/)]).toEqual([
          name,
          null,
        ]);
    });
  });
}
