import { describe, expect, it } from "@jest/globals";
import * as fc from "fast-check";
import { ShardLanes } from "../../local/stream/shard-lanes.ts";
import type { StreamRecord } from "../../local/stream/stream-event.ts";
import { itemsOf, streamRecords } from "./stream-records.ts";

interface Delivery {
  readonly items: string;
  finish(): void;
}

function lanesOf(count: number, batchSize = 2) {
  const deliveries: Delivery[] = [];
  const handled: number[] = [];
  const lanes = new ShardLanes({
    count,
    batchSize,
    batchingWindowMs: 0,
    deliver: (records, progress) =>
      new Promise((resolve) => {
        const finish = (): void => {
          progress(records.at(-1)?.sequenceNumber ?? "");
          resolve(true);
        };
        deliveries.push({ items: itemsOf(records), finish });
      }),
    onHandled: (sequenceNumber) => handled.push(Number(sequenceNumber)),
  });
  return { lanes, deliveries, handled };
}

const ITEMS = ["a", "b", "c", "d", "e", "f"];
const isNoX = (record: StreamRecord): boolean => itemsOf([record]) !== "x";
const only = (all: string, item: string): string =>
  all
    .split("")
    .filter((one) => one === item)
    .join("");
const everything = (): boolean => true;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function finishAll(deliveries: Delivery[], choose: () => number): Promise<string[]> {
  const order: string[] = [];
  for (await settle(); deliveries.length > 0; await settle()) {
    const [next] = deliveries.splice(choose() % deliveries.length, 1);
    order.push(next?.items ?? "");
    next?.finish();
  }
  return order;
}

describe("lanes of a shard", () => {
  it("one lane hands on batch after batch, in order", async () => {
    const { lanes, deliveries, handled } = lanesOf(1);
    lanes.add(streamRecords("abcde"), everything);
    expect(await finishAll(deliveries, () => 0)).toEqual(["ab", "cd", "e"]);
    expect(handled).toEqual([2, 4, 5]);
    expect(lanes.pending).toBe(0);
  });

  it("a lane that is stuck does not hold the others, and is not passed over", async () => {
    const { lanes, deliveries, handled } = lanesOf(8, 1);
    lanes.add(streamRecords("abcdefgh"), everything);
    await settle();
    const stuck = deliveries.findIndex(({ items }) => items === "a");
    const [first] = deliveries.splice(stuck, 1);
    await finishAll(deliveries, () => 0);
    expect(Math.max(0, ...handled)).toBe(0);
    first?.finish();
    await finishAll(deliveries, () => 0);
    expect(handled.at(-1)).toBe(8);
  });

  it("records that do not pass count as handled with those before them", async () => {
    const { lanes, deliveries, handled } = lanesOf(1);
    lanes.add(streamRecords("xxx"), isNoX);
    expect(handled).toEqual([3]);
    lanes.add(streamRecords("axx", 4), isNoX);
    expect(handled).toEqual([3]);
    await finishAll(deliveries, () => 0);
    expect(handled).toEqual([3, 6]);
  });

  it("whatever order batches end in: items stay in order, nothing is left out, no gap is reported", async () => {
    const items = fc.string({ unit: fc.constantFrom(...ITEMS), minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        async (text, count, choices) => {
          const { lanes, deliveries, handled } = lanesOf(count, 3);
          lanes.add(streamRecords(text), everything);
          const order = (await finishAll(deliveries, () => choices.next().value)).join("");
          for (const item of ITEMS) expect(only(order, item)).toBe(only(text, item));
          expect(handled.at(-1)).toBe(text.length);
          expect(handled).toEqual(handled.toSorted((left, right) => left - right));
        },
      ),
    );
  });

  it("begin nothing after they were stopped", async () => {
    const { lanes, deliveries } = lanesOf(1);
    lanes.add(streamRecords("abcd"), everything);
    lanes.stop();
    expect(await finishAll(deliveries, () => 0)).toEqual(["ab"]);
    await lanes.drained();
    expect(lanes.pending).toBe(2);
  });
});
