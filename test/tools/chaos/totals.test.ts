import { describe, expect, it } from "@jest/globals";
import { faultsOf, type PartReport, totalsOf } from "../../../tools/chaos/totals.ts";

const ACCOUNT = {
  transactions: 10,
  confirmed: 8,
  deadLettered: 2,
  lost: 0,
  duplicates: 1,
  duplicatesAllowed: 3,
  outOfOrder: 0,
};

const CHARGED = { attempts: 0, trips: 0, giveUps: 0 };
const CHANNELS = { transactions: 5, confirmed: 4, steps: 7, lost: 0, twice: 1, twiceAllowed: 2, early: 0 };
const NO_CALLS = { times: 3, touched: 0 };
const INJECTED = { "kms silent": { times: 1, touched: 4 } };

function part(
  account: Partial<PartReport["account"]> = {},
  ssrfReached = 0,
  more: Partial<PartReport> = {},
): PartReport {
  return {
    account: { ...ACCOUNT, ...account },
    ssrfReached,
    charged: CHARGED,
    injected: INJECTED,
    channels: CHANNELS,
    ...more,
  };
}

describe("the totals", () => {
  it("are the sums over runs and measurement, with the keys of the last line", () => {
    const totals = totalsOf([part(), part()], { report: part(), figures: { ratio: 1.234, deltaMs: 7.77 } });
    expect(totals).toEqual({
      runs: 2,
      transactions: 30,
      lost: 0,
      duplicates: 3,
      duplicatesAllowed: 9,
      outOfOrder: 0,
      ssrfReached: 0,
      chargedToMerchants: 0,
      timedOutFunctions: 0,
      spinningRows: 0,
      channelSteps: 21,
      channelsLost: 0,
      stepsTwice: 3,
      stepsTwiceAllowed: 6,
      toldEarly: 0,
      injected: { "kms silent": { times: 2, touched: 8 } },
      neighbourP99Ratio: 1.23,
      neighbourP99DeltaMs: 7.8,
    });
    expect(faultsOf(totals)).toEqual([]);
  });

  it("have no figures of neighbours where those were not measured, and are good without", () => {
    const totals = totalsOf([part()]);
    expect(totals).toMatchObject({ neighbourP99Ratio: null, neighbourP99DeltaMs: null });
    expect(faultsOf(totals)).toEqual([]);
  });

  it.each([
    ["a lost transaction", part({ lost: 1 })],
    ["a delivery out of order", part({ outOfOrder: 1 })],
    ["a connection to a forbidden address", part({}, 1)],
    ["a try that was charged", part({}, 0, { charged: { ...CHARGED, attempts: 1 } })],
    ["a trip that was charged", part({}, 0, { charged: { ...CHARGED, trips: 1 } })],
    ["something given up that was charged", part({}, 0, { charged: { ...CHARGED, giveUps: 1 } })],
    ["a function that was ended at its time limit", part({}, 0, { timedOutFunctions: 1 })],
    ["a row that is called for without a wait", part({}, 0, { spinningRows: 1 })],
    ["something lost of a recipient with channels", part({}, 0, { channels: { ...CHANNELS, lost: 1 } })],
    ["more steps done twice than are allowed", part({}, 0, { channels: { ...CHANNELS, twice: 3 } })],
    ["somebody told before his time was over", part({}, 0, { channels: { ...CHANNELS, early: 1 } })],
    ["nothing sent by a channel", part({}, 0, { channels: { ...CHANNELS, steps: 0 } })],
    ["no fault of our own", part({}, 0, { injected: {} })],
    ["only such faults of our own as touched nothing", part({}, 0, { injected: { "kms silent": NO_CALLS } })],
    ["more duplicates than are allowed", part({ duplicates: 4 })],
  ])("are bad with %s", (_, bad) => {
    expect(faultsOf(totalsOf([part({ duplicatesAllowed: 1 }), bad].slice(1)))).toHaveLength(1);
  });

  it.each([
    { ratio: 1.5, deltaMs: 900, isGood: true },
    { ratio: 3, deltaMs: 100, isGood: true },
    { ratio: 1.6, deltaMs: 101, isGood: false },
  ])("take a ratio of $ratio with $deltaMs ms more as good: $isGood", ({ isGood, ...figures }) => {
    expect(faultsOf(totalsOf([part()], { report: part(), figures })).length === 0).toBe(isGood);
  });
});
