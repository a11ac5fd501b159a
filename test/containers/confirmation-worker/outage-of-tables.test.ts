import { describe, expect, it } from "@jest/globals";
import { DependencyBreaker } from "../../../containers/confirmation-worker/src/dependency-breaker.ts";
import { HeldMessage } from "../../../containers/confirmation-worker/src/held-message.ts";
import { RowReader } from "../../../containers/confirmation-worker/src/row-reader.ts";
import { watchedTransactions } from "../../../containers/confirmation-worker/src/watched-reads.ts";
import { encodeMessage } from "../../../core/message.ts";
import { number, text, transactionRow } from "../../faults/rows.ts";
import { VISIBILITY_SECONDS, workerBench } from "../../faults/worker-bench.ts";

const MESSAGES = 30;
const SQS_SETS_ASIDE_AFTER = 100;

/** One task over its queue, second by second, as `main` wires it: the breaker is asked before each receive. */
function task() {
  const reader: { rows?: RowReader } = {};
  const breaker = new DependencyBreaker<string>({
    probe: () => bench.table.read(["probe"]),
    now: () => bench.clock.now(),
    changed: () => undefined,
  });
  const bench = workerBench(undefined, {
    rows: { read: (id) => (reader.rows as RowReader).read(id) },
    isOutage: () => breaker.isDown,
  });
  reader.rows = new RowReader(watchedTransactions(bench.table, breaker));
  let receives = 0;
  let mostReceives = 0;
  const turn = async () => {
    bench.clock.advance(1000);
    await breaker.look();
    if (breaker.isDown && !breaker.grantsOne("queue")) return;
    const messages = await bench.queue.receive(VISIBILITY_SECONDS);
    receives += messages.length;
    if (messages.length > 0) breaker.received("queue");
    for (const { receiveCount } of messages) mostReceives = Math.max(mostReceives, receiveCount);
    const held = messages.map((message) => new HeldMessage(message, bench.clock.now(), VISIBILITY_SECONDS));
    // As many together as one merchant has room for.
    for (let start = 0; start < held.length; start += 5)
      await Promise.all(held.slice(start, start + 5).map((one) => breaker.watch(bench.confirmation.handle(one))));
  };
  const run = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) await turn();
  };
  return { bench, breaker, run, counts: () => ({ receives, mostReceives }) };
}

async function sendTo(bench: ReturnType<typeof workerBench>, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `t-${index}`);
  for (const id of ids) {
    bench.table.put(transactionRow({ transactionId: text(id) }));
    const body = encodeMessage({ transactionId: id, version: 1, release: 0 });
    await bench.queue.send([{ body, groupId: id, deduplicationId: id }]);
  }
  return ids;
}

describe("rows that cannot be read for two hours", () => {
  it("cost each message a handful of receives, and all is delivered within a minute of the end", async () => {
    const { bench, run, counts } = task();
    const ids = await sendTo(bench, MESSAGES);
    bench.table.isDown = true;
    await run(7200);
    expect(counts().mostReceives).toBeLessThanOrEqual(3);
    bench.table.isDown = false;
    await run(60);
    expect(ids.map((id) => bench.table.row(id)["confirmationState"])).toEqual(ids.map(() => text("CONFIRMED")));
    expect(ids.map((id) => bench.table.row(id)["attemptCount"])).toEqual(ids.map(() => number(1)));
    expect(bench.deadLetters.accepted).toEqual([]);
  });
});

describe("one row that cannot be read for twelve hours", () => {
  it("costs its own message fewer receives than SQS grants it, and no other anything", async () => {
    const { bench, breaker, run, counts } = task();
    const ids = await sendTo(bench, MESSAGES);
    bench.table.throttles = (id) => id === "t-3";
    await run(20);
    expect(ids.filter((id) => bench.table.row(id)["confirmationState"]?.S === "CONFIRMED")).toHaveLength(MESSAGES - 1);
    await run(12 * 3600);
    expect(breaker.isDown).toBe(false);
    expect(counts().mostReceives).toBeGreaterThan(20);
    expect(counts().mostReceives).toBeLessThan(SQS_SETS_ASIDE_AFTER);
    bench.table.throttles = () => false;
    await run(900);
    expect(bench.table.row("t-3")["confirmationState"]).toEqual(text("CONFIRMED"));
  });
});
