/** Recipients of a run, their traffic, and what befalls channels alone. */
import { expect, test } from "@jest/globals";
import { CHANNEL_KINDS } from "../../../core/channels/channel.ts";
import { parseMerchant } from "../../../core/merchant/merchant.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { ACKNOWLEDGING_BEHAVIOURS } from "../../../local/demo/fleet/response.ts";
import { labelOf } from "../../../tools/chaos/plan/own-fault.ts";
import { planRun } from "../../../tools/chaos/plan/plan.ts";
import {
  CHANNEL_SETTINGS,
  isRecipient,
  recipientAttributes,
  RECIPIENTS,
} from "../../../tools/chaos/plan/recipients.ts";
import { CHANNEL_FAULTS, SEND_SERVICES } from "../../../tools/chaos/proxy/channel-sends.ts";
import { RUN_SIZE } from "../../../tools/chaos/run-suite.ts";

test("recipients have rows that the pipeline reads, of kinds that the settings have", () => {
  const { kinds } = parseSettings({ channels: CHANNEL_SETTINGS }).channels;
  for (const recipient of RECIPIENTS) {
    const row = {
      merchantId: { S: recipient.merchantId },
      confirmationUrl: { S: "https://told.example/" },
      secretSalt: { S: Buffer.alloc(32).toString("base64") },
      ...recipientAttributes(recipient),
    };
    expect(parseMerchant(row)).not.toHaveProperty("faults");
    for (const { kind } of recipient.told?.channels ?? []) expect(["webhook", ...kinds]).toContain(kind);
  }
});

test("recipients have three channels by either plan, every kind there is, and each manner to acknowledge", () => {
  const told = RECIPIENTS.flatMap((one) => one.told ?? []);
  expect(told.every(({ channels }) => channels.length === 3)).toBe(true);
  expect(new Set(told.map(({ plan }) => plan))).toEqual(new Set(["fallback", "all"]));
  expect(new Set(told.flatMap(({ channels }) => channels.map(({ kind }) => kind)))).toEqual(new Set(CHANNEL_KINDS));
  const alone = RECIPIENTS.filter((one) => one.told === undefined).map(({ behaviour }) => behaviour);
  expect(alone.toSorted()).toEqual(ACKNOWLEDGING_BEHAVIOURS.toSorted());
  expect(RECIPIENTS.some((one) => one.told?.plan === "all" && one.acknowledgeWithinSeconds !== undefined)).toBe(true);
});

test("no recipient has two channels of a kind: a message outside tells its step by the kind", () => {
  for (const { told } of RECIPIENTS) {
    const kinds = (told?.channels ?? []).map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
  }
});

test("each run has traffic for every recipient, beside what the seed had before", () => {
  const { transactions } = planRun(5, RUN_SIZE);
  const own = transactions.filter(({ merchantId }) => isRecipient(merchantId));
  expect(new Set(own.map(({ merchantId }) => merchantId)).size).toBe(RECIPIENTS.length);
  expect(new Set(transactions.map(({ transactionId }) => transactionId)).size).toBe(transactions.length);
  const others = planRun(5, { ...RUN_SIZE, ofChannels: 0, channelFaults: 0 });
  expect(transactions.filter(({ merchantId }) => !isRecipient(merchantId))).toEqual(others.transactions);
  expect(others.transactions.length).toBe((RUN_SIZE.durationMs / 1000) * RUN_SIZE.ratePerSecond);
});

test("each run has a fault of every service, kills around three sends, and a function that is ended", () => {
  for (const seed of [1, 2, 3]) {
    const faults = planRun(seed, { ...RUN_SIZE, faults: 0, ownFaults: 0, redeliveries: 0 }).faults;
    const kinds = Map.groupBy(faults, ({ fault }) => fault.kind);
    expect(kinds.get("channel faulty")).toHaveLength(SEND_SERVICES.length);
    expect(kinds.get("killed around a send")).toHaveLength(3);
    expect(kinds.get("function killed")).toHaveLength(1);
    expect(faults.every(({ fault }) => labelOf(fault) !== undefined)).toBe(true);
  }
});

test("within a dozen seeds in a row each service fails in each manner, and is killed around before and after", () => {
  const seen = new Set<string>();
  for (let seed = 40; seed < 52; seed += 1)
    for (const { fault } of planRun(seed, { ...RUN_SIZE, ratePerSecond: 1 }).faults) {
      if (fault.kind === "channel faulty") seen.add(`${fault.service} ${fault.how}`);
      if (fault.kind === "killed around a send") seen.add(`${fault.service} ${fault.at}`);
    }
  expect(seen.size).toBe(SEND_SERVICES.length * (CHANNEL_FAULTS.length + 2));
});
