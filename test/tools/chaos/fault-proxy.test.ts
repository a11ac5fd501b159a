import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { BatchExecuteStatementCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type CallEnd, type FaultProxy, startProxy } from "../../../tools/chaos/proxy/fault-proxy.ts";
import type { Interference, Json } from "../../../tools/chaos/proxy/interference.ts";

const carriedOut: string[][] = [];
let interference: Interference | undefined;
let wasSeen: () => void;
let seen: Promise<void>;
let wasEnded: (end: CallEnd) => void;
let ended: Promise<CallEnd>;
let proxy: FaultProxy;
let client: DynamoDBClient;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (request.headers["x-amz-target"] === undefined)
      return response.end(`<ok>${request.method} ${request.url} ${Buffer.concat(chunks).toString()}</ok>`);
    const { Statements } = JSON.parse(Buffer.concat(chunks).toString()) as { Statements: { Statement: string }[] };
    carriedOut.push(Statements.map(({ Statement }) => Statement));
    response.setHeader("content-type", "application/x-amz-json-1.0");
    return response.end(JSON.stringify({ Responses: Statements.map(({ Statement }) => ({ TableName: Statement })) }));
  });
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await startProxy({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    interfere: () => {
      wasSeen();
      return interference;
    },
    watch: () => wasEnded,
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new DynamoDBClient({ endpoint: proxy.address, region: "us-east-1", credentials, maxAttempts: 1 });
});

beforeEach(() => {
  carriedOut.length = 0;
  interference = undefined;
  ({ promise: seen, resolve: wasSeen } = Promise.withResolvers<void>());
  ({ promise: ended, resolve: wasEnded } = Promise.withResolvers<CallEnd>());
});

afterAll(async () => {
  client.destroy();
  await proxy.stop();
  server.closeAllConnections();
  server.close();
});

const execute = () =>
  client.send(new BatchExecuteStatementCommand({ Statements: [{ Statement: "a" }, { Statement: "b" }] }));

test("without a fault a call and its answer pass as they are", async () => {
  expect((await execute()).Responses).toEqual([{ TableName: "a" }, { TableName: "b" }]);
});

test("a call that is refused is not carried out, and fails with the service's own error", async () => {
  const code = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
  interference = { kind: "refuse", error: { status: 400, code, message: "injected" } };
  await expect(execute()).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
  expect(carriedOut).toEqual([]);
});

test("a connection that is reset carries nothing out", async () => {
  interference = { kind: "reset" };
  await expect(execute()).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(carriedOut).toEqual([]);
});

test("a call that is held is carried out after its time, unless its caller has gone", async () => {
  interference = { kind: "hold", forMs: 20 };
  expect((await execute()).Responses).toHaveLength(2);
  expect(carriedOut).toHaveLength(1);
  const gone = new AbortController();
  const Statements = [{ Statement: "c" }];
  const held = client.send(new BatchExecuteStatementCommand({ Statements }), { abortSignal: gone.signal });
  gone.abort();
  await expect(held).rejects.toThrow("aborted");
  // Held as long, from later on.
  await execute();
  expect(carriedOut).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("a call whose answer is lost is carried out, and its caller cannot know", async () => {
  interference = { kind: "lose the answer" };
  await expect(execute()).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(carriedOut).toEqual([["a", "b"]]);
});

test.each<["before" | "after", string[][]]>([
  ["before", []],
  ["after", [["a", "b"]]],
])("a caller that is ended %s its call is carried out is ended then, and told nothing", async (at, carried) => {
  let atItsEnd: string[][] | undefined;
  interference = { kind: "end the caller", at, end: async () => (atItsEnd = [...carriedOut]) };
  await expect(execute()).rejects.toThrow(/ECONNRESET|socket hang up/);
  expect(atItsEnd).toEqual(carried);
  expect(carriedOut).toEqual(carried);
});

test.each<[string, Interference | undefined, { isCarriedOut: boolean; isTold: boolean }]>([
  ["carried out and told", undefined, { isCarriedOut: true, isTold: true }],
  ["carried out and told to nobody", { kind: "lose the answer" }, { isCarriedOut: true, isTold: false }],
  ["not carried out", { kind: "reset" }, { isCarriedOut: false, isTold: false }],
])("whoever watches a call learns that it was %s", async (_, given, expected) => {
  interference = given;
  await execute().catch(() => undefined);
  const { carriedOutAtMs, isTold } = await ended;
  expect({ isCarriedOut: carriedOutAtMs !== undefined, isTold }).toEqual(expected);
});

test("a part is carried out and the answer tells of all of it", async () => {
  interference = {
    kind: "in part",
    request: { Statements: [{ Statement: "b" }] },
    answer: ({ Responses }: Json) => ({
      Responses: [{ Error: { Code: "ThrottlingError" } }, ...(Responses as readonly unknown[])],
    }),
  };
  expect((await execute()).Responses).toMatchObject([{ Error: { Code: "ThrottlingError" } }, { TableName: "b" }]);
  expect(carriedOut).toEqual([["b"]]);
});

test("where nothing is left to carry out the server is not asked", async () => {
  interference = { kind: "in part", request: undefined, answer: () => ({ Responses: [] }) };
  expect((await execute()).Responses).toEqual([]);
  expect(carriedOut).toEqual([]);
});

test("a call that is met with silence is never carried out and never answered", async () => {
  interference = { kind: "silence" };
  const gone = new AbortController();
  const silent = client.send(new BatchExecuteStatementCommand({ Statements: [{ Statement: "d" }] }), {
    abortSignal: gone.signal,
  });
  await seen;
  gone.abort();
  await expect(silent).rejects.toThrow("aborted");
  expect(carriedOut).toEqual([]);
});

test.each<Interference>([
  { kind: "answer late", afterMs: 20 },
  { kind: "drip", everyMs: 0 },
])("an answer that comes $kind is whole in the end", async (given) => {
  interference = given;
  expect((await execute()).Responses).toHaveLength(2);
  expect(carriedOut).toHaveLength(1);
});

test("a server that is closed refuses connections until it is open again, and counts those it cut off", async () => {
  await execute();
  expect(await proxy.close()).toBeGreaterThan(0);
  // The first may still be sent on a connection that was cut off.
  await expect(execute()).rejects.toThrow(/ECONNREFUSED|hang up|ECONNRESET/);
  await expect(execute()).rejects.toThrow(/ECONNREFUSED/);
  await proxy.open();
  expect((await execute()).Responses).toHaveLength(2);
});

test("what is no JSON goes through as it is", async () => {
  const response = await fetch(`${proxy.address}/bucket/key`, { method: "PUT", body: "bytes" });
  expect(await response.text()).toBe("<ok>PUT /bucket/key bytes</ok>");
  interference = { kind: "refuse", error: { status: 503, code: "SlowDown", message: "injected" } };
  const refused = await fetch(`${proxy.address}/bucket/key`);
  expect([refused.status, await refused.text()]).toEqual([
    503,
    "<Error><Code>SlowDown</Code><Message>injected</Message></Error>",
  ]);
});

test("a service that speaks JSON without AWS's header is refused in JSON", async () => {
  interference = { kind: "refuse", error: { status: 400, code: "TooManyRequestsException", message: "injected" } };
  const headers = { "content-type": "application/json" };
  const refused = await fetch(`${proxy.address}/v2/email`, { method: "POST", headers, body: "{}" });
  expect(await refused.json()).toEqual({ __type: "TooManyRequestsException", message: "injected" });
});
