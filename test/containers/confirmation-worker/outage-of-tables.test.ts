import { describe, expect, it } from "@jest/globals";
import { DependencyBreaker } from "../../../core/confirmation/tables/dependency-breaker.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { RowReader } from "../../../core/confirmation/batched/row-reader.ts";
import { watchedTransactions } from "../../../core/confirmation/tables/watched-reads.ts";
import { deduplicationId, encodeMessage } from "../../../core/transaction/message.ts";
import { planFor } from "../../../lambdas/release-due/rows/plan.ts";
import { changed, listedRow, number, text } from "../../support/rows.ts";
import { LEASE_MS, VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const MESSAGES = 30;
const SQS_QUARANTINES_AFTER = 100;

/** One task over its queue, second by second, as `main` wires it: the breaker is asked before each receive. */
function task() {
  const reader: { rows?: RowReader } = {};
  const breaker = new DependencyBreaker<string>({
    probe: async () => harness.table.read(["probe"]),
    now: () => harness.clock.now(),
    changed: () => undefined,
  });
  const harness = workerHarness(undefined, {
    table: { read: (id) => (reader.rows as RowReader).read(id), isOutage: () => breaker.isDown },
  });
  const table = { read: async (ids: readonly string[]) => harness.table.read(ids) };
  reader.rows = new RowReader(watchedTransactions(table, breaker));
  let receives = 0;
  let mostReceives = 0;
  const turn = async () => {
    harness.clock.advance(1000);
    await breaker.look();
    if (breaker.isDown && !breaker.grantsOne("queue")) return;
    const messages = await harness.queue.receive(VISIBILITY_SECONDS);
    receives += messages.length;
    if (messages.length > 0) breaker.received("queue");
    for (const { receiveCount } of messages) mostReceives = Math.max(mostReceives, receiveCount);
    const held = messages.map((message) => new InFlightMessage(message, harness.clock.now(), VISIBILITY_SECONDS));
    // As many together as one merchant has room for.
    for (let start = 0; start < held.length; start += 5)
      await Promise.all(held.slice(start, start + 5).map((one) => breaker.watch(harness.confirmation.handle(one))));
  };
  const run = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) await turn();
  };
  return { harness, breaker, run, counts: () => ({ receives, mostReceives }) };
}

async function sendTo(harness: ReturnType<typeof workerHarness>, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `t-${index}`);
  for (const id of ids) {
    harness.table.put(listedRow(harness.clock.now(), { transactionId: text(id) }));
    const body = encodeMessage({ transactionId: id, version: 1, release: 0 });
    await harness.queue.send([{ body, groupId: id, deduplicationId: id }]);
  }
  return ids;
}

describe("rows that cannot be read for two hours", () => {
  it("cost each message a handful of receives, and all is delivered within a minute of the end", async () => {
    const { harness, run, counts } = task();
    const ids = await sendTo(harness, MESSAGES);
    harness.table.isDown = true;
    await run(7200);
    expect(counts().mostReceives).toBeLessThanOrEqual(3);
    harness.table.isDown = false;
    await run(60);
    expect(ids.map((id) => harness.table.row(id)["confirmationState"])).toEqual(ids.map(() => text("CONFIRMED")));
    expect(ids.map((id) => harness.table.row(id)["attemptCount"])).toEqual(ids.map(() => number(1)));
    expect(harness.deadLetters.accepted).toEqual([]);
  });
});

/**
 * What `release-due` does, which reads the table well: by the oldest message that was never received, as AWS measures
 * it.
 */
async function requeueOverdue(harness: ReturnType<typeof workerHarness>): Promise<void> {
  const now = harness.clock.now();
  const never = harness.queue.measuredAgeMs;
  const options = { leaseMs: LEASE_MS, maxUnheard: 20, dueShards: 1, isGranted: false, now };
  const goneBefore = never === 0 ? now : now - never;
  for (const [id, row] of harness.table.rows) {
    const plan = planFor(row, { ...options, goneBefore, goneBeforeOrdered: now });
    if (plan.kind === "give up") throw new Error(`${id} is given up: ${plan.failure.code}`);
    if (plan.kind !== "release") continue;
    const { release, version } = plan.target;
    const unheardReleases = number(plan.state.unheardReleases + 1);
    const claim = { releaseNumber: number(release + 1), unheardReleases, dueAt: number(now + LEASE_MS) };
    harness.table.put(changed(row, claim));
    const message = { transactionId: id, version, release: release + 1 };
    await harness.queue.send([
      { body: encodeMessage(message), groupId: id, deduplicationId: deduplicationId(message) },
    ]);
  }
}

describe("rows that the workers cannot read for twelve hours, and release-due can", () => {
  it("are requeued once or twice, never given up as unacknowledged, and delivered in the end", async () => {
    const { harness, run, counts } = task();
    const ids = await sendTo(harness, 5);
    for (const id of ids) {
      const due = { dueKey: text("P#0"), dueAt: number(harness.clock.now() + LEASE_MS) };
      harness.table.put(changed(harness.table.row(id), due));
    }
    const read = harness.table.read.bind(harness.table);
    harness.table.read = async () => Promise.reject(new Error("AccessDeniedException"));
    for (let minute = 0; minute < 720; minute += 1) {
      await run(60);
      await requeueOverdue(harness);
    }
    for (const id of ids) expect(Number(harness.table.row(id)["unheardReleases"]?.N ?? 0)).toBeLessThanOrEqual(2);
    expect(counts().mostReceives).toBeLessThanOrEqual(3);
    harness.table.read = read;
    await run(120);
    expect(ids.map((id) => harness.table.row(id)["confirmationState"])).toEqual(ids.map(() => text("CONFIRMED")));
  });
});

describe("one row that cannot be read for twelve hours", () => {
  it("costs its own message fewer receives than SQS grants it, and no other anything", async () => {
    const { harness, breaker, run, counts } = task();
    const ids = await sendTo(harness, MESSAGES);
    harness.table.throttles = (id) => id === "t-3";
    await run(20);
    expect(ids.filter((id) => harness.table.row(id)["confirmationState"]?.S === "CONFIRMED")).toHaveLength(
      MESSAGES - 1,
    );
    await run(12 * 3600);
    expect(breaker.isDown).toBe(false);
    expect(counts().mostReceives).toBeGreaterThan(20);
    expect(counts().mostReceives).toBeLessThan(SQS_QUARANTINES_AFTER);
    harness.table.throttles = () => false;
    await run(900);
    expect(harness.table.row("t-3")["confirmationState"]).toEqual(text("CONFIRMED"));
  });
});
