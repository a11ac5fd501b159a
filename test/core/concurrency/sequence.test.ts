import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Sequence } from "../../../core/concurrency/sequence.ts";

describe("a sequence", () => {
  it("runs each key's tasks in order, one at a time, whatever finishes when", async () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(keys, fc.scheduler(), async (drawn, scheduler) => {
        const sequence = new Sequence();
        const running = new Set<string>();
        const done: number[] = [];
        const all = drawn.map((key, index) =>
          sequence.run([key], async () => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            done.push(index);
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        for (const key of ["a", "b", "c"]) {
          const order = done.filter((index) => drawn[index] === key);
          expect(order).toEqual(order.toSorted((one, other) => one - other));
        }
        expect(done).toHaveLength(drawn.length);
      }),
    );
  });

  it("runs what has either of two keys in common in order, one at a time, and never stands still", async () => {
    const key = fc.constantFrom<string>("a", "b", "c", "d");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, key), { maxLength: 20 }), fc.scheduler(), async (drawn, scheduler) => {
        const sequence = new Sequence();
        const running = new Set<string>();
        const done: number[] = [];
        const all = drawn.map((keys, index) =>
          sequence.run(keys, async () => {
            for (const one of new Set(keys)) {
              expect(running.has(one)).toBe(false);
              running.add(one);
            }
            await scheduler.schedule(Promise.resolve());
            for (const one of keys) running.delete(one);
            done.push(index);
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        for (const one of ["a", "b", "c", "d"]) {
          const order = done.filter((index) => drawn[index]?.includes(one));
          expect(order).toEqual(order.toSorted((first, second) => first - second));
        }
        expect(done).toHaveLength(drawn.length);
      }),
    );
  });

  it("runs a lone task at once", () => {
    let hasRun = false;
    void new Sequence().run(["a"], async () => {
      hasRun = true;
    });
    expect(hasRun).toBe(true);
  });
});
