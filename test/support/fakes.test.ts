/**
 * What AWS does and its embedded servers do not, in the fakes that tests rest on; each from AWS's own documentation.
 */
import { describe, expect, it } from "@jest/globals";
import { oldestMessageAgeSeconds } from "../../core/aws/queue-age.ts";
import { claimStatement } from "../../core/aws/statements/requeue.ts";
import { FakeClock, START_MS } from "./fake-clock.ts";
import { LaggingIndex } from "./lagging-index.ts";
import { LambdaRun, schedule } from "./lambda-run.ts";
import { ageOf, cloudWatchOf } from "./late-metric.ts";
import { MemoryMerchantHealth } from "./memory-merchant-health.ts";
import { MemoryQueue } from "./memory-queue.ts";
import { MemoryTable } from "./memory-table.ts";
import { PartitionLimits } from "./partition-limits.ts";
import { number, text, transactionRow } from "./rows.ts";

const message = (name: string, groupId = name) => ({ body: name, groupId, deduplicationId: name });
const bodies = (messages: readonly { readonly body: string }[]) => messages.map(({ body }) => body);
const dueRow = (id: string) =>
  transactionRow({ transactionId: text(id), dueKey: text("P#0"), dueAt: number(START_MS - 1) });
const claim = (transactionId: string) =>
  claimStatement("Transactions", { transactionId, version: 1, release: 0 }, false, 0, "P#0", START_MS, START_MS - 1);

describe("a queue with a redrive policy", () => {
  it(
    "moves what was received as often as it may be to its dead-letter queue, body, group and all, instead " +
      "of handing it out",
    async () => {
      const clock = new FakeClock();
      const deadLetters = new MemoryQueue(clock.now);
      const queue = new MemoryQueue(clock.now, { redrive: { maxReceiveCount: 2, deadLetters } });
      await queue.send([message("poison", "g"), message("behind", "g")]);
      for (const receives of [1, 2]) {
        expect((await queue.receive(60))[0]).toMatchObject({ body: "poison", receiveCount: receives });
        clock.advance(60_000);
      }
      expect(await queue.receive(60)).toEqual([]);
      expect(deadLetters.messages).toMatchObject([
        { body: "poison", groupId: "g" },
        { body: "behind", groupId: "g" },
      ]);
    },
  );

  it("counts a message that is given back as received", async () => {
    const clock = new FakeClock();
    const deadLetters = new MemoryQueue(clock.now);
    const queue = new MemoryQueue(clock.now, { redrive: { maxReceiveCount: 1, deadLetters } });
    await queue.send([message("m")]);
    const [held] = await queue.receive(60);
    await queue.changeVisibility([{ receiptHandle: held?.receiptHandle ?? "", seconds: 0 }]);
    expect(await queue.receive(60)).toEqual([]);
    expect(bodies(deadLetters.messages)).toEqual(["m"]);
  });
});

describe("a queue with as much in flight as SQS takes", () => {
  it("hands out nothing, and says nothing of it", async () => {
    const clock = new FakeClock();
    const queue = new MemoryQueue(clock.now, { mostInFlight: 1 });
    await queue.send([message("one"), message("two")]);
    expect(bodies(await queue.receive(60))).toEqual(["one"]);
    expect(await queue.receive(60)).toEqual([]);
    clock.advance(60_000);
    expect(bodies(await queue.receive(60))).toEqual(["one"]);
  });
});

describe("a queue's age as CloudWatch has it", () => {
  const measured = () => {
    const clock = new FakeClock();
    const queue = new MemoryQueue(clock.now);
    const cloudWatch = cloudWatchOf({ "confirmations.fifo": ageOf(queue, clock) });
    const age = () => oldestMessageAgeSeconds(cloudWatch, "https://sqs.example/1/confirmations.fifo", clock.now());
    return { clock, queue, cloudWatch, age };
  };

  it("is a minute old when it can be read first", async () => {
    const { clock, queue, age } = measured();
    await queue.send([message("m")]);
    clock.advance(240_000);
    await queue.receive(60);
    expect(await age()).toBe(180);
    clock.advance(120_000);
    expect(await age()).toBe(0);
  });

  it("has no datum before its first minute, and none once the queue was idle for six hours", async () => {
    const clock = new FakeClock();
    const queue = new MemoryQueue(clock.now);
    const metric = ageOf(queue, clock);
    clock.advance(119_999);
    expect(metric.read(0, clock.now())).toEqual([]);
    clock.advance(1);
    expect(metric.read(0, clock.now())).toHaveLength(1);
    clock.advance(7 * 3_600_000);
    expect(metric.read(clock.now() - 300_000, clock.now())).toEqual([]);
  });
});

