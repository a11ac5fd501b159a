import { describe, expect, it } from "@jest/globals";
import { CampaignCounts } from "../../../../core/campaigns/campaign-counts.ts";
import type { Channel, ChannelPlan } from "../../../../core/channels/channel.ts";
import type { SendOutcome } from "../../../../core/channels/channel-sender.ts";
import { recordAcknowledgement } from "../../../../core/aws/record-acknowledgement.ts";
import { recordReceipt } from "../../../../core/aws/record-receipt.ts";
import type { AttemptOutcome } from "../../../../core/retry/next-step.ts";
import { parseMessage } from "../../../../core/transaction/message.ts";
import { numberOf } from "../../../../core/transaction/attribute-value.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { stepsOf } from "../../../../core/transaction/row/steps.ts";
import { changed, type Changes, number, text, transactionRow } from "../../../support/rows.ts";
import { ScriptedSenders, SENT } from "../../../support/scripted-senders.ts";
import { type BenchChanges, type WorkerHarness, workerHarness } from "../../../support/worker-harness.ts";

const web: Channel = { id: "web", kind: "webhook" };
const consent = { given: true, at: 1, by: "ops" };
const phone: Channel = { id: "phone", kind: "sms", to: "+5511987654321", template: "paid", when: { consent } };
const mail: Channel = { id: "mail", kind: "email", to: "shop@merchant.example", template: "paid" };
const queue: Channel = { id: "queue", kind: "sqs", queueUrl: "https://sqs.eu-west-1.amazonaws.com/1/q" };
const topic: Channel = { id: "topic", kind: "sns", topicArn: "arn:aws:sns:eu-west-1:1:topic" };
const WITH_RECEIPT: Channel = { ...phone, receipt: { withinSeconds: 60 } };
const DOWN: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "down" };
const GONE: SendOutcome = { kind: "outcome", outcome: { kind: "failed", class: "recipient", error: "no such number" } };
const UNCERTAIN: SendOutcome = { kind: "uncertain", error: "no response in time" };

interface World extends WorkerHarness {
  readonly senders: ScriptedSenders;
}

function worldOf(
  channels: readonly Channel[],
  plan: ChannelPlan = "fallback",
  changes: BenchChanges = {},
  rowChanges: Changes = {},
): World {
  const senders = new ScriptedSenders();
  const harness = workerHarness(transactionRow(rowChanges), { channels: senders, ...changes });
  harness.merchant = { channels, plan };
  return Object.assign(harness, { senders });
}

const row = (of: WorkerHarness) => of.table.row("t-1");
const calls = (of: WorkerHarness) => of.journal.filter((entry) => entry === "call").length;
const done = (of: WorkerHarness) => stepsOf(row(of))?.done.map(({ channel, result }) => `${channel} ${result}`) ?? [];

/** As `release-due` puts it back once it is due. */
async function next(of: World): Promise<void> {
  const { release } = rowStateOf(row(of));
  const dueAt = numberOf(row(of)["dueAt"]) ?? 0;
  if (dueAt > of.clock.now()) of.clock.advance(dueAt - of.clock.now());
  of.table.put(changed(row(of), { releaseNumber: number(release + 1), confirmationState: text("PENDING") }));
  await of.handle({ release: release + 1 });
}

/** As `release-due` puts it back before it is due. */
async function early(of: World): Promise<void> {
  const release = rowStateOf(row(of)).release + 1;
  of.table.put(changed(row(of), { releaseNumber: number(release), confirmationState: text("PENDING") }));
  await of.handle({ release, hasSteps: true });
}

/** Message after message, until it is terminal. */
async function toTheEnd(of: World): Promise<string> {
  if (!of.journal.some((entry) => entry.startsWith("record"))) await of.handle();
  for (let look = 0; look < 40 && !isTerminal(of); look += 1) await next(of);
  return row(of)["confirmationState"]?.S ?? "";
}

function isTerminal(of: WorkerHarness): boolean {
  const { state } = rowStateOf(row(of));
  return state === "CONFIRMED" || state === "FAILED";
}

function receipt(of: World, index: number, result: Parameters<typeof recordReceipt>[1]["result"]) {
  const intentId = of.senders.sent[index]?.intentId ?? "";
  const parts = { table: of.table, settledDays: 90, pause: async () => undefined };
  return recordReceipt(parts, { intentId, result, at: of.clock.now() });
}

