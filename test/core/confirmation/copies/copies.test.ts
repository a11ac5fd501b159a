import { describe, expect, it } from "@jest/globals";
import { CopiesContendedError } from "../../../../core/aws/copies-table.ts";
import { Copies, type OfferedCopy } from "../../../../core/confirmation/copies/copies.ts";
import type { DeliveryCopy } from "../../../../core/copies/delivery-copy.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { settle } from "../../../support/until.ts";

const copyOf = (transactionId: string): DeliveryCopy => ({
  at: 0,
  transactionId,
  request: { headers: {}, hiddenHeaders: [], body: "{}" },
  result: { outcome: "delivered" },
});
const offered = (id: string, size = 2): OfferedCopy => ({ size, make: () => copyOf(id) });

function keeping(append?: (merchantId: string, ids: readonly string[]) => Promise<void>) {
  const clock = new FakeClock();
  const writes: [string, string[]][] = [];
  const log: string[] = [];
  let dropped = 0;
  const copies = new Copies({
    append: async (merchantId, given) => {
      const ids = given.map(({ transactionId = "" }) => transactionId);
      writes.push([merchantId, ids]);
      await append?.(merchantId, ids);
    },
    count: (metric, by = 1) => {
      expect(metric).toBe("CopiesDropped");
      dropped += by;
    },
    warn: (message) => void log.push(message),
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    pause: (ms) => new Promise((resolve) => void clock.plan(clock.now() + ms, resolve)),
  });
  return { copies, clock, writes, log, dropped: () => dropped };
}
const never = () => new Promise<void>(() => undefined);

describe("copies for who listens", () => {
  it("are wanted while a lease holds, and no longer", () => {
    const { copies, clock } = keeping();
    const until = clock.now() + 1000;
    expect([copies.isListenedTo(until), copies.isListenedTo(undefined)]).toEqual([true, false]);
    clock.advance(1000);
    expect(copies.isListenedTo(until)).toBe(false);
  });

  it("of a merchant are written in their order, those that wait together, and others' beside them", async () => {
    const held = Promise.withResolvers<void>();
    const { copies, writes } = keeping(() => held.promise);
    for (const id of ["1", "2", "3"]) copies.offer("m", offered(id));
    copies.offer("other", offered("4"));
    await settle();
    expect(writes).toEqual([
      ["m", ["1"]],
      ["other", ["4"]],
    ]);
    held.resolve();
    await settle();
    expect(writes.slice(2)).toEqual([["m", ["2", "3"]]]);
  });

  it("beyond what a write may hold go with the next", async () => {
    const { copies, writes } = keeping();
    for (const id of ["1", "2", "3", "4"]) copies.offer("m", offered(id, 400_000));
    for (let index = 0; index < 12; index += 1) copies.offer("n", offered(String(index)));
    await settle();
    expect(writes.filter(([merchantId]) => merchantId === "m").map(([, ids]) => ids)).toEqual([
      ["1"],
      ["2", "3"],
      ["4"],
    ]);
    expect(writes.filter(([merchantId]) => merchantId === "n").map(([, ids]) => ids.length)).toEqual([1, 10, 1]);
  });

  it("beyond the room of a merchant, of all, and of memory are dropped and counted", async () => {
    const { copies, dropped, writes } = keeping(never);
    for (let index = 0; index < 53; index += 1) copies.offer("m", offered(String(index)));
    await settle();
    expect(dropped()).toBe(2);
    copies.offer("long", offered("l", 8_000_000));
    expect(dropped()).toBe(3);
    for (let merchant = 0; merchant < 300; merchant += 1) copies.offer(`m${merchant}`, offered("x"));
    await settle();
    expect(writes).toHaveLength(4);
    expect(dropped()).toBe(3 + 300 - (200 - 50) - 3);
  });

  it("are dropped by a table that fails, which is left alone for half a minute", async () => {
    let fails = true;
    const { copies, clock, dropped, log, writes } = keeping(async () => {
      if (fails) throw new Error("no whole answer within 1500 ms");
    });
    for (const id of ["1", "2", "3"]) copies.offer("m", offered(id));
    await settle();
    copies.offer("m", offered("4"));
    copies.offer("other", offered("5"));
    await settle();
    expect([dropped(), writes.length, log]).toEqual([5, 1, ["copies not kept, and none for a while"]]);
    fails = false;
    clock.advance(30_000);
    copies.offer("m", offered("6"));
    await settle();
    expect(writes.at(-1)).toEqual(["m", ["6"]]);
    expect(dropped()).toBe(5);
  });

  it("that others were faster with each time are dropped, and nothing is held against the table", async () => {
    const { copies, dropped, writes, log } = keeping(async (_merchantId, ids) => {
      if (ids[0] === "1") throw new CopiesContendedError("contended");
    });
    copies.offer("m", offered("1"));
    copies.offer("m", offered("2"));
    await settle();
    expect([dropped(), writes.length, log]).toEqual([1, 2, []]);
  });

  it("that cannot be made are dropped, and the next ones are written", async () => {
    const { copies, dropped, writes, log } = keeping();
    const broken = () => Promise.reject(new Error("KMS"));
    copies.offer("m", { size: 1, make: () => Promise.resolve(undefined) });
    await settle();
    copies.offer("m", { size: 1, make: broken });
    await settle();
    copies.offer("m", offered("1"));
    await settle();
    expect([dropped(), writes, log]).toEqual([2, [["m", ["1"]]], ["copies not made"]]);
  });

  it("are waited for at the end, for as long as is given", async () => {
    const none = keeping();
    await none.copies.end(500);
    const held = Promise.withResolvers<void>();
    const { copies, writes, clock } = keeping(() => held.promise);
    copies.offer("m", offered("1"));
    copies.offer("m", offered("2"));
    const ended = copies.end(500);
    await settle();
    held.resolve();
    await ended;
    expect(writes).toHaveLength(2);
    const silent = keeping(never);
    silent.copies.offer("m", offered("1"));
    const over = silent.copies.end(500);
    await silent.clock.pass(500);
    await over;
    expect(clock.elapsedMs()).toBe(0);
  });
});
