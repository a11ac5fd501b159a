import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Channel, ChannelCondition } from "../../../core/channels/channel.ts";
import { chooseChannel, type ChannelsInQuestion, LOOK_AGAIN_MS } from "../../../core/channels/choose-channel.ts";
import type { StepRecord } from "../../../core/channels/steps.ts";

const AGREED = { given: true, at: Date.parse("2026-11-01T09:00Z"), by: "ops" };
const WITHDRAWN = { ...AGREED, given: false };
const DAYTIME = { from: "08:00", to: "20:00", zone: "America/Sao_Paulo" };
/** Monday 10:00 in São Paulo. */
const MORNING = "2026-11-30T13:00:00Z";
/** Monday 00:30 there. */
const NIGHT = "2026-11-30T03:30:00Z";

const web: Channel = { id: "web", kind: "webhook" };
const phone = (when: ChannelCondition = {}): Channel => ({
  id: "phone",
  kind: "sms",
  to: "+5511987654321",
  template: "confirmed",
  when: { consent: AGREED, ...when },
});
const mail = (when?: ChannelCondition): Channel => ({
  id: "mail",
  kind: "email",
  to: "shop@merchant.example",
  template: "confirmed",
  ...(when !== undefined && { when }),
});
const step = (channel: string, result: StepRecord["result"]): StepRecord => ({ channel, result, at: 1, attempts: 1 });
const STEPS = { version: 1, plan: "fallback", revision: 1 } as const;
const done = (...steps: StepRecord[]) => ({ ...STEPS, done: steps });
const on = (channel: string, more = {}) => ({
  ...STEPS,
  done: [],
  current: { channel, why: `${channel}: it was chosen`, from: 0, ...more },
});

interface Row {
  readonly channels: readonly Channel[];
  readonly plan?: "all";
  readonly paid?: string;
  readonly outcome?: string;
  readonly steps?: ChannelsInQuestion["steps"];
  /** Channels whose circuit is not closed. */
  readonly circuits?: Readonly<Record<string, "open" | "half open">>;
  readonly at?: string;
}

function choice({ channels, plan, paid = "100.00 BRL", outcome = "APPROVED", steps, circuits = {}, at }: Row) {
  const [amount = "", currency = ""] = paid.split(" ");
  return chooseChannel({
    channels,
    plan: plan ?? "fallback",
    transaction: { amount, currency, outcome },
    steps,
    healthOf: (id) => circuits[id] ?? "closed",
    now: Date.parse(at ?? MORNING),
  });
}

/** Who is used, waited for until when, or nobody; and why. */
function told(row: Row): string {
  const chosen = choice(row);
  return chosen.kind === "wait"
    ? `${new Date(chosen.until).toISOString()} ${chosen.why}`
    : `${chosen.kind} ${chosen.why}`;
}

const large = phone({ amount: { min: "1000" } });