describe("a transaction with a label", () => {
  async function countsOf(channels: readonly Channel[], respond: () => SendOutcome) {
    const campaigns = new CampaignCounts(["spring-sale"]);
    const of = worldOf(channels, "fallback", { telemetry: { campaigns } }, { campaign: text("spring-sale") });
    of.answer = () => DOWN;
    of.senders.respond = respond;
    await of.handle();
    await toTheEnd(of);
    return campaigns.take("N", 0).map(({ _aws, campaign: _campaign, ...counts }) => counts);
  }

  it("counts as sent once by each channel that was used, and under the one that ended it", async () => {
    expect(await countsOf([web, phone], () => SENT)).toEqual([
      { channel: "webhook", CampaignSent: 1 },
      { channel: "sms", CampaignSent: 1, CampaignDelivered: 1 },
    ]);
    expect(await countsOf([phone, mail], () => GONE)).toEqual([
      { channel: "sms", CampaignSent: 1 },
      { channel: "email", CampaignSent: 1, CampaignFailed: 1 },
    ]);
  });

  it("counts as sent once, though nobody knows whether it was, and it is sent again", async () => {
    const responses = [UNCERTAIN, SENT];
    expect(await countsOf([phone], () => responses.shift() ?? SENT)).toEqual([
      { channel: "sms", CampaignSent: 1, CampaignDelivered: 1 },
    ]);
  });
});

describe("a webhook among channels whose merchant wants no more at its URL", () => {
  const URL_TEXT = "https://merchant.example/";

  it("is left for the next channel, and nothing is called", async () => {
    const of = worldOf([web, phone]);
    of.healthTable.put("m-1", { disabledUrls: [URL_TEXT] });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), done(of)]).toEqual([0, ["web failed", "phone delivered"]]);
  });

  it("is waited for where nothing else is left", async () => {
    const of = worldOf([web]);
    of.healthTable.put("m-1", { disabledUrls: [URL_TEXT] });
    await of.handle();
    expect(row(of)["waitingFor"]).toEqual(text("url disabled"));
    expect([calls(of), done(of)]).toEqual([0, []]);
  });
});

