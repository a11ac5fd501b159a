import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { interleaved, raceAddresses } from "../../../core/delivery/address-race.ts";
import type { Dialled, OpeningPhase } from "../../../core/http/dial.ts";
import { strictFake } from "../../support/strict-fake.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A race whose openings end as the test says. */
function race(...addresses: string[]) {
  const openings = new Map<string, { readonly end: Dialled; isDestroyed: boolean; phase: OpeningPhase }>();
  const begun: string[] = [];
  const ends: string[] = [];
  let result: unknown;
  let isLate = false;
  const abandon = raceAddresses(
    addresses,
    {
      dial: (address, end) => {
        begun.push(address);
        const opening = { end, isDestroyed: false, phase: "connecting" as OpeningPhase };
        openings.set(address, opening);
        return () => {
          opening.isDestroyed = true;
          return opening.phase;
        };
      },
      isLate: () => isLate,
      patienceMs: 2000,
      ended: (address, isHealthy) => void ends.push(`${address} ${isHealthy ? "well" : "ill"}`),
    },
    (error, socket) => (result = error ?? socket),
  );
  const of = (address: string) => {
    const opening = openings.get(address);
    if (opening === undefined) throw new Error(`${address} was not dialled`);
    return opening;
  };
  return {
    begun,
    ends,
    abandon,
    of,
    result: () => result,
    stands: (address: string) => {
      const socket = strictFake<Socket>("socket", {});
      of(address).end(undefined, socket);
      return socket;
    },
    fails: (address: string, error = new Error(`${address} fails`)) => of(address).end(error, undefined),
    isNowLate: () => (isLate = true),
  };
}

describe("a race of addresses", () => {
  it("begins with the first, and with the next after 250 ms", () => {
    const { begun } = race("a", "b", "c");
    expect(begun).toEqual(["a"]);
    jest.advanceTimersByTime(249);
    expect(begun).toEqual(["a"]);
    jest.advanceTimersByTime(1);
    expect(begun).toEqual(["a", "b"]);
  });

  it("is won by the second where the first is silent, which is destroyed and told to nobody", () => {
    const { stands, of, result, ends } = race("a", "b");
    jest.advanceTimersByTime(250);
    const socket = stands("b");
    expect(result()).toBe(socket);
    expect([of("a").isDestroyed, of("b").isDestroyed]).toEqual([true, false]);
    expect(ends).toEqual(["b well", "a ill"]);
    of("a").end(new Error("too late"), undefined);
    expect(result()).toBe(socket);
  });

  it("is won by the first where that is only slower than the delay", () => {
    const { stands, of, result } = race("a", "b");
    jest.advanceTimersByTime(250);
    expect(result()).toBeUndefined();
    expect(stands("a")).toBe(result());
    expect(of("b").isDestroyed).toBe(true);
  });

  it("goes on at once with the next where one fails", () => {
    const { fails, begun, stands, result } = race("a", "b", "c");
    fails("a");
    expect(begun).toEqual(["a", "b"]);
    fails("b");
    expect(begun).toEqual(["a", "b", "c"]);
    expect(stands("c")).toBe(result());
  });

  it("has two open at most: the older makes room after a while, so that the third is tried", () => {
    const { begun, of, stands, result } = race("a", "b", "c");
    jest.advanceTimersByTime(250 + 1999);
    expect(begun).toEqual(["a", "b"]);
    jest.advanceTimersByTime(1);
    expect([begun, of("a").isDestroyed]).toEqual([["a", "b", "c"], true]);
    expect(stands("c")).toBe(result());
  });

  it("fails with the last of them, once all have failed", () => {
    const { fails, result } = race("a", "b");
    jest.advanceTimersByTime(250);
    fails("b");
    expect(result()).toBeUndefined();
    fails("a", new Error("the last"));
    expect(result()).toEqual(new Error("the last"));
    expect(jest.getTimerCount()).toBe(0);
  });

  it("begins no other when it is too late for any", () => {
    const { fails, begun, isNowLate, result } = race("a", "b", "c");
    isNowLate();
    jest.advanceTimersByTime(250);
    expect(begun).toEqual(["a"]);
    fails("a");
    expect(result()).toEqual(new Error("a fails"));
  });

  it("that is abandoned destroys all that is open, says how far it had come, and leaves no timer", () => {
    const { abandon, of, result, begun } = race("a", "b", "c");
    jest.advanceTimersByTime(250);
    of("b").phase = "securing";
    expect(abandon()).toBe("securing");
    expect([of("a").isDestroyed, of("b").isDestroyed, jest.getTimerCount()]).toEqual([true, true, 0]);
    of("a").end(new Error("too late"), undefined);
    expect([result(), begun]).toEqual([undefined, ["a", "b"]]);
  });
});

describe("addresses of two families", () => {
  it("are tried in turn, beginning with the family of the first", () => {
    expect(interleaved(["1.1.1.1", "1.1.1.2", "1.1.1.3", "2606::1"])).toEqual([
      "1.1.1.1",
      "2606::1",
      "1.1.1.2",
      "1.1.1.3",
    ]);
    expect(interleaved(["2606::1", "2606::2", "1.1.1.1"])).toEqual(["2606::1", "1.1.1.1", "2606::2"]);
    expect(interleaved(["1.1.1.1"])).toEqual(["1.1.1.1"]);
  });
});
