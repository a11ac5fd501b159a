/**
 * Parts of the faults of our own: which calls a dependency's fault is for, hot items, what is kept in the books,
 * circuits that open.
 */
import { describe, expect, it, test } from "@jest/globals";
import { FaultBoard } from "../../../tools/chaos/run/fault-board.ts";
import { MerchantHealthWatch } from "../../../tools/chaos/run/merchant-health-watch.ts";
import { hotItems } from "../../../tools/chaos/run/hot-items.ts";
import { judgeContents } from "../../../tools/chaos/run/judge-contents.ts";
import { OwnFaultBook } from "../../../tools/chaos/run/own-fault-book.ts";
import { StuckPrograms } from "../../../tools/chaos/run/stuck-programs.ts";
import type { WholeRow } from "../../../tools/chaos/run/whole-rows.ts";
import { WorkerOffsets } from "../../../tools/chaos/run/worker-offsets.ts";
import { itemInterference } from "../../../tools/chaos/proxy/item-interference.ts";
import type { Fault } from "../../../tools/chaos/plan/fault.ts";
import { delivery } from "./deliveries.ts";

const HEALTH_READ = {
  operation: "BatchGetItem",
  body: {
    RequestItems: {
      Merchants: { Keys: [{ merchantId: { S: "hanging" } }] },
      MerchantGates: { Keys: [{ merchantId: { S: "hanging" } }, { merchantId: { S: "good-1" } }] },
    },
  },
};
const CONFIRM = {
  operation: "BatchExecuteStatement",
  body: {
    Statements: [4, 5].map((number) => ({
      Statement: `UPDATE "Transactions" SET x=? WHERE transactionId=?`,
      Parameters: [{ S: `chaos-1-${number}` }],
    })),
  },
};

function down(dependency: Extract<Fault, { kind: "dependency down" }>["dependency"]): Fault {
  return { kind: "dependency down", dependency, manner: "silent", callers: ["worker"], slowMs: 1, durationMs: 1 };
}

describe("a dependency that is down", () => {
  it.each([
    ["table", CONFIRM, "dynamodb"],
    ["gates", HEALTH_READ, "dynamodb"],
    ["merchants", HEALTH_READ, "dynamodb"],
    ["kms", { operation: "Decrypt", body: {} }, "kms"],
  ] as const)(
    "%s: hits the calls for it, of the callers that it is down for, and counts them",
    (name, call, server) => {
      const board = new FaultBoard(1);
      const fault = down(name);
      board.begin(fault);
      expect(board.onCall(server, "worker", call)).toEqual({ kind: "silence" });
      expect(board.onCall(server, "functions", call)).toBeUndefined();
      expect(board.onCall("sqs", "worker", { operation: "ReceiveMessage", body: {} })).toBeUndefined();
      board.end(fault);
      expect(board.onCall(server, "worker", call)).toBeUndefined();
      expect(board.hitsOf(fault)).toBe(1);
    },
  );

  it("leaves other tables of the same server alone", () => {
    const board = new FaultBoard(1);
    board.begin(down("gates"));
    expect(board.onCall("dynamodb", "worker", CONFIRM)).toBeUndefined();
  });
});

describe("a message by a channel", () => {
  const faulty: Fault = {
    kind: "channel faulty",
    service: "sms",
    how: "losing answers",
    slowMs: 1,
    durationMs: 1,
  };

  it("meets the faults of its own service alone, while they last, and counts them", () => {
    const board = new FaultBoard(1);
    board.begin(faulty);
    expect([board.onSend("email"), board.onSend("sms")]).toEqual([undefined, { kind: "lose the answer" }]);
    board.end(faulty);
    expect(board.onSend("sms")).toBeUndefined();
    expect(board.hitsOf(faulty)).toBe(1);
  });

  it("is the one around which its worker is killed, once, unless that is taken back before", () => {
    const board = new FaultBoard(1);
    const kill = { at: "after", end: async () => undefined } as const;
    const takeBack = board.killAroundNext("sms", kill);
    expect([board.onSend("email"), board.onSend("sms")]).toEqual([undefined, { kind: "end the caller", ...kill }]);
    expect(takeBack()).toBe(false);
    expect(board.killAroundNext("sms", kill)()).toBe(true);
    expect(board.onSend("sms")).toBeUndefined();
  });
});

describe("items that are throttled", () => {
  it("are left unprocessed in a read of several", () => {
    const interference = itemInterference(HEALTH_READ, hotItems({ item: "gate", shard: 0 }));
    if (interference?.kind !== "in part") throw new Error("expected a part");
    expect(interference.request?.["RequestItems"]).toEqual({
      Merchants: { Keys: [{ merchantId: { S: "hanging" } }] },
      MerchantGates: { Keys: [{ merchantId: { S: "good-1" } }] },
    });
    expect(interference.answer({})).toMatchObject({
      UnprocessedKeys: { MerchantGates: { Keys: [{ merchantId: { S: "hanging" } }] } },
    });
  });

  it("are refused in a batch of statements, and no others", () => {
    const interference = itemInterference(CONFIRM, hotItems({ item: "rows", shard: 0 }));
    if (interference?.kind !== "in part") throw new Error("expected a part");
    expect(interference.request?.["Statements"]).toHaveLength(1);
    expect(interference.answer({ Responses: [{ Done: 1 }] })["Responses"]).toMatchObject([
      { Error: { Code: "ProvisionedThroughputExceeded" } },
      { Done: 1 },
    ]);
  });

  it("refuse a query of their partition of the due index", () => {
    const body = { TableName: "Transactions", ExpressionAttributeValues: { ":dueKey": { S: "T#1" } } };
    const query = { operation: "Query", body };
    expect(itemInterference(query, hotItems({ item: "due partition", shard: 1 }))).toMatchObject({ kind: "refuse" });
    expect(itemInterference(query, hotItems({ item: "due partition", shard: 0 }))).toBeUndefined();
  });
});