describe("a plan of channels of which one is enough", () => {
  it("ends with the first that delivers, and says why it was used", async () => {
    const of = worldOf([web, phone]);
    await of.handle();
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(of.senders.sent).toEqual([]);
    expect(stepsOf(row(of))).toMatchObject({
      version: 1,
      plan: "fallback",
      done: [{ channel: "web", result: "delivered", attempts: 1, why: "web: it has no conditions" }],
    });
    expect(rowStateOf(row(of)).attempts).toMatchObject([{ outcome: "delivered", channel: "web" }]);
  });

  it("goes on with the next once the schedule of the one before is over", async () => {
    const of = worldOf([web, phone]);
    of.answer = () => DOWN;
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(calls(of)).toBe(3);
    expect(of.senders.channels).toEqual(["phone"]);
    expect(done(of)).toEqual(["web failed", "phone delivered"]);
    expect(row(of)["attemptCount"]).toEqual(number(4));
  });

  it("never waits in the queue: whatever has steps is for programs that know them", async () => {
    const of = worldOf([web, phone]);
    of.answer = () => DOWN;
    await of.handle();
    expect(of.journal).toEqual(["call", "record SCHEDULED: written", "delete"]);
    expect(stepsOf(row(of))?.current).toMatchObject({ channel: "web", from: 0 });
  });

  it.each<[string, SendOutcome]>([
    ["that reaches nobody", GONE],
    ["whose template is broken", { kind: "outcome", outcome: { kind: "failed", class: "template", error: "name" } }],
  ])("goes on at once after one %s", async (_, outcome) => {
    const of = worldOf([phone, mail]);
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? outcome : SENT);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
    expect(of.clock.now()).toBeLessThan(Date.parse("2027-01-01"));
  });

  it("retries what the service did not take, by the channel's own schedule", async () => {
    const of = worldOf([{ ...phone, retryScheduleSeconds: [5, 5, 5] }, mail]);
    of.senders.respond = ({ channel }) =>
      channel.id === "phone" ? { kind: "outcome", outcome: { kind: "failed", class: "service", error: "500" } } : SENT;
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "phone", "phone", "phone", "mail"]);
  });

  it("is given up after the last, naming each, and begins anew once its dead letter is put back", async () => {
    const of = worldOf([web, phone]);
    of.answer = () => ({ ...DOWN, abortsMessage: true });
    of.senders.respond = () => GONE;
    expect(await toTheEnd(of)).toBe("FAILED");
    const failure = row(of)["failure"]?.M;
    expect(failure).toMatchObject({ code: text("channels_exhausted"), fault: text("merchant") });
    expect(failure?.["reason"]?.S).toMatch(/web failed \(status_5xx, down\); phone failed \(recipient, no such number/);
    const [letter] = of.deadLetters.messages;
    const parsed = parseMessage(letter?.body ?? "");
    expect(parsed).toMatchObject({ kind: "message", message: { deadLettered: true, hasSteps: true } });
    of.answer = () => ({ kind: "delivered", status: 200 });
    await of.handle({ release: rowStateOf(row(of)).release, deadLettered: true, hasSteps: true });
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), attemptCount: number(1) });
    expect(done(of)).toEqual(["web delivered"]);
  });

  it.each<[string, readonly Channel[], SendOutcome, string]>([
    [
      "reasons of ours",
      [phone],
      { kind: "outcome", outcome: { kind: "failed", class: "template", error: "x" } },
      "pipeline",
    ],
    ["a kind that is not enabled", [topic], SENT, "pipeline"],
    ["a number that is none", [phone], GONE, "merchant"],
  ])("says whose fault it is: %s", async (_, channels, outcome, fault) => {
    const of = worldOf(channels);
    of.senders.respond = () => outcome;
    expect(await toTheEnd(of)).toBe("FAILED");
    expect(row(of)["failure"]?.M?.["fault"]).toEqual(text(fault));
  });

  it("goes on after a 202 that nobody acknowledged in time; what is acknowledged later confirms it still", async () => {
    const of = worldOf([web, WITH_RECEIPT]);
    of.merchant = { ...of.merchant, acknowledgement: { withinSeconds: 30 } };
    of.answer = () => ({ kind: "delivered", status: 202 });
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement") });
    await next(of);
    expect(calls(of)).toBe(1);
    expect(done(of)).toEqual(["web failed"]);
    await next(of);
    expect(of.senders.channels).toEqual(["phone"]);
    expect(row(of)).toMatchObject({ waitingFor: text("receipt") });
    const parts = { table: of.table, settledDays: 90, nowMs: of.clock.now, pause: async () => undefined };
    const acknowledged = { transactionId: "t-1", version: 1, merchantId: "m-1", by: "callback" };
    expect(await recordAcknowledgement(parts, acknowledged)).toMatchObject({ kind: "confirmed", isNew: true });
    expect(done(of)).toEqual(["web delivered"]);
    expect(row(of)).toMatchObject({
      confirmationState: text("CONFIRMED"),
      acknowledged: { M: { by: text("callback") } },
    });
  });

  it("calls nobody while what its webhook was sent before there were channels waits to be acknowledged", async () => {
    const of = worldOf([phone]);
    of.merchant = { acknowledgement: { withinSeconds: 30 } };
    of.answer = () => ({ kind: "delivered", status: 202 });
    await of.handle();
    of.merchant = { ...of.merchant, channels: [phone], plan: "fallback" };
    of.table.put(changed(row(of), { releaseNumber: number(1), confirmationState: text("PENDING") }));
    await of.handle({ release: 1 });
    expect(of.senders.sent).toEqual([]);
    expect(row(of)).toMatchObject({ waitingFor: text("acknowledgement") });
    await next(of);
    expect(of.senders.sent).toEqual([]);
    await next(of);
    expect([calls(of), of.senders.channels]).toEqual([1, ["phone"]]);
    expect(row(of)["confirmationState"]).toEqual(text("CONFIRMED"));
  });

  it("attempts again what nobody acknowledged where there is no other channel", async () => {
    const of = worldOf([web]);
    of.merchant = { ...of.merchant, acknowledgement: { withinSeconds: 30 } };
    of.answer = () => ({ kind: "delivered", status: 202 });
    expect(await toTheEnd(of)).toBe("FAILED");
    expect(calls(of)).toBe(3);
  });

  it("waits until hours begin, and is not given up for that before its time", async () => {
    const hours = { from: "08:00", to: "20:00", zone: "UTC" };
    const of = worldOf([{ ...mail, when: { hours } }], "fallback", { settings: { deliverWithinMs: 86_400_000 } });
    of.clock.advance(Date.parse("2026-12-01T03:00:00Z") - of.clock.now());
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("hours"), dueAt: number(Date.parse("2026-12-01T08:00:00Z")) });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
  });
});

const OVER_CAP = { kind: "not sent", error: "the month's limit is reached", waitSeconds: 3600 } as const;
const BUSY: SendOutcome = { kind: "not sent", error: "more than a second takes", waitSeconds: 10 };
const SHORT = [5, 30];
/** Whatever its health row says by then. */
const OPEN: BenchChanges = {
  merchants: {
    enter: async ({ merchantId }) =>
      merchantId === "m-1" ? { kind: "closed", reason: "circuit open" } : { kind: "open", leave: () => undefined },
  },
};
/** Of one channel alone. */
const OPEN_PHONE: BenchChanges = {
  merchants: {
    enter: async ({ merchantId }) =>
      merchantId.startsWith("channel phone")
        ? { kind: "closed", reason: "circuit open" }
        : { kind: "open", leave: () => undefined },
  },
};
const passed = (of: World) => stepsOf(row(of))?.passedOver;

