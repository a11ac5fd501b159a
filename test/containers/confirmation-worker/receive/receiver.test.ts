import { describe, expect, it } from "@jest/globals";
import type { ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { Receiver, type ReceiverOptions } from "../../../../containers/confirmation-worker/src/receive/receiver.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { settle, until } from "../../../support/until.ts";

const message = (id: number): ReceivedMessage => ({
  messageId: `m-${id}`,
  receiptHandle: `h-${id}`,
  body: "{}",
  groupId: `g-${id}`,
  receiveCount: 1,
  sentAt: 0,
});

interface Changes {
  readonly window?: number;
  readonly control?: Partial<ReceiverOptions<ReceivedMessage>["control"]>;
}

/** A queue whose every receive waits for the test to answer it. */
function receiving(changes: Changes = {}) {
  const clock = new FakeClock();
  const asks: {
    waitSeconds: number;
    signal: AbortSignal;
    answer: (count: number) => void;
    fail: (e: Error) => void;
  }[] = [];
  const held: { id: string; receivedAt: number; done: () => void }[] = [];
  const warnings: string[] = [];
  const pauses: { ms: number; end: () => void }[] = [];
  let count = 0;
  let most = 0;
  const receiver = new Receiver({
    queue: {
      receive: (_, waitSeconds, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
          const respond = (size: number): void => resolve(Array.from({ length: size }, () => message((count += 1))));
          asks.push({ waitSeconds, signal, answer: respond, fail: reject });
        }),
    },
    settings: { visibilitySeconds: 60, window: changes.window ?? 40, idlePollSeconds: 20 },
    unitsOf: (messages) => messages,
    control: { mostPollers: () => 8, isHeldOff: () => false, ...changes.control },
    handle: ({ messageId }, receivedAt) => {
      const done = Promise.withResolvers<void>();
      held.push({ id: messageId, receivedAt, done: done.resolve });
      most = Math.max(most, receiver.inFlight);
      return done.promise;
    },
    clock: { pause: (ms) => new Promise((end) => pauses.push({ ms, end })), elapsedMs: clock.elapsedMs },
    warn: (text) => void warnings.push(text),
  });
  return { receiver, clock, asks, held, warnings, pauses, most: () => most };
}

/** Answers every receive in full, and finishes one held message whenever nothing is asked for. */
async function flood(bench: ReturnType<typeof receiving>, receives: number): Promise<void> {
  let answered = 0;
  let done = 0;
  while (answered < receives) {
    if (answered < bench.asks.length) bench.asks[answered++]?.answer(10);
    else if (done < bench.held.length) bench.held[done++]?.done();
    await settle(1);
  }
}

