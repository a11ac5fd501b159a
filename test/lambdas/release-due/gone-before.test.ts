import { describe, expect, it } from "@jest/globals";
import { oldestMessageSentAt } from "../../../core/aws/queue-age.ts";
import { GoneBefore, type GoneBeforeOptions } from "../../../lambdas/release-due/gone-before.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { ageOf, cloudWatchOf } from "../../support/late-metric.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const MINUTE_MS = 60_000;
const never = () => new Promise<never>(() => undefined);
const nothing = async () => undefined;

function bench(changes: Partial<GoneBeforeOptions>) {
  const clock = new FakeClock();
  const warnings: string[] = [];
  const gone = new GoneBefore({
    oldestSentAt: nothing,
    messageCount: nothing,
    warn: (message) => void warnings.push(message),
    now: clock.now,
    ...changes,
  });
  return { clock, warnings, ask: gone.ask };
}

const message = (id: string) => ({ body: "{}", groupId: id, deduplicationId: id });

describe("what has surely left the queue", () => {
  it("is what was sent before the oldest message of the newest datum", async () => {
    const { ask } = bench({
      oldestSentAt: async () => START_MS - 5,
      messageCount: () => neverCalled("messageCount")(),
    });
    expect(await ask()).toBe(START_MS - 5);
  });

  it("is never a message that is in it, however late the metric is", async () => {
    const clock = new FakeClock();
    const queue = new MemoryQueue(clock.now);
    const name = "confirmations.fifo";
    const cloudwatch = cloudWatchOf({ [name]: ageOf(queue, clock, 2 * MINUTE_MS) });
    const gone = new GoneBefore({
      oldestSentAt: (signal) => oldestMessageSentAt(cloudwatch, name, clock.now(), signal),
      messageCount: async () => queue.messages.length,
      warn: () => undefined,
      now: clock.now,
    });
    const responses: number[] = [];
    // The queue is read at once for ten minutes, then not at all for forty, then it is read again.
    for (let second = 0; second < 3600; second += 10) {
      await queue.send([message(String(second))]);
      if (second < 600 || second > 3000) {
        for (let reads = 0; reads < 3; reads += 1) {
          const received = await queue.receive(30);
          await queue.delete(received.map(({ receiptHandle }) => receiptHandle));
        }
      }
      const before = await gone.ask();
      responses.push(before);
      const oldest = queue.messages[0]?.sentAt ?? clock.now();
      // A datum is a second off at most, as ages are whole seconds.
      expect(before).toBeLessThanOrEqual(oldest + 1000);
      clock.advance(10_000);
    }
    expect(responses.at(-1)).toBeGreaterThan(clock.now() - 5 * MINUTE_MS);
  });

  it("is nothing at all without a datum while messages are in the queue", async () => {
    const { ask, clock } = bench({ messageCount: async () => 1 });
    for (let minute = 0; minute < 10; minute += 1) {
      expect(await ask()).toBe(Number.NEGATIVE_INFINITY);
      clock.advance(MINUTE_MS);
    }
  });

  it("is, without a datum, what was sent before the queue was found empty for a minute and a half", async () => {
    const { ask, clock } = bench({ messageCount: async () => 0 });
    const responses: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      responses.push(await ask());
      clock.advance(45_000);
    }
    expect(responses).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, START_MS, START_MS]);
  });

  it("begins anew when something was in the queue, or nobody looked for long", async () => {
    const counts = [0, 3, 0, 0, 0];
    const { ask, clock } = bench({ messageCount: async () => counts.shift() ?? 0 });
    for (const pauseMs of [MINUTE_MS, MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS, MINUTE_MS]) {
      expect(await ask()).toBe(Number.NEGATIVE_INFINITY);
      clock.advance(pauseMs);
    }
  });

  it.each([
    ["refuses", () => Promise.reject(new Error("throttled"))],
    ["accepts and never answers", never],
  ])("is told by the counts while CloudWatch %s", async (_, oldestSentAt) => {
    const { ask, clock, warnings } = bench({ oldestSentAt, messageCount: async () => 0, limitMs: 1 });
    await ask();
    clock.advance(100_000);
    expect(await ask()).toBe(START_MS);
    expect(warnings).toHaveLength(2);
  });

  it("is unknown while neither answers, and then still what was known before", async () => {
    const responses = [START_MS - 7];
    const { ask, clock } = bench({
      oldestSentAt: () => (responses.length > 0 ? Promise.resolve(responses.shift()) : never()),
      messageCount: never,
      limitMs: 1,
    });
    await ask();
    clock.advance(MINUTE_MS);
    expect(await ask()).toBe(START_MS - 7);
  });

  it("is asked for once by many at the same time, and kept for some seconds", async () => {
    let asked = 0;
    const oldestSentAt = async () => START_MS + (asked += 1);
    const { ask, clock } = bench({ oldestSentAt });
    expect(await Promise.all([ask(), ask()])).toEqual([START_MS + 1, START_MS + 1]);
    clock.advance(9999);
    expect(await ask()).toBe(START_MS + 1);
    clock.advance(1);
    expect(await ask()).toBe(START_MS + 2);
  });
});