describe("a channel that is kept back where another may be used", () => {
  it("by a limit that lasts is passed over at once, uses up no attempt, and says why", async () => {
    const of = worldOf([phone, mail]);
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? OVER_CAP : SENT);
    await of.handle();
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(of.clock.now()) });
    expect(passed(of)).toEqual([
      { channel: "phone", until: of.clock.now() + 3_600_000, why: "the month's limit is reached", attempts: 0 },
    ]);
    expect(stepsOf(row(of))?.current).toBeUndefined();
    await next(of);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), attemptCount: number(1) });
    expect(of.senders.channels).toEqual(["phone", "mail"]);
    const [step] = stepsOf(row(of))?.done ?? [];
    expect(step?.why).toBe("mail: it has no conditions (passed over: phone: the month's limit is reached)");
  });

  it("is waited for again once those after it have failed, and goes on where it was", async () => {
    const of = worldOf([{ ...phone, retryScheduleSeconds: SHORT }, mail]);
    const responses: SendOutcome[] = [
      { kind: "outcome", outcome: { kind: "failed", class: "service", error: "500" } },
      { ...OVER_CAP, waitSeconds: 300 },
      SENT,
    ];
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? (responses.shift() ?? SENT) : GONE);
    await of.handle();
    await next(of);
    expect(passed(of)).toMatchObject([{ channel: "phone", attempts: 1 }]);
    const { until = 0 } = passed(of)?.[0] ?? {};
    await next(of);
    expect(done(of)).toEqual(["mail failed"]);
    expect(row(of)).toMatchObject({ waitingFor: text("hours"), dueAt: number(until) });
    await next(of);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(of.senders.channels).toEqual(["phone", "phone", "mail", "phone"]);
    expect(stepsOf(row(of))?.done).toMatchObject([{ channel: "mail" }, { channel: "phone", attempts: 2 }]);
  });

  it("by a limit of seconds is waited for, for a minute", async () => {
    const of = worldOf([phone, mail]);
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? BUSY : SENT);
    const from = of.clock.now();
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels.filter((id) => id === "phone").length).toBeGreaterThan(3);
    expect(of.clock.now() - from).toBeLessThanOrEqual(60_000);
    const brief = worldOf([phone, mail]);
    let times = 0;
    brief.senders.respond = () => ((times += 1) <= 3 ? BUSY : SENT);
    expect(await toTheEnd(brief)).toBe("CONFIRMED");
    expect(done(brief)).toEqual(["phone delivered"]);
  });

  it("by its address, which is not verified, is waited for, for a minute", async () => {
    const of = worldOf([web, mail]);
    of.merchant = { ...of.merchant, owned: new Map() };
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("url unverified"), dueKey: text("M#m-1#0") });
    expect(row(of)["dueAt"]).toEqual(number(of.clock.now() + 60_000));
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), of.senders.channels]).toEqual([0, ["mail"]]);
  });

  it("by a circuit that stays open is waited for as long as its attempts would take", async () => {
    const of = worldOf([{ ...web, retryScheduleSeconds: SHORT }, mail], "fallback", OPEN);
    const from = of.clock.now();
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("circuit open"), dueAt: number(from + 35_000) });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), of.senders.channels, of.clock.now() - from]).toEqual([0, ["mail"], 35_000]);
    const other = worldOf([{ ...phone, retryScheduleSeconds: SHORT }, mail], "fallback", OPEN_PHONE);
    expect(await toTheEnd(other)).toBe("CONFIRMED");
    expect(other.senders.channels).toEqual(["mail"]);
  });

  it("is called where it may be again before that", async () => {
    const of = worldOf([{ ...web, retryScheduleSeconds: SHORT }, mail]);
    of.healthTable.put("m-1", { circuitOpenUntil: of.clock.now() + 5000, circuitTrips: 1 });
    await of.handle();
    of.clock.advance(6000);
    await early(of);
    expect([row(of)["confirmationState"], calls(of)]).toEqual([text("CONFIRMED"), 1]);
  });

  it.each(["gate unread", "key unavailable", "no room", "rate limit"] as const)(
    "for a reason of ours, or one that passes (%s), is waited for a minute, though it is never tried again",
    async (reason) => {
      let isOver = false;
      const merchants: BenchChanges["merchants"] = {
        enter: async ({ merchantId }) =>
          merchantId === "m-1" && !isOver ? { kind: "closed", reason } : { kind: "open", leave: () => undefined },
      };
      const channels = [{ ...web, retryScheduleSeconds: [] }, mail];
      const of = worldOf(channels, "fallback", { merchants });
      const from = of.clock.now();
      await of.handle();
      expect(row(of)).toMatchObject({ waitingFor: text(reason), dueAt: number(from + 60_000) });
      isOver = true;
      await early(of);
      expect([done(of), calls(of), passed(of)]).toEqual([["web delivered"], 1, undefined]);

      isOver = false;
      const other = worldOf(channels, "fallback", { merchants });
      expect(await toTheEnd(other)).toBe("CONFIRMED");
      expect([done(other), passed(other)]).toMatchObject([["mail delivered"], [{ channel: "web", why: reason }]]);
    },
  );

  it("by its merchant, which says when to come back, is waited for as long as its attempts would take", async () => {
    const of = worldOf([{ ...web, retryScheduleSeconds: SHORT }, mail]);
    of.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "busy", retryAfterSeconds: 10 });
    const from = of.clock.now();
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(calls(of)).toBeGreaterThan(1);
    expect(of.clock.now() - from).toBeLessThanOrEqual(35_000);
    expect(done(of)).toEqual(["mail delivered"]);
  });

  it("is passed over in time for the others, whatever its own schedule", async () => {
    const of = worldOf([web, mail], "fallback", { ...OPEN, settings: { deliverWithinMs: 900_000 } });
    of.merchant = { ...of.merchant, retryScheduleSeconds: [86_400] };
    const from = of.clock.now();
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.clock.now() - from).toBe(600_000);
  });

  it("is waited for where the others may be used later alone, until they may", async () => {
    const hours = { from: "08:00", to: "20:00", zone: "UTC" };
    const changes = { ...OPEN, settings: { deliverWithinMs: 86_400_000 } };
    const of = worldOf(
      [
        { ...web, retryScheduleSeconds: SHORT },
        { ...mail, when: { hours } },
      ],
      "fallback",
      changes,
    );
    of.clock.advance(Date.parse("2026-12-01T03:00:00Z") - of.clock.now());
    await of.handle();
    expect(row(of)).toMatchObject({
      waitingFor: text("circuit open"),
      dueAt: number(Date.parse("2026-12-01T08:00:00Z")),
    });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["mail"]);
  });

  it("is waited for, and nothing is noted, where no other is left, where all must deliver, or in a pause", async () => {
    const alone = worldOf([phone]);
    alone.senders.respond = () => OVER_CAP;
    await alone.handle();
    expect([row(alone)["waitingFor"], passed(alone)]).toEqual([text("service quota"), undefined]);
    const all = worldOf([phone, mail], "all");
    all.senders.respond = () => OVER_CAP;
    await all.handle();
    expect([row(all)["waitingFor"], passed(all)]).toEqual([text("service quota"), undefined]);
    const paused = worldOf([web, mail]);
    paused.healthTable.put("m-1", { pausedAt: 1 });
    await paused.handle();
    expect([row(paused)["waitingFor"], stepsOf(row(paused))]).toEqual([text("paused"), undefined]);
  });

  it("keeps its place in order, and goes on there", async () => {
    const of = worldOf([phone, mail], "fallback", { isOrdered: true }, { orderingKey: text("k") });
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? OVER_CAP : SENT);
    await of.handle();
    expect(row(of)).toMatchObject({ confirmationState: text("PENDING"), nextTryAt: number(of.clock.now()) });
    expect(passed(of)).toHaveLength(1);
  });
});