describe("the channel of a transaction", () => {
  it.each<[string, Row, string]>([
    ["the first without conditions", { channels: [web, mail()] }, "use web: it has no conditions"],
    [
      "one for large amounts, from exactly as much",
      { channels: [large, web], paid: "1000.000 BRL" },
      "use phone: consent was given on 2026-11-01, recorded by ops; amount 1000.000 BRL is at least 1000",
    ],
    ["the next for a cent less", { channels: [large, web], paid: "999.99 BRL" }, "use web: it has no conditions"],
    [
      "one for small amounts, up to exactly as much",
      { channels: [mail({ amount: { max: "0.10" } })], paid: "0.1 EUR" },
      "use mail: amount 0.1 EUR is at most 0.10",
    ],
    [
      "none above the largest amount, however little above",
      { channels: [mail({ amount: { max: "0.3" } })], paid: "0.300000000000000001 EUR" },
      "none no channel may be used: mail: amount 0.300000000000000001 EUR is above 0.3",
    ],
    [
      "one of a currency and an outcome",
      { channels: [mail({ currencies: ["EUR", "BRL"], outcomes: ["APPROVED"] })] },
      "use mail: currency BRL is among EUR, BRL; outcome APPROVED is among APPROVED",
    ],
    [
      "none of another currency",
      { channels: [mail({ currencies: ["EUR"] })] },
      "none no channel may be used: mail: currency BRL is not among EUR",
    ],
    [
      "none of another outcome",
      { channels: [mail({ outcomes: ["DECLINED", "REFUNDED"] })] },
      "none no channel may be used: mail: outcome APPROVED is not among DECLINED, REFUNDED",
    ],
    [
      "one within its hours",
      { channels: [mail({ hours: DAYTIME })] },
      "use mail: it is Monday 10:00 in America/Sao_Paulo, within 08:00 to 20:00",
    ],
    [
      "the next, outside its hours",
      { channels: [mail({ hours: DAYTIME }), web], at: NIGHT },
      "use web: it has no conditions " +
        "(passed over: mail: it is Monday 00:30 in America/Sao_Paulo, outside 08:00 to 20:00)",
    ],
    [
      "one that is waited for, where no other is left",
      { channels: [web, mail({ hours: DAYTIME })], steps: done(step("web", "failed")), at: NIGHT },
      "2026-11-30T11:00:00.000Z mail is waited for: it is Monday 00:30 in America/Sao_Paulo, outside 08:00 to 20:00",
    ],
    [
      "the one whose hours begin first",
      { channels: [mail({ hours: DAYTIME }), phone({ hours: { ...DAYTIME, from: "06:00" } })], at: NIGHT },
      "2026-11-30T09:00:00.000Z phone is waited for: it is Monday 00:30 in America/Sao_Paulo, outside 06:00 to 20:00",
    ],
    [
      "the one passed over for its hours, once those after it have failed",
      { channels: [mail({ hours: DAYTIME }), web], steps: done(step("web", "failed")) },
      "use mail: it is Monday 10:00 in America/Sao_Paulo, within 08:00 to 20:00",
    ],
    [
      "another while the circuit of the first is open",
      { channels: [mail({ health: { channel: "web", is: "open" } }), web], circuits: { web: "open" } },
      "use mail: the circuit of web is open",
    ],
    [
      "the first again once its circuit is half open",
      { channels: [mail({ health: { channel: "web", is: "open" } }), web], circuits: { web: "half open" } },
      "use web: it has no conditions (passed over: mail: the circuit of web is half open, not open)",
    ],
    [
      "the only one, looked at again while its circuit is open",
      { channels: [{ ...web, when: { health: { channel: "web", is: "closed" } } }], circuits: { web: "open" } },
      `${new Date(Date.parse(MORNING) + LOOK_AGAIN_MS).toISOString()} ` +
        "web is waited for: the circuit of web is open, not closed",
    ],
    [
      "none whose consent was withdrawn",
      { channels: [mail({ consent: WITHDRAWN })] },
      "none no channel may be used: mail: consent was withdrawn on 2026-11-01, recorded by ops",
    ],
    ["mail without a word about consent", { channels: [mail()] }, "use mail: it has no conditions"],
    [
      "no telephone without a word about consent",
      { channels: [{ id: "phone", kind: "sms", to: "+5511987654321", template: "confirmed" }, web] },
      "use web: it has no conditions",
    ],
    [
      "the one that is on, whatever comes before it",
      { channels: [web, mail()], steps: on("mail") },
      "use mail: it was chosen",
    ],
    [
      "the one that is on, although its circuit opened meanwhile",
      {
        channels: [{ ...web, when: { health: { channel: "web", is: "closed" } } }, mail()],
        steps: on("web"),
        circuits: { web: "open" },
      },
      "use web: it was chosen",
    ],
    [
      "the one that is on, once its hours begin again",
      { channels: [mail({ hours: DAYTIME }), web], steps: on("mail"), at: NIGHT },
      "2026-11-30T11:00:00.000Z mail is waited for: it is Monday 00:30 in America/Sao_Paulo, outside 08:00 to 20:00",
    ],
    [
      "the next, where consent to the one that is on was withdrawn",
      { channels: [phone({ consent: WITHDRAWN }), web], steps: on("phone") },
      "use web: it has no conditions",
    ],
    [
      "the one that may have been sent already, whatever was withdrawn",
      { channels: [phone({ consent: WITHDRAWN }), web], steps: on("phone", { intent: { id: "i-1", at: 1 } }) },
      "use phone: it was chosen",
    ],
    [
      "the next, where the one that is on was taken away",
      { channels: [web], steps: on("phone") },
      "use web: it has no conditions",
    ],
    [
      "none once one delivered",
      { channels: [web, mail()], steps: done(step("web", "delivered")) },
      "none web delivered, and one that delivers is enough",
    ],
    [
      "none once each has failed",
      { channels: [web, mail()], steps: done(step("web", "failed"), step("mail", "failed")) },
      "none each of the channels is done",
    ],
    [
      "of all, the next after one that delivered",
      { channels: [web, mail()], plan: "all", steps: done(step("web", "delivered")) },
      "use mail: it has no conditions",
    ],
    [
      "of all, none after one that failed",
      { channels: [web, mail()], plan: "all", steps: done(step("web", "failed")) },
      "none web failed, and each must deliver",
    ],
    [
      "of all, the one whose hours begin later, before those after it",
      { channels: [mail({ hours: DAYTIME }), web], plan: "all", at: NIGHT },
      "2026-11-30T11:00:00.000Z mail is waited for: it is Monday 00:30 in America/Sao_Paulo, outside 08:00 to 20:00",
    ],
    [
      "of all, not the one whose condition of health does not hold",
      { channels: [mail({ health: { channel: "web", is: "open" } }), web], plan: "all" },
      "use web: it has no conditions",
    ],
  ])("is %s", (_, row, expected) => {
    expect(told(row)).toBe(expected);
  });

  it("comes with those that were left out, and why, apart from those passed over for now", () => {
    const channels = [large, mail({ hours: DAYTIME }), web];
    expect(choice({ channels, at: NIGHT }).skipped).toEqual([
      { channel: "phone", why: "amount 100.00 BRL is below 1000", isFinal: true },
      { channel: "mail", why: expect.stringContaining("outside 08:00 to 20:00"), isFinal: false },
    ]);
  });

  it("comes with the one that was on, where it may not go on", () => {
    expect(choice({ channels: [web], steps: on("phone") }).skipped).toEqual([
      { channel: "phone", why: "it is no longer among the recipient's channels", isFinal: true },
    ]);
  });
});

