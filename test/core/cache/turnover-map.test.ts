import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { TurnoverMap } from "../../../core/cache/turnover-map.ts";

/** More than a few turns. */
const MANY = 3000;

describe("a map whose entries come and go", () => {
  it("has what a Map has, whatever is set, replaced and deleted", () => {
    const step = fc.tuple(fc.constantFrom("set", "set", "delete"), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: MANY, maxLength: MANY, size: "max" }), (steps) => {
        const map = new TurnoverMap<number, number>();
        const expected = new Map<number, number>();
        for (const [index, [what, key]] of steps.entries()) {
          if (what === "set") {
            map.set(key, index);
            expected.set(key, index);
          } else {
            map.delete(key);
            expected.delete(key);
          }
          // An expectation for each step would take longer than all the rest.
          if (map.get(key) !== expected.get(key) || map.size !== expected.size) throw new Error(`${what} ${key}`);
        }
        for (let key = 0; key <= 40; key += 1) expect(map.get(key)).toBe(expected.get(key));
      }),
      { numRuns: 5 },
    );
  });

  it("keeps what stays for long, however much comes and goes", () => {
    const map = new TurnoverMap<string, number>();
    for (let stays = 0; stays < MANY; stays += 1) map.set(`stays ${stays}`, stays);
    for (let goes = 0; goes < 10 * MANY; goes += 1) {
      map.set(`goes ${goes}`, goes);
      map.delete(`goes ${goes}`);
    }
    expect(map.size).toBe(MANY);
    for (let stays = 0; stays < MANY; stays += 1) expect(map.get(`stays ${stays}`)).toBe(stays);
  });

  it("leaves what has gone to the collector of young garbage, also once it is old itself", () => {
    const old = new TurnoverMap<number, unknown>();
    // What a Map does, which it stands for.
    const chain = new Map<number, unknown>();
    expect(oldBytesAfter(old)).toBeLessThan(oldBytesAfter(chain) / 4);
  });
});

/** Bytes that the old generation has grown by while entries of a kilobyte came and went, a few dozen at a time. */
function oldBytesAfter(map: TurnoverMap<number, unknown> | Map<number, unknown>): number {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as (options?: { type: "minor" }) => void;
  const comeAndGo = (from: number, to: number): void => {
    for (let key = from; key < to; key += 1) {
      map.set(
        key,
        Array.from({ length: 100 }, () => key),
      );
      map.delete(key - 40);
      if (key % 500 === 0) gc({ type: "minor" });
    }
  };
  comeAndGo(0, 100);
  gc();
  const before = oldBytes();
  comeAndGo(100, 10_000);
  return oldBytes() - before;
}

function oldBytes(): number {
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => name === "old_space");
  return spaces.reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}