describe("a channel that is taken away while what it sent, or may have, is on its way", () => {
  const withoutPhone = (of: World) => (of.merchant = { ...of.merchant, channels: [mail] });

  it("is waited for, and used no more: the next one follows once its time is over", async () => {
    const of = worldOf([phone, mail]);
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? UNCERTAIN : SENT);
    await of.handle();
    withoutPhone(of);
    await early(of);
    expect([of.senders.channels, row(of)["waitingFor"]]).toEqual([["phone"], text("receipt")]);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
    expect(done(of)).toEqual(["phone skipped", "mail delivered"]);
    expect(stepsOf(row(of))?.done[0]?.error).toMatch(/no longer among .* nobody knows whether it was sent/);
  });

  it("confirms its transaction by its receipt, and nothing is sent by another", async () => {
    const of = worldOf([WITH_RECEIPT, mail]);
    await of.handle();
    withoutPhone(of);
    await early(of);
    expect(row(of)["waitingFor"]).toEqual(text("receipt"));
    expect(await receipt(of, 0, { kind: "delivered" })).toMatchObject({ isConfirmed: true });
    expect(of.senders.channels).toEqual(["phone"]);
  });

  it("whose receipt says that it failed is left out, and no plan of all fails for it", async () => {
    const of = worldOf([WITH_RECEIPT, mail], "all");
    await of.handle();
    withoutPhone(of);
    await receipt(of, 0, { kind: "failed", class: "recipient", error: "no such number" });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(done(of)).toEqual(["phone skipped", "mail delivered"]);
  });

  it("of a plan of all counts as done by what its receipt says", async () => {
    const of = worldOf([WITH_RECEIPT, mail], "all");
    await of.handle();
    withoutPhone(of);
    await receipt(of, 0, { kind: "delivered" });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(done(of)).toEqual(["phone delivered", "mail delivered"]);
  });

  it("is waited for as well where its webhook was answered with 202", async () => {
    const of = worldOf([web, mail]);
    of.merchant = { ...of.merchant, acknowledgement: { withinSeconds: 30 } };
    of.answer = () => ({ kind: "delivered", status: 202 });
    await of.handle();
    withoutPhone(of);
    await early(of);
    expect([of.senders.channels, row(of)["waitingFor"]]).toEqual([[], text("acknowledgement")]);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), of.senders.channels]).toEqual([1, ["mail"]]);
  });

  it("holds its recipient's webhook back where all channels are taken away", async () => {
    const of = worldOf([phone]);
    of.senders.respond = () => UNCERTAIN;
    await of.handle();
    const { channels: _, plan: __, ...plain } = of.merchant;
    of.merchant = plain;
    await early(of);
    expect([calls(of), row(of)["waitingFor"]]).toEqual([0, text("receipt")]);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), of.senders.channels]).toEqual([1, ["phone"]]);
  });
});

