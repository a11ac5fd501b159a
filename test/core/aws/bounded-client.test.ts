import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "@jest/globals";
import { boundedClient, type Connection } from "../../../core/aws/bounded-client.ts";
import type { CallLimits } from "../../../core/aws/call-limits.ts";
import { SILENCES, type Silence, silentServer } from "../../support/silent-server.ts";

const LIMITS: CallLimits = { connectMs: 500, attemptMs: 100, attempts: 2, retryWithinMs: 60_000 };
const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const KEY = "arn:aws:kms:eu-central-1:0:key/1";

/** One call of each service that a program asks. */
const CALLS: Readonly<Record<string, (limits: CallLimits, connection: Connection) => Promise<unknown>>> = {
  DynamoDB: (...how) => boundedClient(DynamoDBClient, ...how).send(new ListTablesCommand({})),
  SQS: (...how) => boundedClient(SQSClient, ...how).send(new ListQueuesCommand({})),
  CloudWatch: (...how) =>
    boundedClient(CloudWatchClient, ...how).send(
      new GetMetricDataCommand({ StartTime: new Date(0), EndTime: new Date(1), MetricDataQueries: [] }),
    ),
  KMS: (...how) =>
    boundedClient(KMSClient, ...how).send(new DecryptCommand({ KeyId: KEY, CiphertextBlob: Buffer.from("x") })),
  "Secrets Manager": (...how) =>
    boundedClient(SecretsManagerClient, ...how).send(new GetSecretValueCommand({ SecretId: "s" })),
  S3: (limits, connection) =>
    boundedClient(S3Client, limits, { ...connection, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: "b", Key: "k", Body: "text" }),
    ),
};

/** @returns how the call failed, and how often it was attempted */
async function call(service: string, limits: CallLimits, silence: Silence) {
  await using server = await silentServer(silence);
  const connection = { region: "eu-central-1", endpoint: server.endpoint, credentials: CREDENTIALS };
  const error = await CALLS[service]?.(limits, connection).then(
    () => undefined,
    (reason: unknown) => reason as Error & { readonly $metadata?: { readonly attempts?: number } },
  );
  const attempts = error?.$metadata?.attempts;
  return { name: error?.name, message: error?.message, attempts, requests: server.requests() };
}

describe("a client of AWS", () => {
  describe.each(Object.keys(CALLS))("of %s", (service) => {
    it.each(SILENCES)("gives up each attempt at a server that is %s, and tries as often as it may", async (silence) => {
      const { name, attempts } = await call(service, LIMITS, silence);
      expect({ name, attempts }).toEqual({ name: "TimeoutError", attempts: 2 });
    });
  });

  it("is not attempted again when its time is over", async () => {
    expect(await call("DynamoDB", { ...LIMITS, retryWithinMs: 50 }, "silent")).toMatchObject({ attempts: 1 });
  });

  it("takes no longer than its caller has left", async () => {
    const limits = { ...LIMITS, attemptMs: 3_600_000, leftMs: () => 60 };
    const expected = { name: "TimeoutError", message: "no whole answer within 60 ms", attempts: 1 };
    expect(await call("DynamoDB", limits, "silent")).toMatchObject(expected);
  });

  it("is not made when nothing is left", async () => {
    const limits = { ...LIMITS, leftMs: () => 0 };
    const expected = { name: "TimeoutError", message: "no time is left to make this call", requests: 0 };
    expect(await call("SQS", limits, "silent")).toMatchObject(expected);
  });

  it("ends at once when its caller's signal does", async () => {
    await using server = await silentServer();
    const connection = { region: "eu-central-1", endpoint: server.endpoint, credentials: CREDENTIALS };
    const client = boundedClient(DynamoDBClient, { ...LIMITS, attemptMs: 3_600_000 }, connection);
    const signal = AbortSignal.timeout(20);
    await expect(client.send(new ListTablesCommand({}), { abortSignal: signal })).rejects.toThrow(
      expect.objectContaining({ name: "AbortError" }),
    );
  });

  it("says what time it is by the service, half way through the call", async () => {
    const server = createServer((_, response) => {
      response.writeHead(400, { date: "Sun, 22 Nov 2026 10:00:00 GMT", "content-type": "application/x-amz-json-1.0" });
      response.end('{"__type":"Refused"}');
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const heard: number[][] = [];
    const dates = { wants: () => true, heard: (...times: [number, number]) => void heard.push(times) };
    const connection = { region: "eu-central-1", endpoint, credentials: CREDENTIALS };
    const before = performance.now();
    const refused = boundedClient(DynamoDBClient, LIMITS, connection, dates).send(new ListTablesCommand({}));
    await expect(refused).rejects.toThrow();
    server.close();
    const [dateMs, midwayMs = 0] = heard[0] ?? [];
    expect(dateMs).toBe(Date.UTC(2026, 10, 22, 10, 0, 0, 500));
    expect(midwayMs).toBeGreaterThan(before);
    expect(midwayMs).toBeLessThan(performance.now());
  });

  it("is made nowhere else", () => {
    const files = globSync("{core,lambdas,containers,local,tools/chaos,lib}/**/*.ts").concat(
      globSync(["tools/bench/{end-to-end,growth}/**/*.ts", "tools/simulate/**/*.ts"]),
    );
    const makes = /new \w*Client\(|NodeHttpHandler|[({ ]requestHandler:/;
    const others = files.filter(
      (file) => file !== "core/aws/bounded-client.ts" && makes.test(readFileSync(file, "utf8")),
    );
    expect(files.length).toBeGreaterThan(100);
    expect(others).toEqual([]);
  });
});
