import { describe, expect, it } from "@jest/globals";
import type { Ending } from "../../../core/confirmation/job.ts";
import type { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { byGroup } from "../../../core/confirmation/order/ordered-group.ts";
import { Receiver } from "../../../containers/confirmation-worker/src/receive/receiver.ts";
import { Worker } from "../../../containers/confirmation-worker/src/worker.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { settle, until } from "../../support/until.ts";

/** A worker over a queue in memory whose every message waits for the test to finish it. */
function running(
  changes: { isSilent?: boolean; isPauseReal?: boolean; elapsedMs?: () => number; hasBeside?: boolean } = {},
) {
  const clock = new FakeClock();
  const queue = new MemoryQueue(clock.now);
  const ordered = new MemoryQueue(clock.now);
  const started: string[] = [];
  const finish = new Map<string, (ending: Ending) => void>();
  const log: string[] = [];
  const pause = async (ms: number): Promise<void> => {
    if (changes.isPauseReal !== true) clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const receiving = (from: MemoryQueue) => ({
    queue: {
      // A long poll that comes back empty at the end of its time.
      receive: async (visibilitySeconds: number) => {
        if (changes.isSilent === true) return new Promise<never>(() => undefined);
        const messages = await from.receive(visibilitySeconds);
        if (messages.length === 0) await new Promise((resolve) => setImmediate(resolve));
        return messages;
      },
    },
    settings: { visibilitySeconds: 60, window: 100, idlePollSeconds: 2 },
    control: { mostPollers: () => 8, isHeldOff: () => false },
    clock: { pause, elapsedMs: clock.elapsedMs },
    warn: (text: string) => void log.push(text),
  });
  const confirmFrom = (from: MemoryQueue) => async (held: InFlightMessage) => {
    const { body, receiptHandle } = held.received;
    started.push(body);
    const done = Promise.withResolvers<Ending>();
    finish.set(body, done.resolve);
    const ending = await done.promise;
    if (ending === "completed") await from.delete([receiptHandle]);
    else await from.changeVisibility([{ receiptHandle, seconds: 30 }]);
    return ending;
  };
  const calls = new MemoryQueue(clock.now);
  const calling = new Map<string, () => void>();
  const beside = new Receiver({
    ...receiving(calls),
    unitsOf: (messages) => messages,
    handle: async ({ body, receiptHandle }) => {
      await new Promise<void>((resolve) => calling.set(body, resolve));
      await calls.delete([receiptHandle]);
    },
  });
  const worker = new Worker({
    beside: changes.hasBeside === true ? beside : undefined,
    unordered: {
      receiver: (handle) => new Receiver({ ...receiving(queue), unitsOf: (messages) => messages, handle }),
      confirm: confirmFrom(queue),
    },
    ordered: {
      receiver: (handle) => new Receiver({ ...receiving(ordered), unitsOf: byGroup, handle }),
      confirm: confirmFrom(ordered),
      giveBack: ({ received }, seconds) =>
        ordered.changeVisibility([{ receiptHandle: received.receiptHandle, seconds }]),
      onHeldBack: (messages) => void log.push(`held back ${messages}`),
      elapsedMs: clock.elapsedMs,
    },
    settings: { visibilitySeconds: 60, stopTimeoutMs: 10_000 },
    clock: { pause, elapsedMs: changes.elapsedMs ?? clock.elapsedMs },
    log: (text) => void log.push(text),
  });
  const sendTo = (to: MemoryQueue) => (body: string, groupId: string) =>
    to.send([{ body, groupId, deduplicationId: body }]);
  return {
    worker,
    clock,
    queue,
    ordered,
    started,
    log,
    send: sendTo(queue),
    sendInOrder: sendTo(ordered),
    finish: (body: string, ending: Ending = "completed") => finish.get(body)?.(ending),
    calls,
    calling,
    sendCall: (body: string) => calls.send([{ body, groupId: body, deduplicationId: body }]),
  };
}

describe("the worker", () => {
  it("runs a group's messages of one receive one after the other, and other groups beside them", async () => {
    const { worker, started, send, finish, queue } = running();
    for (const [body, group] of [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
      ["a3", "a"],
    ] as const)
      await send(body, group);
    worker.start();
    await until(() => started.length === 2);
    await settle();
    expect(started).toEqual(["a1", "b1"]);
    finish("a1");
    await until(() => started.length === 3);
    await settle();
    expect(started).toEqual(["a1", "b1", "a2"]);
    finish("a2");
    await until(() => started.length === 4);
    finish("a3");
    finish("b1");
    await until(() => queue.messages.length === 0);
    await worker.stop();
  });

  it("receives beside its queues what belongs to neither, and ends when that is done too", async () => {
    const { worker, calls, calling, sendCall, started, send, finish } = running({ hasBeside: true, isPauseReal: true });
    await sendCall("call");
    await send("a", "a");
    worker.start();
    await until(() => calling.has("call") && started.length === 1);
    expect(worker.inFlight).toBe(2);
    let isStopped = false;
    const stopping = worker.stop().then(() => (isStopped = true));
    finish("a");
    await until(() => worker.inFlight === 1);
    await settle();
    expect(isStopped).toBe(false);
    await sendCall("after");
    calling.get("call")?.();
    await stopping;
    expect(calls.messages.map(({ body }) => body)).toEqual(["after"]);
  });

  it("runs messages of one transaction one after the other even when their groups differ", async () => {
    const { worker, started, send, finish } = running();
    const body = (release: number): string => JSON.stringify({ schema: 1, transactionId: "t-1", version: 1, release });
    await send(body(0), "transaction group");
    await send(body(1), "merchant group");
    worker.start();
    await until(() => started.length === 1);
    await settle();
    expect(started).toEqual([body(0)]);
    finish(body(0));
    await until(() => started.length === 2);
    finish(body(1));
    await worker.stop();
  });

  it("starts nothing behind an ordered message that is left, and gives its group back at once", async () => {
    const { worker, started, sendInOrder, finish, ordered, log, clock } = running({ isPauseReal: true });
    for (const [body, group] of [
      ["k1", "k"],
      ["k2", "k"],
      ["l1", "l"],
      ["k3", "k"],
    ] as const)
      await sendInOrder(body, group);
    worker.start();
    await until(() => started.length === 2);
    finish("k1", "left");
    await until(() => log.includes("held back 2"));
    await settle();
    expect(started).toEqual(["k1", "l1"]);
    const seenAgainIn = ordered.messages.map(({ body, visibleAt }) => [body, visibleAt - clock.now()]);
    expect(seenAgainIn.filter(([body]) => body !== "l1")).toEqual([
      ["k1", 30_000],
      ["k2", 0],
      ["k3", 0],
    ]);
    clock.advance(30_000);
    await until(() => started.length === 3);
    finish("k1");
    await until(() => started.length === 4);
    finish("k2");
    await until(() => started.length === 5);
    finish("k3");
    finish("l1");
    await until(() => ordered.messages.length === 0);
    expect(started).toEqual(["k1", "l1", "k1", "k2", "k3"]);
    await worker.stop();
  });

  it("is ill when either of its receivers has fallen silent", async () => {
    const { worker, clock } = running({ isPauseReal: true });
    expect(worker.isHealthy()).toBe(true);
    clock.advance(60_001);
    expect(worker.isHealthy()).toBe(false);
  });

  it("finishes what it holds before it stops", async () => {
    const { worker, started, send, finish, queue, log } = running({ isPauseReal: true });
    await send("a1", "a");
    worker.start();
    await until(() => started.length === 1);
    let isStopped = false;
    const stopped = worker.stop().then(() => (isStopped = true));
    await settle();
    expect([worker.isStopping, worker.isStopped, isStopped]).toEqual([true, false, false]);
    finish("a1");
    await stopped;
    expect([worker.isStopped, worker.inFlight, queue.messages.length]).toEqual([true, 0, 0]);
    expect(log).toEqual(["worker stopping", "worker stopped"]);
  });

  it("finishes what it holds though the clock is stepped meanwhile", async () => {
    const { worker, started, send, finish, queue, clock } = running({ isPauseReal: true, elapsedMs: () => 0 });
    await send("a1", "a");
    worker.start();
    await until(() => started.length === 1);
    const stopped = worker.stop();
    clock.advance(20_000);
    await settle();
    expect(worker.isStopped).toBe(false);
    finish("a1");
    await stopped;
    expect(queue.messages).toEqual([]);
  });

  it("stops at the end of its time though its last poll never returns", async () => {
    const { worker, clock, log } = running({ isSilent: true });
    worker.start();
    await settle();
    const before = clock.now();
    await worker.stop();
    expect(log.at(-1)).toBe("worker stopped");
    expect(clock.now() - before).toBeLessThanOrEqual(10_000);
  });

  it("takes nothing more once it is stopping", async () => {
    const { worker, started, send, queue } = running();
    worker.start();
    await worker.stop();
    await send("late", "a");
    await settle();
    expect(started).toEqual([]);
    expect(queue.messages).toHaveLength(1);
  });

  it("lets go of what takes too long, two seconds before it would be killed", async () => {
    const { worker, started, send, clock, queue } = running();
    await send("hangs", "a");
    worker.start();
    await until(() => started.length === 1);
    const before = clock.now();
    await worker.stop();
    expect(worker.isStopped).toBe(true);
    expect(clock.now() - before).toBeGreaterThanOrEqual(8000);
    expect(clock.now() - before).toBeLessThan(10_000);
    expect(queue.messages).toHaveLength(1);
  });

  it("is told to stop once, however often it is asked", async () => {
    const { worker, log } = running();
    worker.start();
    await Promise.all([worker.stop(), worker.stop()]);
    expect(log).toEqual(["worker stopping", "worker stopped"]);
  });

  it("is unhealthy when it has asked for no message for a minute while it holds none", async () => {
    const { worker, clock } = running();
    expect(worker.isHealthy()).toBe(true);
    clock.advance(60_000);
    expect(worker.isHealthy()).toBe(false);
  });

  it("is healthy while it stops, so that it is not killed before it has finished", async () => {
    const { worker, clock } = running();
    worker.start();
    await worker.stop();
    clock.advance(60_000);
    expect(worker.isHealthy()).toBe(true);
  });
});