describe("a plan of all channels", () => {
  it("does one after the other, and hands on what was answered", async () => {
    const of = worldOf([web, mail], "all");
    of.answer = () => ({ kind: "delivered", status: 200, response: '{"slip":"341917900"}' });
    await of.handle();
    expect(done(of)).toEqual(["web delivered"]);
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(of.clock.now()) });
    await next(of);
    expect(of.senders.sent[0]?.steps).toMatchObject([{ channel: "web", response: '{"slip":"341917900"}' }]);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(done(of)).toEqual(["web delivered", "mail delivered"]);
  });

  it("keeps nothing of what was answered where one is enough", async () => {
    const of = worldOf([web, mail]);
    of.answer = () => ({ kind: "delivered", status: 200, response: "secret" });
    await of.handle();
    expect(JSON.stringify(row(of))).not.toContain("secret");
  });

  it("fails at the step that fails, and goes on there once its dead letter is put back", async () => {
    const of = worldOf([phone, web], "all");
    of.answer = () => DOWN;
    expect(await toTheEnd(of)).toBe("FAILED");
    expect(row(of)["failure"]?.M).toMatchObject({ code: text("channel_failed") });
    expect(done(of)).toEqual(["phone delivered", "web failed"]);
    of.answer = () => ({ kind: "delivered", status: 200 });
    await of.handle({ release: rowStateOf(row(of)).release, deadLettered: true, hasSteps: true });
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(of.senders.channels).toEqual(["phone"]);
  });

  it("goes on as it began where its merchant gets another plan meanwhile", async () => {
    const of = worldOf([phone, mail], "all");
    await of.handle();
    of.merchant = { ...of.merchant, plan: "fallback" };
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
  });

  it("goes by the new plan where nothing of it is left once its dead letter is put back", async () => {
    const of = worldOf([phone, mail], "all");
    of.senders.respond = () => GONE;
    expect(await toTheEnd(of)).toBe("FAILED");
    of.merchant = { ...of.merchant, plan: "fallback" };
    of.senders.respond = ({ channel }) => (channel.id === "phone" ? GONE : SENT);
    await of.handle({ release: rowStateOf(row(of)).release, deadLettered: true, hasSteps: true });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(done(of)).toEqual(["phone failed", "mail delivered"]);
  });

  it("does not forget a step whose row is put anew while it is sent", async () => {
    const of = worldOf([phone, mail], "all");
    const plain = row(of);
    let before = plain;
    of.senders.respond = () => {
      if (before === plain) {
        before = row(of);
        of.table.put(plain);
      }
      return SENT;
    };
    const read = of.table.read.bind(of.table);
    let looks = 0;
    // As `stream-transactions` restores it, a moment later.
    of.table.read = async (ids) => {
      looks += 1;
      if (looks === 3) of.table.put(before);
      return read(ids);
    };
    await of.handle();
    of.table.read = read;
    expect(done(of)).toEqual(["phone delivered"]);
    of.clock.advance(2000);
    await of.confirmation.handle(await of.receive());
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(of.senders.channels).toEqual(["phone", "mail"]);
  });

  /** The row is put anew while it is sent, and the stream restores it so much later. */
  async function wipedFor(behindMs: number): Promise<World> {
    const of = worldOf([phone, mail], "all");
    const plain = row(of);
    of.senders.respond = ({ channel }) => {
      if (channel.id !== "phone") return SENT;
      const before = row(of);
      of.table.put(plain);
      of.clock.plan(of.clock.now() + behindMs, () => of.table.put(before));
      return SENT;
    };
    await of.handle();
    return of;
  }

  it("does not forget a step whose row is put anew while the stream is minutes behind", async () => {
    const of = await wipedFor(240_000);
    expect(done(of)).toEqual(["phone delivered"]);
    expect(of.journal.some((entry) => entry.startsWith("visible in"))).toBe(true);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
  });

  it("does not wait for the stream for ever", async () => {
    const of = await wipedFor(86_400_000);
    expect(of.journal.at(-1)).toBe("visible in 2 s");
    expect(of.clock.elapsedMs()).toBeLessThan(330_000);
  });

  it("takes an acknowledgement for its step, and goes on after it", async () => {
    const of = worldOf([web, mail], "all");
    of.merchant = { ...of.merchant, acknowledgement: { withinSeconds: 30 } };
    of.answer = () => ({ kind: "delivered", status: 202 });
    await of.handle();
    const parts = { table: of.table, settledDays: 90, nowMs: of.clock.now, pause: async () => undefined };
    const acknowledged = { transactionId: "t-1", version: 1, merchantId: "m-1", by: "callback" };
    const step = { kind: "confirmed", isNew: false, isStep: true, at: of.clock.now() };
    expect(await recordAcknowledgement(parts, acknowledged)).toMatchObject(step);
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(of.clock.now()) });
    of.clock.advance(1000);
    expect(await recordAcknowledgement(parts, acknowledged)).toMatchObject(step);
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([calls(of), of.senders.channels]).toEqual([1, ["mail"]]);
  });

  it("takes one for its step alone, though all that is recorded is a call that our network held back", async () => {
    const of = worldOf([web, mail], "all", { merchants: { isOurs: () => true } });
    of.merchant = { ...of.merchant, acknowledgement: { withinSeconds: 30 } };
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("our egress"), attemptCount: number(0) });
    const parts = { table: of.table, settledDays: 90, nowMs: of.clock.now, pause: async () => undefined };
    const acknowledged = { transactionId: "t-1", version: 1, merchantId: "m-1", by: "callback" };
    expect(await recordAcknowledgement(parts, acknowledged)).toMatchObject({ isNew: false });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([done(of), of.senders.channels]).toEqual([["web delivered", "mail delivered"], ["mail"]]);
  });
});