describe("whatever the channels", () => {
  const condition = fc.record(
    {
      amount: fc.record({ min: fc.constantFrom("1", "50.5"), max: fc.constantFrom("60", "1000") }),
      currencies: fc.subarray(["EUR", "BRL"], { minLength: 1 }),
      hours: fc.record({
        from: fc.constantFrom("08:00", "22:00"),
        to: fc.constantFrom("06:00", "20:00"),
        zone: fc.constantFrom("UTC", "America/Sao_Paulo", "Europe/Berlin"),
      }),
      health: fc.record({
        channel: fc.constantFrom("c0", "c1"),
        is: fc.constantFrom("closed" as const, "open" as const),
      }),
      consent: fc.constantFrom(AGREED, WITHDRAWN),
    },
    { requiredKeys: [] },
  );
  const question = fc
    .record({
      conditions: fc.array(condition, { minLength: 1, maxLength: 4 }),
      plan: fc.constantFrom("fallback" as const, "all" as const),
      amount: fc.constantFrom("0.5", "50.50", "999.999", "-3"),
      circuits: fc.array(fc.constantFrom("closed" as const, "open" as const, "half open" as const), { maxLength: 2 }),
      kinds: fc.infiniteStream(fc.constantFrom("email" as const, "sms" as const)),
      now: fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2027-12-31") }),
      results: fc.array(fc.constantFrom("delivered" as const, "failed" as const, "skipped" as const), { maxLength: 3 }),
    })
    .map(({ conditions, plan, amount, circuits, kinds, now, results }) => ({
      channels: conditions.map((when, index): Channel => {
        const kind = kinds.next().value ?? "email";
        return { id: `c${index}`, kind, to: "payload.contact", template: "t", when };
      }),
      plan,
      transaction: { amount, currency: "BRL", outcome: "APPROVED" },
      steps: done(...results.map((result, index) => step(`c${index}`, result))),
      healthOf: (id: string) => circuits[Number(id.slice(1))] ?? "closed",
      now,
    }));

  it("none is used that is done already, or whose consent is not given where it must be", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const chosen = chooseChannel(asked);
        if (chosen.kind !== "use") return;
        const { id, kind, when } = chosen.channel;
        expect(asked.steps.done.some(({ channel }) => channel === id)).toBe(false);
        expect(when?.consent?.given ?? kind === "email").toBe(true);
      }),
    );
  });

  it("the same question gets the same answer, and each channel is told of once at most", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const chosen = chooseChannel(asked);
        expect(chooseChannel(asked)).toEqual(chosen);
        const names = chosen.skipped.map(({ channel }) => channel);
        if (chosen.kind === "use") names.push(chosen.channel.id);
        expect(new Set(names).size).toBe(names.length);
        expect(chosen.why.length).toBeGreaterThan(0);
      }),
    );
  });

  it("what is waited for lies ahead, and recording what was left out changes no answer", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const chosen = chooseChannel(asked);
        if (chosen.kind === "wait") expect(chosen.until).toBeGreaterThan(asked.now);
        const recorded = chosen.skipped.filter(({ isFinal }) => isFinal).map(({ channel }) => step(channel, "skipped"));
        const again = chooseChannel({ ...asked, steps: done(...asked.steps.done, ...recorded) });
        expect({ ...again, why: "", skipped: [] }).toEqual({ ...chosen, why: "", skipped: [] });
      }),
    );
  });
});
