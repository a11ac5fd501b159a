/** The fault suite itself, one short run: `npm run chaos` plays longer ones, of other seeds. */
import { expect, it } from "@jest/globals";
import { planRun, type PlanSize } from "../../tools/chaos/plan/plan.ts";
import { runOnce } from "../../tools/chaos/run/run-once.ts";
import { patienceMs } from "../support/machine-speed.ts";

const SEED = 3815;
const SIZE: PlanSize = {
  durationMs: 6000,
  ratePerSecond: 20,
  faults: 11,
  ownFaults: 5,
  redeliveries: 3,
  ofChannels: 24,
  channelFaults: 2,
};

it(
  "accounts for every transaction of a run with every kind of fault, and for the order of those with " +
    "ordering keys",
  async () => {
    const plan = planRun(SEED, SIZE);

    const { account, channels, charged, findings, injected, ssrfReached, ordersExpected } = await runOnce({
      plan,
      delivery: "fargate",
      interruption: new AbortController().signal,
      note: () => undefined,
    });

    expect(findings).toEqual([]);
    expect(ssrfReached).toEqual([]);
    const transactions = account.transactions + channels.transactions;
    expect(transactions).toBe(plan.transactions.length);
    expect(account).toMatchObject({ lost: 0, outOfOrder: 0 });
    expect(channels).toMatchObject({ lost: 0, early: 0 });
    expect(channels.steps).toBeGreaterThan(0);
    expect(channels.twice).toBeLessThanOrEqual(channels.twiceAllowed);
    expect(ordersExpected).toBeGreaterThan(10);
    expect(charged).toMatchObject({ attempts: 0, trips: 0, giveUps: 0 });
    expect(Object.keys(injected).some((label) => label.startsWith("redelivery"))).toBe(true);
    expect(Object.values(injected).some(({ touched }) => touched > 0)).toBe(true);
    expect(account.duplicates).toBeLessThanOrEqual(account.duplicatesAllowed);
  },
  patienceMs(180_000),
);
