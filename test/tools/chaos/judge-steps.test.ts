/** What the suite says of recipients with channels: each fault that was planted is found, and no other. */
import { describe, expect, it } from "@jest/globals";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { type ChannelEvidence, judgeSteps } from "../../../tools/chaos/run/channels/judge-steps.ts";
import type { RecipientRow } from "../../../tools/chaos/run/channels/recipient-row.ts";
import type { BookedSend } from "../../../tools/chaos/run/channels/send-book.ts";
import type { SentStep } from "../../../tools/chaos/run/channels/sent-step.ts";
import { delivery } from "./deliveries.ts";

const T = 1_000_000;
const MAIL: SentStep = { transactionId: "t-1", version: 1, kind: "email", atMs: T };
const SEND: BookedSend = { transactionId: "t-1", version: 1, service: "email", carriedOutAtMs: T, isTold: true };
const UNTOLD: BookedSend = { ...SEND, isTold: false };
const LATE: BookedSend = { ...SEND, carriedOutAtMs: T + 12_500 };
const BY_MAIL: RecipientRow = {
  transactionId: "t-1",
  merchantId: "told-by-mail",
  version: 1,
  state: "CONFIRMED",
  steps: {
    done: [
      { channel: "web", result: "failed" },
      { channel: "mail", result: "delivered" },
    ],
  },
  attempts: [],
};
const FAILED = { ...BY_MAIL, state: "FAILED", failure: { code: "expired", reason: "its time was over" } };
const LETTER = { transactionId: "t-1", version: 1, code: "expired", reason: "its time was over" };
const GOOD: ChannelEvidence = {
  written: [{ transactionId: "t-1", versions: [1], merchantId: "told-by-mail" }],
  rows: [BY_MAIL],
  messages: [MAIL],
  deliveries: [],
  deadLetters: [],
  sends: [SEND],
  inFlight: [],
  resent: [],
  wrongClock: [],
  reopened: new Set(),
};

const of = (merchantId: string) => ({ written: [{ transactionId: "t-1", versions: [1], merchantId }] });
const without = (...channels: string[]) => ({
  ...BY_MAIL,
  steps: { done: (BY_MAIL.steps?.done ?? []).filter(({ channel }) => !channels.includes(channel)) },
});

function judged(changes: Partial<ChannelEvidence> = {}) {
  const { account, findings } = judgeSteps({ ...GOOD, ...changes });
  const { lost, twice, twiceAllowed, early } = account;
  return { lost, twice, twiceAllowed, early, findings: findings.length };
}

const NOTHING = { lost: 0, twice: 0, twiceAllowed: 0, early: 0, findings: 0 };

describe("a recipient with channels", () => {
  it("is well where the row says what lies outside", () => {
    expect(judged()).toEqual(NOTHING);
    expect(judgeSteps(GOOD).account).toMatchObject({ transactions: 1, confirmed: 1, steps: 1 });
  });

  it.each<[string, Partial<ChannelEvidence>]>([
    ["a step of which nothing lies outside", { messages: [] }],
    ["a step that another channel did", { messages: [{ ...MAIL, kind: "sms" }] }],
    ["a step of another version", { messages: [{ ...MAIL, version: 2 }] }],
    ["no row", { rows: [] }],
    ["a row of an older version", { written: [{ ...of("told-by-mail").written[0]!, versions: [1, 2] }] }],
    ["a row without an end", { rows: [{ ...BY_MAIL, state: "SCHEDULED" }] }],
    ["CONFIRMED, and nobody has it", { rows: [without("mail")], messages: [] }],
    ["FAILED without a dead letter", { rows: [{ ...FAILED, steps: { done: [] } }], messages: [] }],
    ["FAILED without a reason", { rows: [{ ...BY_MAIL, steps: { done: [] }, state: "FAILED" }], messages: [] }],
    ["FAILED, and it was told", { rows: [{ ...FAILED, steps: { done: [] } }], deadLetters: [LETTER] }],
  ])("has lost %s", (_, changes) => {
    expect(judged(changes)).toMatchObject({ lost: 1, findings: 1 });
  });

  it("may be given up with a reason and a dead letter", () => {
    expect(judged({ rows: [{ ...FAILED, steps: { done: [] } }], messages: [], deadLetters: [LETTER] })).toEqual(
      NOTHING,
    );
  });

  it("may be given up though it was told, where that went with a killed worker and its time was over", () => {
    const changes = { rows: [{ ...FAILED, steps: { done: [] } }], deadLetters: [LETTER], inFlight: [MAIL] };
    expect(judged(changes)).toMatchObject({ lost: 0, findings: 0 });
  });

  it("has lost a step of a plan of all that nobody did, though its row is confirmed", () => {
    const rows = [{ ...BY_MAIL, merchantId: "told-by-all" }];
    const deliveries = [delivery(1, { merchantId: "told-by-all" })];
    expect(judged({ ...of("told-by-all"), rows, deliveries })).toMatchObject({ lost: 1, findings: 1 });
    const done = ["web", "mail", "queue"].map((channel) => ({ channel, result: "delivered" }));
    const whole = {
      ...of("told-by-all"),
      rows: [{ ...BY_MAIL, merchantId: "told-by-all", steps: { done } }],
      deliveries,
    };
    expect(judged(whole)).toMatchObject({ lost: 1, findings: 1 });
    expect(judged({ ...whole, messages: [MAIL, { ...MAIL, kind: "sqs" }] })).toEqual(NOTHING);
  });

  it("counts nothing as told that does not arrive", () => {
    const done = [{ channel: "phone", result: "delivered" }];
    const rows = [{ ...BY_MAIL, merchantId: "told-by-queue", steps: { done } }];
    expect(judged({ ...of("told-by-queue"), rows, messages: [{ ...MAIL, kind: "sms" }] })).toMatchObject({ lost: 1 });
  });
});