describe("the receiver", () => {
  it("never holds more messages than its window, whatever the queue has", async () => {
    const bench = receiving({ window: 40 });
    bench.receiver.start();
    await flood(bench, 60);
    expect(bench.most()).toBeLessThanOrEqual(40);
    expect(bench.most()).toBeGreaterThan(30);
  });

  it("asks for more only when a whole batch fits into its window", async () => {
    const bench = receiving({ window: 15 });
    bench.receiver.start();
    bench.asks[0]?.answer(10);
    await settle();
    expect(bench.asks).toHaveLength(1);
    for (const { done } of bench.held.slice(0, 4)) done();
    await settle();
    expect(bench.asks).toHaveLength(1);
    bench.held[4]?.done();
    await until(() => bench.asks.length === 2);
  });

  it("waits long for messages when the queue is quiet, with one poll", async () => {
    const bench = receiving();
    bench.receiver.start();
    bench.clock.advance(2000);
    bench.asks[0]?.answer(0);
    await until(() => bench.asks.length === 2);
    expect(bench.pauses).toEqual([]);
    bench.asks[1]?.answer(3);
    await until(() => bench.asks.length === 3);
    // The longest there is after one that brought nothing, and short again as soon as one brings something.
    expect(bench.asks.map(({ waitSeconds }) => waitSeconds)).toEqual([2, 20, 2]);
  });

  it("takes what comes late in a long poll for received just now", async () => {
    const bench = receiving();
    bench.receiver.start();
    bench.clock.advance(2000);
    bench.asks[0]?.answer(0);
    await until(() => bench.asks.length === 2);
    bench.clock.advance(19_000);
    bench.asks[1]?.answer(1);
    await until(() => bench.held.length === 1);
    expect(bench.clock.elapsedMs() - (bench.held[0]?.receivedAt ?? 0)).toBe(2000);
  });

  it("starts more polls with each full batch, as many as it may, and they end with their first empty one", async () => {
    const bench = receiving({ window: 10_000 });
    bench.receiver.start();
    for (let index = 0; index < 60; index += 1) {
      bench.asks[index]?.answer(10);
      await settle(1);
    }
    const open = bench.asks.slice(60);
    expect(open).toHaveLength(8);
    expect(open.filter(({ waitSeconds }) => waitSeconds === 0)).toHaveLength(7);
    bench.clock.advance(2000);
    for (const { answer: respond } of open) respond(0);
    await settle();
    expect(bench.asks.slice(68).map(({ waitSeconds }) => waitSeconds)).toEqual([20]);
  });

  it("lets polls end when fewer are worth having, and goes on with one", async () => {
    let mostPollers = 4;
    const bench = receiving({ window: 10_000, control: { mostPollers: () => mostPollers } });
    bench.receiver.start();
    for (let index = 0; index < 30; index += 1) {
      bench.asks[index]?.answer(10);
      await settle(1);
    }
    expect(bench.asks.slice(30)).toHaveLength(4);
    mostPollers = 1;
    for (let index = 30; index < 60; index += 1) {
      bench.asks[index]?.answer(10);
      await settle(1);
    }
    // Of four, three have ended; the one that goes on is the one that waits long.
    expect(bench.asks.slice(60).map(({ waitSeconds }) => waitSeconds)).toEqual([2]);
  });

  it("holds off while told to, and goes on afterwards", async () => {
    let isHeldOff = true;
    const bench = receiving({ control: { isHeldOff: () => isHeldOff } });
    bench.receiver.start();
    await settle();
    expect(bench.asks).toHaveLength(0);
    isHeldOff = false;
    bench.pauses[0]?.end();
    await until(() => bench.asks.length === 1);
  });

  it("pauses when a poll that was to wait comes back at once with nothing", async () => {
    const bench = receiving();
    bench.receiver.start();
    bench.asks[0]?.answer(0);
    await until(() => bench.pauses.length === 1);
    await settle();
    expect([bench.pauses[0]?.ms, bench.asks.length]).toEqual([200, 1]);
    bench.pauses[0]?.end();
    await until(() => bench.asks.length === 2);
  });

  it("pauses after a receive that failed, says so, and goes on", async () => {
    const bench = receiving();
    bench.receiver.start();
    bench.asks[0]?.fail(new Error("ECONNREFUSED"));
    await until(() => bench.pauses.length === 1);
    expect(bench.pauses[0]?.ms).toBe(1000);
    expect(bench.warnings).toEqual(["receive failed"]);
    bench.pauses[0]?.end();
    await until(() => bench.asks.length === 2);
  });

  it("counts the visibility from the earliest time at which it may have begun", async () => {
    const bench = receiving();
    bench.receiver.start();
    const askedAt = bench.clock.elapsedMs();
    bench.clock.advance(500);
    bench.asks[0]?.answer(1);
    await until(() => bench.held.length === 1);
    expect(bench.held[0]?.receivedAt).toBe(askedAt);
    await until(() => bench.asks.length === 2);
    bench.clock.advance(5000);
    bench.asks[1]?.answer(1);
    await until(() => bench.held.length === 2);
    expect(bench.held[1]?.receivedAt).toBe(bench.clock.elapsedMs() - 2000);
  });

  it("stops with its last poll, and takes what that brings", async () => {
    const bench = receiving();
    bench.receiver.start();
    let isStopped = false;
    const stopped = bench.receiver.stop().then(() => (isStopped = true));
    await settle();
    expect(isStopped).toBe(false);
    bench.asks[0]?.answer(2);
    await stopped;
    expect(bench.held).toHaveLength(2);
    expect(bench.asks).toHaveLength(1);
  });

  it("stops though its window is full", async () => {
    const bench = receiving({ window: 10 });
    bench.receiver.start();
    bench.asks[0]?.answer(10);
    await until(() => bench.held.length === 10);
    await bench.receiver.stop();
    expect(bench.receiver.inFlight).toBe(10);
  });

  it("lets go of a poll that hangs when aborted, without a warning", async () => {
    const bench = receiving();
    bench.receiver.start();
    const stopped = bench.receiver.stop();
    bench.receiver.abort();
    await stopped;
    expect(bench.warnings).toEqual([]);
  });
});