test("the book keeps intervals and counts of what is ours, and nothing of what is a merchant's", () => {
  const book = new OwnFaultBook();
  book.ended(down("kms"), 1, 2, 3);
  book.ended(down("kms"), 5, 6, 4);
  book.ended({ kind: "merchant turned", merchant: 0, into: "closed", durationMs: 1 }, 1, 2, 9);
  expect(book.injected).toEqual({ "kms silent": { times: 2, touched: 7 } });
  expect(book.intervals.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
    [1, 2],
    [5, 6],
  ]);
});

test("looking at health rows keeps no program from ending, as a run that fails stops nothing", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const watch = new MerchantHealthWatch({ send: () => Promise.reject(new Error("not asked")) } as never);
  const before = timers();
  watch.start();
  expect(timers()).toBe(before);
  await watch.stop();
});

test("a circuit counts once each time that it opens, and again after it was closed", () => {
  const watch = new MerchantHealthWatch({ send: () => Promise.reject(new Error("not asked")) } as never);
  const health = (trips: string) => ({
    merchantId: { S: "m" },
    circuitOpenUntil: { N: "9" },
    circuitTrips: { N: trips },
  });
  watch.see([health("1")], 1);
  watch.see([health("1")], 2);
  watch.see([health("2")], 3);
  watch.see([{ merchantId: { S: "m" } }], 4);
  watch.see([health("1")], 5);
  expect(watch.trips.map(({ atMs }) => atMs)).toEqual([1, 3, 5]);
});

test("a function that is ended at its time limit is noted, one that fails by itself is not", async () => {
  const stuck = new StuckPrograms(() => 0);
  const around = stuck.around((_name, event, invoke) => invoke(event));
  await expect(around("a", 1, () => Promise.reject(new Error("a: Task timed out after 60 seconds")))).rejects.toThrow();
  await expect(around("b", 1, () => Promise.reject(new Error("b: no such row")))).rejects.toThrow("no such row");
  expect(stuck.timedOutFunctions).toEqual(["a"]);
});

test("a row that is called for over and over within a second is noted", () => {
  let now = 0;
  const stuck = new StuckPrograms(() => now);
  const call = (id: string) => stuck.seen({ operation: "GetItem", body: { Key: { transactionId: { S: id } } } });
  for (let calls = 0; calls < 100; calls += 1) {
    call("chaos-1-1");
    call("chaos-1-2");
    // A row that is looked at again after a wait.
    if (calls % 20 === 0) now += 500;
    if (calls % 3 === 0) call("chaos-1-3");
  }
  expect(stuck.spinningRows).toEqual([]);
  for (let calls = 0; calls < 100; calls += 1) call("chaos-1-4");
  expect(stuck.spinningRows).toEqual(["chaos-1-4"]);
});

test("the worker's clock is off from one change to the next", () => {
  const offsets = new WorkerOffsets();
  offsets.changed(600_000, 10);
  offsets.changed(0, 20);
  expect(offsets.all).toEqual([{ fromMs: 10, toMs: 20, byMs: 600_000 }]);
});

describe("a version that was put again with another content", () => {
  const written = { transactionId: "t-1", versions: [1], isRewritten: true };
  const accepted = [delivery(1, { content: "old" })];
  const row = (changes: Partial<WholeRow>): WholeRow => ({
    transactionId: "t-1",
    version: 1,
    state: "CONFIRMED",
    merchantId: "m",
    attemptCount: 1,
    attempts: [],
    content: "new",
    ...changes,
  });
  const changed = { state: "FAILED", failureCode: "content_changed" };

  it.each([["is good where the row tells that it changed, and what was accepted", { ...changed, accepted: "old" }]])(
    "%s",
    (_, changes) => {
      expect(judgeContents(written, row(changes), accepted)).toBe("dead-lettered");
    },
  );

  it.each([
    ["confirmed with what nobody accepted", {}],
    ["changed, but with another content as accepted", { ...changed, accepted: "new" }],
    ["changed, but without what was accepted", changed],
    ["failed for another reason", { state: "FAILED", failureCode: "expired" }],
    ["no outcome", { state: "PENDING" }],
  ])("is lost where the row is %s", (_, changes) => {
    expect(judgeContents(written, row(changes), accepted)).toHaveProperty("lost");
  });

  it("is judged like any other where its merchant accepted the newer content, or none", () => {
    expect(judgeContents(written, row({}), [delivery(1, { content: "new" })])).toBeUndefined();
    expect(judgeContents(written, row({}), [])).toBeUndefined();
  });

  it("is lost where two contents were accepted", () => {
    const both = [...accepted, delivery(2, { content: "new" })];
    expect(judgeContents(written, row({ ...changed, accepted: "old" }), both)).toHaveProperty("lost");
    expect(judgeContents(written, row({}), both)).toHaveProperty("lost");
  });

  it("is good where the first one was in flight as its worker was killed: nobody knows that it was accepted", () => {
    const both = [...accepted, delivery(2, { content: "new" })];
    expect(judgeContents(written, row({}), both, 1)).toBeUndefined();
    expect(judgeContents(written, row({ ...changed, accepted: "new" }), both, 1)).toBe("dead-lettered");
    expect(judgeContents(written, row({ content: "third" }), both, 1)).toHaveProperty("lost");
    expect(judgeContents(written, row({}), [...both, delivery(3, { content: "third" })], 1)).toHaveProperty("lost");
  });
});
