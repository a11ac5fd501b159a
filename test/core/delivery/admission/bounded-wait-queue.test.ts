import { describe, expect, it } from "@jest/globals";
import { BoundedWaitQueue } from "../../../../core/delivery/admission/bounded-wait-queue.ts";

function bench(window: number) {
  const waking: (() => void)[] = [];
  const room = new BoundedWaitQueue({ window, pause: () => new Promise((wake) => waking.push(wake)) });
  /** How many of so many calls were given a place. */
  const crowd = (merchantId: string, calls: number): number => {
    const before = waking.length;
    for (let call = 0; call < calls; call += 1) void room.wait(merchantId, 1);
    return waking.length - before;
  };
  const leave = async (): Promise<void> => {
    for (const wake of waking.splice(0)) wake();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { room, crowd, leave };
}

describe("the waiting room of a task", () => {
  it("has places for a quarter of the window, half of those that are free for one merchant", () => {
    const { crowd } = bench(32);
    expect([crowd("a", 30), crowd("b", 30)]).toEqual([3, 2]);
    let all = 5;
    for (let merchant = 0; merchant < 30; merchant += 1) all += crowd(`m-${merchant}`, 30);
    expect(all).toBe(8);
  });

  it("has the places again of those that have waited", async () => {
    const { crowd, leave } = bench(32);
    crowd("a", 30);
    await leave();
    expect(crowd("a", 30)).toBe(3);
  });

  it("says at once when there is no place", async () => {
    const { room } = bench(3);
    expect(await room.wait("a", 1)).toBe(false);
  });

  it("has the place again though the wait was broken off", async () => {
    const room = new BoundedWaitQueue({ window: 4, pause: () => Promise.reject(new Error("stopped")) });
    await expect(room.wait("a", 1)).rejects.toThrow("stopped");
    await expect(room.wait("a", 1)).rejects.toThrow("stopped");
  });
});
