/** What is put off is done right after one another, once, and in order. */
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { goOnAfterReads, togetherAfterThis } from "../../../core/concurrency/together.ts";

describe("what is put off until what runs now has run", () => {
  it("is done after the promises that were resolved meanwhile, in the order in which it was put off", async () => {
    const done: string[] = [];
    const act = togetherAfterThis((item: string) => done.push(item));
    act("first");
    await Promise.resolve();
    done.push("promise");
    act("second");
    await turn();
    expect(done).toEqual(["promise", "first", "second"]);
  });

  it("is done anew for what is put off as it is done", async () => {
    const done: number[] = [];
    const act = togetherAfterThis((item: number) => {
      done.push(item);
      if (item < 3) act(item + 1);
    });
    act(1);
    await turn();
    expect(done).toEqual([1, 2, 3]);
  });
});

describe("what goes on after the reads of a turn", () => {
  it("goes on in the order of the calls, each once", async () => {
    const done: string[] = [];
    goOnAfterReads(() => done.push("first"));
    goOnAfterReads(() => done.push("second"));
    expect(done).toEqual([]);
    await turn();
    expect(done).toEqual(["first", "second"]);
  });
});