describe("a message without a token of its service", () => {
  it("has its intent on the row before it is sent, and not after it was", async () => {
    const of = worldOf([phone]);
    let before: unknown;
    of.senders.respond = () => {
      before = stepsOf(row(of))?.current?.intent;
      return SENT;
    };
    await of.handle();
    expect(before).toEqual({ id: of.senders.sent[0]?.intentId, at: of.clock.now() });
    expect(of.journal).toEqual(["record PENDING: written", "record CONFIRMED: written", "delete"]);
    expect(stepsOf(row(of))?.current).toBeUndefined();
  });

  it("has none where the service takes a token", async () => {
    const of = worldOf([queue]);
    await of.handle();
    expect(of.journal).toEqual(["record CONFIRMED: written", "delete"]);
  });

  it("is not sent where its intent is not written", async () => {
    const of = worldOf([phone]);
    of.table.fault = () => ({ kind: "condition failed" });
    await of.handle();
    expect(of.senders.sent).toEqual([]);
    expect(of.journal.at(-1)).toBe("visible in 2 s");
  });

  it("is not sent, and due at once, where the clock turns out to be wrong once its intent is written", async () => {
    const of = worldOf([phone]);
    of.table.fault = () => {
      if (!of.isClockWrong) of.clock.step(600_000);
      of.isClockWrong = true;
      return undefined;
    };
    await of.handle();
    expect(of.senders.sent).toEqual([]);
    expect(row(of)).toMatchObject({ confirmationState: text("SCHEDULED"), dueAt: number(of.clock.trueNow()) });
    expect(stepsOf(row(of))?.current?.intent).toBeUndefined();
  });

  it.each(["send again", "give up"] as const)(
    "of which nobody knows whether it was sent waits for a receipt, and then: %s",
    async (onUncertain) => {
      const of = worldOf([{ ...phone, onUncertain }, mail]);
      of.senders.respond = ({ channel }) => (channel.id === "phone" ? UNCERTAIN : SENT);
      await of.handle();
      expect(row(of)).toMatchObject({
        confirmationState: text("SCHEDULED"),
        waitingFor: text("receipt"),
        dueAt: number(of.clock.now() + 300_000),
      });
      await next(of);
      expect(of.senders.channels).toEqual(onUncertain === "send again" ? ["phone", "phone"] : ["phone"]);
      expect(await toTheEnd(of)).toBe("CONFIRMED");
      expect(done(of)).toEqual(["phone failed", "mail delivered"]);
      expect(stepsOf(row(of))?.done[0]).toMatchObject({ class: "uncertain" });
      expect(of.senders.channels.filter((id) => id === "phone")).toHaveLength(onUncertain === "send again" ? 3 : 1);
    },
  );

  it("that was sent by a task that is gone is confirmed by its receipt", async () => {
    const of = worldOf([phone]);
    of.senders.respond = () => {
      throw new Error("killed");
    };
    await of.handle();
    expect(of.senders.sent).toHaveLength(1);
    expect(await receipt(of, 0, { kind: "delivered", messageId: "x" })).toMatchObject({
      kind: "recorded",
      isConfirmed: true,
    });
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED"), attemptCount: number(1) });
    expect(await receipt(of, 0, { kind: "delivered" })).toEqual({ kind: "known" });
  });

  it("waits for its receipt where its channel says so; without one in time the next channel is used", async () => {
    const of = worldOf([WITH_RECEIPT, mail]);
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("receipt"), dueAt: number(of.clock.now() + 60_000) });
    expect(rowStateOf(row(of)).attempts).toMatchObject([{ outcome: "sent", channel: "phone" }]);
    await next(of);
    expect(done(of)).toEqual(["phone failed"]);
    expect(stepsOf(row(of))?.done[0]).toMatchObject({ class: "unreceipted" });
    expect(await receipt(of, 0, { kind: "delivered" })).toMatchObject({ isConfirmed: true });
    expect(done(of)).toEqual(["phone delivered"]);
    expect(of.senders.channels).toEqual(["phone"]);
  });

  it("whose receipt says that it failed goes on at once", async () => {
    const of = worldOf([WITH_RECEIPT, mail]);
    await of.handle();
    const told = { kind: "failed", class: "recipient", error: "the mailbox is unknown" } as const;
    expect(await receipt(of, 0, told)).toMatchObject({ kind: "recorded", isConfirmed: false });
    expect(row(of)).toMatchObject({ dueAt: number(of.clock.now()) });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
    expect(await receipt(of, 0, told)).toEqual({ kind: "known" });
  });

  it("of a plan of all goes on with what its receipt says, and not once more", async () => {
    const of = worldOf([WITH_RECEIPT, mail], "all");
    await of.handle();
    expect(await receipt(of, 0, { kind: "delivered" })).toMatchObject({ isConfirmed: false });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect(of.senders.channels).toEqual(["phone", "mail"]);
  });

  it("whose row is put anew meanwhile has its receipt come again, until the row is restored", async () => {
    const of = worldOf([WITH_RECEIPT]);
    const plain = row(of);
    await of.handle();
    const before = row(of);
    of.table.put(plain);
    await expect(receipt(of, 0, { kind: "delivered" })).rejects.toThrow("put anew");
    of.table.put(before);
    expect(await receipt(of, 0, { kind: "delivered" })).toMatchObject({ kind: "recorded", isConfirmed: true });
  });

  it("of a plan of all has delivered by the late receipt of its first, though the last has none in time", async () => {
    const of = worldOf([WITH_RECEIPT], "all");
    of.merchant = { ...of.merchant, retryScheduleSeconds: [5] };
    await of.handle();
    await next(of);
    await next(of);
    expect(of.senders.channels).toEqual(["phone", "phone"]);
    expect(await receipt(of, 0, { kind: "delivered" })).toMatchObject({ kind: "recorded" });
    expect(await toTheEnd(of)).toBe("CONFIRMED");
    expect([of.senders.channels, done(of)]).toEqual([["phone", "phone"], ["phone delivered"]]);
  });

  it("that our account may not send waits, and counts as no attempt", async () => {
    const of = worldOf([phone]);
    of.senders.respond = () => ({ kind: "not sent", error: "the month's limit is reached", waitSeconds: 600 });
    await of.handle();
    expect(row(of)).toMatchObject({
      waitingFor: text("service quota"),
      attemptCount: number(0),
      dueAt: number(of.clock.now() + 600_000),
    });
    expect(stepsOf(row(of))?.current?.intent).toBeUndefined();
  });

  it("waits for its recipient where that is paused, and for its own channel where that fails", async () => {
    const of = worldOf([phone]);
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    expect(row(of)).toMatchObject({ waitingFor: text("paused"), dueKey: text("M#m-1#0") });
    const other = worldOf([phone]);
    other.healthTable.put("channel phone of m-1", { circuitOpenUntil: other.clock.now() + 60_000, circuitTrips: 1 });
    await other.handle();
    expect(row(other)).toMatchObject({ waitingFor: text("circuit open"), dueKey: text("T#0") });
    expect([of.senders.sent, other.senders.sent]).toEqual([[], []]);
  });
});

describe("a recipient without channels", () => {
  it("has nothing of steps on its row, and its message is as before", async () => {
    const of = workerHarness();
    await of.handle();
    expect(row(of)).not.toHaveProperty("steps");
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
  });
});