describe("a step that was done twice", () => {
  const messages = [MAIL, { ...MAIL, atMs: T + 12_500 }];
  const sends = [SEND, LATE];

  it("is found", () => {
    expect(judged({ messages, sends })).toEqual({ ...NOTHING, twice: 1, findings: 1 });
  });

  it("may be, once, where it was in flight as a worker ended, or its sender was not told", () => {
    const one = { lost: 0, twice: 1, twiceAllowed: 1, early: 0, findings: 0 };
    expect(judged({ messages, sends, inFlight: [MAIL] })).toEqual(one);
    expect(judged({ messages, sends: [UNTOLD, LATE] })).toEqual(one);
    expect(judged({ messages, sends: [UNTOLD, LATE], inFlight: [MAIL] })).toEqual(one);
    const thrice = [...messages, { ...MAIL, atMs: T + 30_000 }];
    expect(judged({ messages: thrice, sends, inFlight: [MAIL] })).toMatchObject({ twice: 2, findings: 1 });
  });

  it("is not excused by what was in flight of another step", () => {
    const inFlight = [{ ...MAIL, version: 2 }];
    expect(judged({ messages, sends, inFlight })).toMatchObject({ twice: 1, twiceAllowed: 1, findings: 1 });
  });

  it("is one by a webhook that had accepted it, unless the request was sent again within an attempt", () => {
    const web = (sequence: number) => delivery(sequence, { merchantId: "told-by-web", arrivedAtMs: T + sequence * 10 });
    const calls = [1, 2].map((sequence) => ({ ...web(sequence), respondedAtMs: T + sequence * 10 + 1 }));
    const rows = [{ ...without("mail", "web"), merchantId: "told-by-web" }];
    const given = { ...of("told-by-web"), rows, messages: [], sends: [], deliveries: calls };
    expect(judged(given)).toEqual({ ...NOTHING, twice: 1, findings: 1 });
    expect(judged({ ...given, resent: ["msg_1"] })).toMatchObject({ twice: 1, twiceAllowed: 1, findings: 0 });
    expect(judged({ ...given, deliveries: calls.map((one) => ({ ...one, redelivery: "job" })) }).twice).toBe(0);
  });
});

describe("one who waits", () => {
  const call = (sequence: number, atMs: number, changes: Partial<Delivery> = {}) =>
    delivery(sequence, {
      merchantId: "acknowledges-never",
      isAcknowledging: true,
      responseStatus: 202,
      arrivedAtMs: atMs,
      respondedAtMs: atMs + 10,
      ...changes,
    });
  const rows = [{ ...FAILED, merchantId: "acknowledges-never", steps: { done: [] } }];
  const { steps: _, ...row } = rows[0]!;
  const given = { ...of("acknowledges-never"), rows: [row], messages: [], sends: [], deadLetters: [LETTER] };

  it("is called again once his time to acknowledge is over, and not before", () => {
    expect(judged({ ...given, deliveries: [call(1, T), call(2, T + 2100)] })).toEqual(NOTHING);
    expect(judged({ ...given, deliveries: [call(1, T), call(2, T + 1500)] })).toMatchObject({ early: 1, findings: 1 });
  });

  it("may be called before, where the record of his 202 went with a killed worker, or a clock was off", () => {
    const deliveries = [call(1, T), call(2, T + 1500)];
    const inFlight = [{ ...MAIL, kind: "webhook" as const, atMs: T + 10 }];
    expect(judged({ ...given, deliveries, inFlight })).toMatchObject({ early: 0, findings: 0 });
    expect(judged({ ...given, deliveries, wrongClock: [{ fromMs: T + 1000, toMs: T + 1200 }] }).early).toBe(0);
    expect(judged({ ...given, deliveries, wrongClock: [{ fromMs: T + 1600, toMs: T + 1700 }] }).early).toBe(1);
  });

  it("is not told by the next channel before, unless he has acknowledged", () => {
    const told = of("acknowledges-or-mail");
    const deliveries = [call(1, T - 1000, { merchantId: "acknowledges-or-mail" })];
    expect(judged({ ...told, deliveries })).toMatchObject({ early: 1, findings: 1 });
    const all = ["web", "mail", "queue"].map((channel) => ({ channel, result: "delivered" }));
    const acknowledged = call(1, T - 1000, { merchantId: "acknowledges-and-all", acknowledgedAtMs: T - 500 });
    const whole = {
      ...of("acknowledges-and-all"),
      rows: [{ ...BY_MAIL, merchantId: "acknowledges-and-all", steps: { done: all } }],
      messages: [MAIL, { ...MAIL, kind: "sqs" as const }],
    };
    expect(judged({ ...whole, deliveries: [acknowledged] })).toEqual(NOTHING);
  });

  it("is not sent to again before a receipt could have come, whoever was killed", () => {
    const sends = [SEND, { ...SEND, carriedOutAtMs: T + 3000 }];
    const messages = [MAIL, { ...MAIL, atMs: T + 3000 }];
    const killed = judged({ sends, messages, inFlight: [MAIL] });
    expect(killed).toMatchObject({ twice: 1, twiceAllowed: 1, early: 1, findings: 1 });
    expect(judged({ sends, messages, inFlight: [MAIL], reopened: new Set(["t-1"]) }).early).toBe(0);
  });
});
