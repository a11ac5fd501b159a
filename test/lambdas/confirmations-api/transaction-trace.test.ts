import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const TRACE = "1-6564a000-bd862e3fe1be46a994272793";
const AT = Date.parse("2023-11-27T13:00:00Z") / 1000;
const hop = (id: string, merchant: string, transaction: string) => ({
  Id: id,
  Document: JSON.stringify({
    id,
    trace_id: TRACE,
    name: "confirmation-worker",
    start_time: AT,
    end_time: AT + 1,
    annotations: { merchant, transaction },
  }),
});

let world: World;
let asked: object[] = [];

beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => world?.[Symbol.asyncDispose]());

/** X-Ray with one trace, in which a producer had transactions of two merchants. */
function withTrace(): void {
  asked = [];
  world.xray = async ({ input }) => {
    asked.push(input);
    return "TraceIds" in input
      ? { Traces: [{ Id: TRACE, Segments: [hop("a", "acme", "t-1"), hop("b", "other", "t-9")] }] }
      : { TraceSummaries: [{ Id: TRACE }] };
  };
}

async function put(transactionId: string, more: Record<string, object> = {}): Promise<void> {
  await world.dynamodb.put({
    transactionId: { S: transactionId },
    version: { N: "1" },
    merchantId: { S: "acme" },
    ...more,
  });
}

const trace = (transactionId: string, merchantId = "") =>
  world.ask("GET", `/transactions/${transactionId}/trace`, { token: { scopes: "transactions:read", merchantId } });
const ids = ({ body }: Awaited<ReturnType<typeof trace>>) =>
  (body as { traces?: { hops: { id: string }[] }[] }).traces?.map(({ hops }) => hops.map(({ id }) => id));

describe("GET /v1/transactions/{id}/trace", () => {
  it("reads the trace that the row names, and searches for none", async () => {
    withTrace();
    await put("t-1", { traceHeader: { S: `Root=${TRACE};Sampled=1` } });
    const answer = await trace("t-1");
    expect([answer.status, ids(answer)]).toEqual([200, [["a", "b"]]]);
    expect(asked).toEqual([{ TraceIds: [TRACE] }]);
  });

  it("shows a token of one merchant the hops of that merchant alone", async () => {
    withTrace();
    await put("t-2", { traceHeader: { S: `Root=${TRACE};Sampled=1` } });
    expect(ids(await trace("t-2", "acme"))).toEqual([["a"]]);
    const [foreign, missing] = [await trace("t-2", "other"), await trace("nowhere", "other")];
    expect([foreign.status, foreign.body]).toEqual([404, missing.body]);
    expect(asked).toHaveLength(1);
  });

  it("searches by annotation where the row names none, or another of its group may have been first", async () => {
    for (const [id, more] of [
      ["t-3", {}],
      ["t-4", { traceHeader: { S: `Root=${TRACE};Sampled=1` }, orderingKey: { S: "k" } }],
    ] as const) {
      withTrace();
      await put(id, more);
      expect(ids(await trace(id))).toEqual([["a", "b"]]);
      expect(asked[0]).toMatchObject({
        FilterExpression: `annotation.transaction = "${id}"`,
        TimeRangeType: "Service",
      });
    }
  });

  it("says why there is none", async () => {
    world.xray = () => Promise.resolve({ Traces: [], TraceSummaries: [] });
    await put("t-5");
    await put("t-6", { traceHeader: { S: `Root=${TRACE};Sampled=0` } });
    expect((await trace("t-5")).body).toMatchObject({ traces: [], explanation: expect.stringMatching(/not sampled/) });
    expect((await trace("t-6")).body).toMatchObject({ explanation: expect.stringMatching(/decided not to/) });
  });

  it("answers 503 while X-Ray does not answer", async () => {
    world.xray = () => Promise.reject(Object.assign(new Error("slow down"), { name: "ThrottledException" }));
    await put("t-7");
    expect(await trace("t-7")).toMatchObject({ status: 503, body: { code: "API_UNAVAILABLE" } });
  });
});