describe("an index that lags", () => {
  it("names what has left it since, and not what has come into it", async () => {
    const clock = new FakeClock();
    const table = new MemoryTable();
    for (const id of ["settled", "gone"]) table.rows.set(id, dueRow(id));
    const { dueIds } = new LaggingIndex({ table, now: clock.now, lagMs: 1000 });
    table.put(transactionRow({ transactionId: text("settled") }));
    table.remove("gone");
    table.put(dueRow("new"));
    clock.advance(999);
    expect(await dueIds("P#0", START_MS, 10)).toEqual(["settled", "gone"]);
    clock.advance(1);
    expect(await dueIds("P#0", START_MS, 10)).toEqual(["new"]);
  });

  it("follows change by change where a test says so", async () => {
    const table = new MemoryTable();
    const index = new LaggingIndex({ table, now: () => START_MS });
    table.put(dueRow("a"));
    table.put(dueRow("b"));
    index.catchUp(1);
    expect(await index.dueIds("P#0", START_MS, 10)).toEqual(["a"]);
    expect(index.behind).toBe(1);
  });
});

describe("a partition's limits", () => {
  it("throttle the write that is one too many in a second, of that key alone", () => {
    const clock = new FakeClock();
    const { throttles } = new PartitionLimits(clock.now, { write: 2, read: 1 });
    expect([1, 2, 3].map(() => throttles("a", "write"))).toEqual([false, false, true]);
    expect([throttles("b", "write"), throttles("a", "read")]).toEqual([false, false]);
    clock.advance(1000);
    expect(throttles("a", "write")).toBe(false);
  });

  it("leave a throttled row unwritten and unread, be it for the sake of its place in the index", async () => {
    const table = new MemoryTable();
    for (const id of ["a", "b"]) table.rows.set(id, dueRow(id));
    table.throttles = (key) => key === "a";
    expect(await table.write([claim("a"), claim("b")])).toMatchObject([{ kind: "unavailable" }, { kind: "written" }]);
    await expect(table.read(["a", "b"])).rejects.toThrow("1 of 2 rows were left unread");
    table.throttles = (key) => key === "index P#0";
    expect(await table.write([claim("a")])).toMatchObject([{ kind: "unavailable" }]);
    expect(table.row("a")).toEqual(dueRow("a"));
  });

  it("leave one merchant's health row unread and unwritten, and no other", async () => {
    const healthTable = new MemoryMerchantHealth();
    healthTable.put("m-1", { pausedAt: 1 });
    healthTable.put("m-2", { pausedAt: 2 });
    healthTable.throttles = (key) => key === "m-1";
    const { healthRows: found, unread } = await healthTable.read(["m-1", "m-2"]);
    expect([[...found.keys()], [...unread]]).toEqual([["m-2"], ["m-1"]]);
    await expect(healthTable.noteRequeueRate("m-1", 0, 1, 1)).rejects.toMatchObject({ name: "ThrottlingException" });
    expect(await healthTable.noteRequeueRate("m-2", 0, 1, 1)).toBe(true);
  });
});

describe("an invocation of a function", () => {
  it("is ended at its time limit: what it had asked for is carried out, and nothing after it is begun", async () => {
    const clock = new FakeClock();
    const run = new LambdaRun(clock, 1000);
    const carriedOut: string[] = [];
    const port = run.port({ write: async (name: string) => void carriedOut.push(name) }, 400);
    const result = run.run(async () => {
      for (const name of ["one", "two", "three", "four"]) await port.write(name);
    });
    await clock.pass(60_000);
    expect(await result).toEqual({ kind: "timed out" });
    expect(carriedOut).toEqual(["one", "two", "three"]);
    expect(run.remainingMs()).toBe(0);
  });

  it("answers what it came to, where that is in time", async () => {
    const clock = new FakeClock();
    const [done, failed] = [new LambdaRun(clock, 1000), new LambdaRun(clock, 1000)];
    expect(await done.run(async () => 5)).toEqual({ kind: "done", value: 5 });
    const error = new Error("no");
    expect(await failed.run(() => Promise.reject(error))).toEqual({ kind: "failed", error });
  });

  it("is begun by its schedule at least once a turn, whether the one before has ended or not", () => {
    const clock = new FakeClock();
    const begun: number[] = [];
    const end = schedule(
      clock,
      60_000,
      () => void begun.push(clock.now() - START_MS),
      (turn) => (turn === 1 ? 2 : 1),
    );
    clock.advance(120_000);
    end();
    clock.advance(120_000);
    expect(begun).toEqual([0, 60_000, 60_000, 120_000]);
  });
});
