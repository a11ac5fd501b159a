import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Batcher, type BatcherOptions, ItemFailed } from "../../../core/concurrency/batcher.ts";
import { settle, until } from "../../support/until.ts";

/** A batcher whose batches stay in flight until the test ends them, one by one. */
function controlled(options: Partial<BatcherOptions<string, string>> = {}) {
  const batches: { items: string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const batcher = new Batcher<string, string>({
    maxSize: 3,
    lingerMs: 1_000_000,
    maxInFlight: 2,
    run: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, end: () => resolve(items.map((item) => item.toUpperCase())), fail: reject });
      }),
    ...options,
  });
  return { batcher, batches, taken: () => batches.map(({ items }) => items.join("")) };
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "clearImmediate", "performance", "nextTick", "queueMicrotask"] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe("a batcher", () => {
  it("sends a lone call at the end of the turn, without lingering", async () => {
    const { batcher, batches } = controlled();
    const result = batcher.add("a");
    await settle(1);
    batches[0]?.end();
    expect(await result).toBe("A");
  });

  it("puts the calls of one turn into one batch, and gives each its own result", async () => {
    const { batcher, batches, taken } = controlled();
    const results = Promise.all(["a", "b"].map((item) => batcher.add(item)));
    await settle(1);
    expect(taken()).toEqual(["ab"]);
    batches[0]?.end();
    expect(await results).toEqual(["A", "B"]);
  });

  it("sends a full batch at once and fills the next under load", async () => {
    const { batcher, batches, taken } = controlled();
    for (const item of "abcdefgh") void batcher.add(item);
    expect(taken()).toEqual(["abc", "def"]);
    expect(batcher.waiting).toBe(2);
    void batcher.add("i");
    expect(taken()).toHaveLength(2);
    batches[0]?.end();
    await until(() => batches.length === 3);
    expect(taken()[2]).toBe("ghi");
  });

  it("never has more batches in flight than it may", async () => {
    const { batcher, batches } = controlled({ maxInFlight: 1 });
    for (const item of "abcdef") void batcher.add(item);
    await settle();
    expect(batches).toHaveLength(1);
  });

  it("lets a part batch wait for company while another is in flight, and sends it after the linger", async () => {
    const { batcher, taken } = controlled({ lingerMs: 20 });
    void batcher.add("a");
    await settle(1);
    void batcher.add("b");
    await settle();
    jest.advanceTimersByTime(19);
    expect(taken()).toEqual(["a"]);
    jest.advanceTimersByTime(1);
    expect(taken()).toEqual(["a", "b"]);
  });

  it("sends a part batch when the one before returns, before its linger is over", async () => {
    const { batcher, batches, taken } = controlled();
    void batcher.add("a");
    await settle(1);
    void batcher.add("b");
    batches[0]?.end();
    await until(() => batches.length === 2);
    expect(taken()).toEqual(["a", "b"]);
  });

  it("fails the calls of a failed batch only", async () => {
    const { batcher, batches } = controlled({ maxSize: 1 });
    const [bad, good] = [batcher.add("a"), batcher.add("b")];
    batches[0]?.fail(new Error("no luck"));
    batches[1]?.end();
    await expect(bad).rejects.toThrow("no luck");
    expect(await good).toBe("B");
  });

  it("fails an item alone whose result says so", async () => {
    const run = async (items: string[]) =>
      items.map((item) => (item === "b" ? new ItemFailed(new Error("throttled")) : item));
    const batcher = new Batcher<string, string>({ maxSize: 10, lingerMs: 20, maxInFlight: 1, run });
    const added = await Promise.allSettled(["a", "b", "c"].map(async (item) => batcher.add(item)));
    expect(added.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(added[1]).toMatchObject({ reason: { message: "throttled" } });
  });

  it("goes on after a batch that failed", async () => {
    const { batcher, batches } = controlled({ maxSize: 1, maxInFlight: 1 });
    const bad = batcher.add("a");
    const good = batcher.add("b");
    batches[0]?.fail(new Error("no luck"));
    await expect(bad).rejects.toThrow("no luck");
    await until(() => batches.length === 2);
    batches[1]?.end();
    expect(await good).toBe("B");
  });
});

describe("a batcher with keys", () => {
  const keyOf = (item: string): string => item.charAt(0);

  it("names a key once in a batch", async () => {
    const { batcher, taken } = controlled({ keyOf, maxSize: 10 });
    for (const item of ["a1", "a2", "b1"]) void batcher.add(item);
    await settle(1);
    expect(taken()).toEqual(["a1b1"]);
  });

  it("does not start an item while another of its key is under way", async () => {
    const { batcher, batches, taken } = controlled({ keyOf, maxSize: 10, lingerMs: 0 });
    for (const item of ["a1", "a2", "a3", "b1", "b2"]) void batcher.add(item);
    await settle(1);
    jest.runAllTimers();
    expect(taken()).toEqual(["a1b1"]);
    batches[0]?.end();
    await until(() => batches.length === 2);
    expect(taken()[1]).toBe("a2b2");
    batches[1]?.end();
    await until(() => batches.length === 3);
    expect(taken()[2]).toBe("a3");
  });

  it("lets other keys pass one that has to wait", async () => {
    const { batcher, batches, taken } = controlled({ keyOf, lingerMs: 0 });
    for (const item of ["a1", "a2"]) void batcher.add(item);
    await until(() => batches.length === 1);
    void batcher.add("c1");
    jest.runAllTimers();
    await until(() => batches.length === 2);
    expect(taken()).toEqual(["a1", "c1"]);
  });

  it("frees a key when its batch fails", async () => {
    const { batcher, batches } = controlled({ keyOf });
    const bad = batcher.add("a1");
    const good = batcher.add("a2");
    await until(() => batches.length === 1);
    batches[0]?.fail(new Error("no luck"));
    await expect(bad).rejects.toThrow("no luck");
    await until(() => batches.length === 2);
    batches[1]?.end();
    expect(await good).toBe("A2");
  });
});
