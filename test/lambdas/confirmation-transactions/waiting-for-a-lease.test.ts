import { expect, test } from "@jest/globals";
import {
  MerchantShares,
  MOST_WAIT_MS,
  MOST_WAIT_TOGETHER_MS,
} from "../../../lambdas/confirmation-transactions/shares/merchant-shares.ts";
import { type Mapping, NO_SHARE, type Share } from "../../../lambdas/confirmation-transactions/shares/share.ts";

const FIVE: Mapping = { name: "confirmations", executions: 5 };
const PAIR: Mapping = { name: "ordered", executions: 2 };
const AT = 1_000_000;

/** @param mostMs after which the test has failed */
function sharesOf(shareOf: (owner: string, now: number) => Share, mostMs: number) {
  let at = AT;
  const shares = new MerchantShares({
    table: {
      read: async (owners) => new Map(owners.map((owner) => [owner, shareOf(owner, at)])),
      take: async () => ({ isTaken: true, share: NO_SHARE }),
      late: async () => NO_SHARE,
      tell: async () => NO_SHARE,
    },
    leaseMs: 10_000,
    baseline: { isLate: () => false, withoutOwn: (tookMs) => tookMs },
    openCircuit: async () => undefined,
    warn: () => undefined,
    now: () => at,
    async pause(ms) {
      at += ms;
      if (at > AT + mostMs) throw new Error("it waits on and on");
    },
  });
  return { shares, waitedMs: () => at - AT };
}

/** @param agoMs for which each of the leases has been held */
function held(now: number, ids: readonly string[], agoMs = 0): Share {
  const leases = new Map(ids.map((id) => [id, { since: now - agoMs, until: now + 10_000 }]));
  return { ...NO_SHARE, leases, version: 1 };
}

test("a lease that changes hands all the time is not waited for without an end", async () => {
  // Whoever holds it has always only begun.
  const shareOf = (owner: string, now: number) => (owner === "m-1" ? held(now, ["confirmations a"]) : NO_SHARE);
  const { shares, waitedMs } = sharesOf(shareOf, 10 * MOST_WAIT_MS);
  shares.begin(FIVE);
  await shares.look(["m-1"]);
  expect(await shares.take("m-1")).toBeUndefined();
  expect(waitedMs()).toBeGreaterThanOrEqual(MOST_WAIT_MS);
  expect(waitedMs()).toBeLessThan(2 * MOST_WAIT_MS);
  await shares.end();
});

const ALL_OF_FIVE = ["confirmations a", "confirmations b", "confirmations c"];

test("one of those that all have together is waited for a moment alone, as that holds an execution", async () => {
  const shareOf = (owner: string, now: number) => (owner === "*" ? held(now, ALL_OF_FIVE) : NO_SHARE);
  const { shares, waitedMs } = sharesOf(shareOf, 10 * MOST_WAIT_MS);
  shares.begin(FIVE);
  await shares.look(["m-1"]);
  expect(await shares.take("m-1")).toBeUndefined();
  expect(waitedMs()).toBeGreaterThanOrEqual(MOST_WAIT_TOGETHER_MS);
  expect(waitedMs()).toBeLessThan(2 * MOST_WAIT_TOGETHER_MS);
});

test("one of those that all have together is not waited for while its holders do not end", async () => {
  const shareOf = (owner: string, now: number) => (owner === "*" ? held(now, ALL_OF_FIVE, 150) : NO_SHARE);
  const { shares, waitedMs } = sharesOf(shareOf, 10 * MOST_WAIT_MS);
  shares.begin(FIVE);
  await shares.look(["m-1"]);
  expect(await shares.take("m-1")).toBeUndefined();
  expect(waitedMs()).toBe(0);
});

test.each([
  ["the ordered queue, while those of the other one are all held", PAIR, ALL_OF_FIVE, true],
  ["the ordered queue, while one of its two is held", PAIR, ["ordered a"], false],
  ["the other one, while those of the ordered queue are held", FIVE, ["ordered a", "ordered b", "ordered c"], true],
  ["the other one, while calls by hand hold theirs", FIVE, ["calls a", "calls b", "confirmations a"], true],
] as const)("executions of a mapping are its own: %s", async (_, mapping, ids, isIn) => {
  const shareOf = (owner: string, now: number) => (owner === "*" ? held(now, ids, 5000) : NO_SHARE);
  const { shares } = sharesOf(shareOf, MOST_WAIT_MS);
  shares.begin(mapping);
  await shares.look(["m-1"]);
  const call = await shares.take("m-1");
  expect(call !== undefined).toBe(isIn);
  if (call !== undefined) shares.ended(call, undefined);
  await shares.end();
});
