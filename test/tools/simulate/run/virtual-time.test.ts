import { describe, expect, it } from "@jest/globals";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";

const until = async (time: VirtualTime, seconds: number) => {
  while (time.elapsedSeconds < seconds) await time.advance(() => {});
};

describe("virtual time", () => {
  it("goes on only when everything that was started waits for it", async () => {
    const time = new VirtualTime();
    const seen: string[] = [];
    time.start(async () => {
      for (const name of ["first", "second"]) {
        for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
        await new Promise(setImmediate);
        seen.push(`${name} at ${time.elapsedSeconds}`);
        await time.pause(1000);
      }
    });
    await until(time, 3);
    expect(seen).toEqual(["first at 0.01", "second at 1.01"]);
  });

  it("calls back in the order of time, and in one tick in the order in which that was asked for", async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    for (const ms of [30, 10, 20, 11, 12]) time.at(time.now() + ms, () => seen.push(ms));
    await until(time, 1);
    expect(seen).toEqual([10, 20, 11, 12, 30]);
  });

  it("waits for all of several jobs", async () => {
    const time = new VirtualTime();
    let doneAt = 0;
    time.start(async () => {
      await time.all([() => time.pause(100), () => time.pause(300), async () => {}]);
      doneAt = time.elapsedSeconds;
    });
    await until(time, 1);
    expect(doneAt).toBe(0.3);
  });

  it("passes on what a job throws", async () => {
    const time = new VirtualTime();
    time.start(() => Promise.reject(new Error("a job failed")));
    await expect(until(time, 1)).rejects.toThrow("a job failed");
  });
});
