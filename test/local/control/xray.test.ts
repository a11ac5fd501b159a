import { BatchGetTracesCommand, GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { findTraces, readTraces } from "../../../core/aws/read-traces.ts";
import { type ControlServer, startControlServer } from "../../../local/control/control-server.ts";
import { CREDENTIALS, REGION } from "../../../local/machine.ts";
import { readTraceFile, TraceFile } from "../../../local/tracing/trace-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const AT = 1_465_510_280;
const [ONE, OTHER, REFUSED] = ["a", "b", "c"].map((digit) => `1-5759e988-${digit.repeat(24)}`) as [
  string,
  string,
  string,
];
const document = (traceId: string, id: string, transaction: string, at = 0, more = {}) => ({
  name: "confirmation-worker",
  id,
  trace_id: traceId,
  start_time: AT + at,
  end_time: AT + at + 0.5,
  annotations: { transaction, merchant: "shop" },
  ...more,
});

const stateDirectory = temporaryDirectory();
let server: ControlServer;
let xray: XRayClient;

beforeAll(async () => {
  const file = new TraceFile(stateDirectory);
  for (const one of [
    document(ONE, "1", "t-1"),
    document(ONE, "2", "t-2", 1, { fault: true }),
    document(OTHER, "3", 't-"3"', 7200),
  ])
    file.add({ document: one, faults: [] });
  file.add({ document: document(REFUSED, "4", "t-1"), faults: ["id: got 4"] });
  await file.flush();
  server = await startControlServer({
    port: 0,
    secrets: () => ({}),
    kmsKeys: () => [],
    queueAge: () => Promise.resolve(undefined),
    invoke: () => Promise.reject(new TypeError("no")),
    operators: {
      hasFunction: () => false,
      alarms: () => [],
      mappings: () => [],
      logs: () => ({ directory: "", groups: [], queryDefinitions: [] }),
      rules: () => ({}),
      traces: (naming) => readTraceFile(stateDirectory, naming),
      counted: () => [],
      contributors: () => undefined,
    },
  });
  xray = new XRayClient({ endpoint: server.endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
});

afterAll(async () => {
  xray.destroy();
  await server.stop();
});

const summaries = (input: { readonly from?: number; readonly to?: number; readonly filter?: string } = {}) =>
  xray.send(
    new GetTraceSummariesCommand({
      StartTime: new Date((AT + (input.from ?? -10)) * 1000),
      EndTime: new Date((AT + (input.to ?? 10)) * 1000),
      ...(input.filter !== undefined && { FilterExpression: input.filter }),
    }),
  );

describe("X-Ray, asked by the SDK", () => {
  it("gives the documents of traces that it took, and none of those that it would refuse", async () => {
    const { Traces } = await xray.send(new BatchGetTracesCommand({ TraceIds: [ONE, REFUSED] }));
    expect(Traces?.map(({ Id, Duration, Segments }) => [Id, Duration, Segments?.map((one) => one.Id)])).toEqual([
      [ONE, 1.5, ["1", "2"]],
    ]);
    expect(await readTraces(xray, [ONE, OTHER])).toEqual([
      { traceId: ONE, isCut: false, documents: [document(ONE, "1", "t-1"), expect.objectContaining({ id: "2" })] },
      { traceId: OTHER, isCut: false, documents: [expect.objectContaining({ id: "3" })] },
    ]);
  });

  it("refuses more than five ids, as X-Ray does", async () => {
    await expect(xray.send(new BatchGetTracesCommand({ TraceIds: Array(6).fill(ONE) }))).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it("finds traces by time and annotations", async () => {
    const both = await summaries({ from: 0, to: 7300 });
    expect(both.TraceSummaries?.map(({ Id, HasFault }) => [Id, HasFault])).toEqual([
      [OTHER, false],
      [ONE, true],
    ]);
    const filter = 'annotation.transaction = "t-2" AND annotation[merchant] = "shop"';
    expect((await summaries({ filter })).TraceSummaries?.map(({ Id }) => Id)).toEqual([ONE]);
    expect((await summaries({ filter: 'annotation.transaction = "t-9"' })).TraceSummaries).toEqual([]);
    expect((await summaries({ from: 5, filter })).TraceSummaries).toEqual([]);
  });

  it("refuses a longer time and other expressions, by name", async () => {
    await expect(summaries({ from: -30_000 })).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(summaries({ filter: 'service("x")' })).rejects.toMatchObject({
      message: expect.stringContaining('service("x")'),
    });
  });

  it("is asked for a transaction by any hop that ended then, and for none whose id ends the quotes", async () => {
    const search = (value: string) =>
      findTraces(xray, { annotation: "transaction", value, fromMs: (AT + 1) * 1000, toMs: (AT + 2) * 1000 });
    expect(await search("t-2")).toEqual([ONE]);
    expect(await search('t-" OR annotation.merchant = "shop')).toEqual([]);
  });
});
