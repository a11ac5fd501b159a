import { describe, expect, it } from "@jest/globals";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import type { MerchantHealth } from "../../../core/merchant/merchant-health.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { MerchantUnreadError } from "../../../core/delivery/merchant-directory.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { settle } from "../../support/until.ts";
import {
  CIRCUIT_OPEN_MS,
  VISIBILITY_SECONDS,
  type WorkerHarness,
  workerHarness,
} from "../../support/worker-harness.ts";

const URL_TEXT = "https://merchant.example/";
const OWN_URL = "https://own.example/in";
const HOUR_MS = 3_600_000;
const GIVE_UP_MS = 1_000_000;
const gone: AttemptOutcome = {
  kind: "failed",
  class: "status_4xx",
  status: 410,
  error: "the endpoint answered 410",
  disablesUrl: true,
};
const state = (name: string) => ({ confirmationState: text(name), stateVersion: number(1) });
const ownUrlRow = (changes = {}) => transactionRow({ confirmationUrl: text(OWN_URL), ...changes });

/** Notes in the journal when it is noted that something waits. */
function withNotes(harness: WorkerHarness): WorkerHarness {
  const mark = harness.healthTable.markWaiting.bind(harness.healthTable);
  harness.healthTable.markWaiting = async (...noted) => {
    harness.journal.push("note");
    return mark(...noted);
  };
  return harness;
}

describe("a transaction whose merchant is not admitted", () => {
  it.each<[string, Partial<MerchantHealth>]>([
    ["paused", { pausedAt: 1 }],
    ["url disabled", { disabledUrls: [URL_TEXT] }],
    ["circuit open", { circuitOpenUntil: Date.UTC(2026, 10, 22, 10, 0, 1) }],
  ])("waits for it, parked without a try: %s", async (reason, health) => {
    const harness = workerHarness();
    harness.healthTable.put("m-1", health);
    await harness.handle();
    expect(harness.journal).toEqual(["record SCHEDULED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      dueKey: text("M#m-1#0"),
      dueAt: number(harness.clock.now() + GIVE_UP_MS),
      giveUpAt: number(harness.clock.now() + GIVE_UP_MS),
      attemptCount: number(0),
      waitingFor: text(reason),
    });
    expect(harness.metrics).toEqual([METRICS.received, METRICS.waiting, METRICS.parked]);
  });

  it("waits for it where nobody has shown that the address is its own: nobody is called there", async () => {
    const harness = withNotes(workerHarness());
    harness.merchant = { owned: new Map([["https://merchant.example", false]]) };
    await harness.handle();
    expect(harness.journal).toEqual(["note", "record SCHEDULED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      dueKey: text("M#m-1#0"),
      dueAt: number(harness.clock.now() + GIVE_UP_MS),
      attemptCount: number(0),
      waitingFor: text("url unverified"),
    });
  });

  it("is looked at again by itself where its own address is not verified, soon at first", async () => {
    const harness = workerHarness();
    harness.table.put(ownUrlRow());
    harness.merchant = { owned: new Map([["https://merchant.example", true]]) };
    const now = harness.clock.now();
    await harness.handle();
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ dueKey: text("T#0"), waitingFor: text("url unverified") });
    expect(Number(row["dueAt"]?.N) - now).toBe(20_000);
  });

  it("is delivered to an own address of an origin that was verified", async () => {
    const harness = workerHarness();
    harness.table.put(ownUrlRow());
    harness.merchant = { owned: new Map([["https://own.example", true]]) };
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });

  it("waits for a token of its rate", async () => {
    const harness = workerHarness();
    harness.merchant = { rateLimitPerSecond: 1 };
    await harness.healthTable.takeTokens("m-1", harness.clock.now(), 1, 1);
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ ...state("SCHEDULED"), waitingFor: text("rate limit") });
  });

  it("is noted before it is parked, or nobody would look for it", async () => {
    const harness = withNotes(workerHarness());
    harness.healthTable.put("m-1", { pausedAt: 1 });
    await harness.handle();
    expect(harness.journal).toEqual(["note", "record SCHEDULED: written", "delete"]);
    expect((await harness.healthTable.waiting()).has("m-1")).toBe(true);
  });

  it("is parked for a while when it cannot be noted: the item of one health row may be throttled", async () => {
    const harness = workerHarness();
    harness.healthTable.put("m-1", { pausedAt: 1 });
    harness.healthTable.markWaiting = () => Promise.reject(new Error("throttled"));
    const now = harness.clock.now();
    await harness.handle();
    expect(harness.journal).toEqual(["record SCHEDULED: written", "delete"]);
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ dueKey: text("T#0"), waitingFor: text("paused"), attemptCount: number(0) });
    expect(Number(row["dueAt"]?.N) - now).toBe(30_000);
  });

  it("waits for its merchant when only that one's health row is left unread, and no other waits with it", async () => {
    const harness = workerHarness();
    harness.healthTable.throttles = (merchantId) => merchantId === "m-1";
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      waitingFor: text("gate unread"),
      attemptCount: number(0),
    });
    expect(harness.journal).not.toContain("call");
  });

  it("waits when its token cannot be taken, and does not count as an attempt", async () => {
    const harness = workerHarness();
    harness.merchant = { rateLimitPerSecond: 5 };
    harness.healthTable.takeTokens = () => Promise.reject(new Error("throttled"));
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ waitingFor: text("gate unread"), attemptCount: number(0) });
  });

  it("waits for its merchant when that merchant's row alone is left unread", async () => {
    const harness = workerHarness(transactionRow({ deliverBy: text("2026-11-23T00:00:00Z") }), {
      merchants: { prepare: async () => Promise.reject(new MerchantUnreadError("m-1")) },
    });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      waitingFor: text("merchant unread"),
      attemptCount: number(0),
      giveUpAt: number(Date.UTC(2026, 10, 23)),
    });
  });

  it("is given up as untried when nothing but a trouble of ours kept it back until its time was over", async () => {
    const row = transactionRow({
      deliverBy: text("2026-11-22T09:00:00Z"),
      confirmationState: text("PENDING"),
      stateVersion: number(1),
      waitingFor: text("key unavailable"),
    });
    const harness = workerHarness(row);
    await harness.handle();
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({
      code: text("expired_untried"),
      fault: text("pipeline"),
    });
  });

  it("stays in the queue when the health row cannot be read", async () => {
    const harness = workerHarness();
    harness.healthTable.isDown = true;
    await harness.handle();
    expect(harness.journal).toEqual(["visible in 5 s"]);
    expect(harness.metrics).toEqual([METRICS.received, METRICS.leftInQueue]);
  });

  it("keeps the attempts that it has made, and goes on with them", async () => {
    const harness = workerHarness(
      transactionRow({ ...state("PENDING"), attemptCount: number(1), giveUpAt: number(2e12) }),
    );
    harness.healthTable.put("m-1", { pausedAt: 1 });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ attemptCount: number(1), dueAt: number(2e12) });
    harness.healthTable.resume("m-1");
    harness.clock.advance(1000);
    harness.table.put({ ...harness.table.row("t-1"), ...state("PENDING"), releaseNumber: number(1) });
    await harness.handle({ release: 1 });
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ ...state("CONFIRMED"), attemptCount: number(2) });
    expect(row).not.toHaveProperty("waitingFor");
  });

  it("waits once the circuit has opened, after no more attempts than it took", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ kind: "failed", class: "timeout", error: "no answer" });
    for (let index = 0; index < 15; index += 1) {
      harness.table.put(transactionRow({ transactionId: text(`t-${index}`) }));
      await harness.handle({ transactionId: `t-${index}` });
    }
    expect(harness.journal.filter((entry) => entry === "call")).toHaveLength(10);
    expect(harness.metrics.filter((metric) => metric === METRICS.waiting)).toHaveLength(5);
    expect(harness.metrics).toContain(METRICS.circuitOpened);
    harness.clock.advance(CIRCUIT_OPEN_MS);
    harness.answer = () => ({ kind: "delivered", status: 200 });
    await harness.confirmation.handle(await harness.receive());
    expect(harness.table.row("t-0")).toMatchObject({ ...state("CONFIRMED"), attemptCount: number(2) });
    expect(harness.metrics).toContain(METRICS.circuitClosed);
  });
});

describe("a merchant with a limit of its own", () => {
  // Svix#1717: the limit was looked at before a batch was started, and the whole batch went.
  it("never has more calls in flight, though a whole receive of its messages begins at once", async () => {
    const harness = workerHarness();
    harness.merchant = { maxConcurrency: 2 };
    let inFlight = 0;
    let most = 0;
    harness.answer = async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await settle();
      inFlight -= 1;
      return { kind: "delivered", status: 200 };
    };
    const ids = Array.from({ length: 10 }, (_, index) => `t-${index}`);
    for (const id of ids) harness.table.rows.set(id, transactionRow({ transactionId: text(id) }));
    await harness.queue.send(
      ids.map((id) => {
        const body = encodeMessage({ transactionId: id, version: 1, release: 0 });
        return { body, groupId: id, deduplicationId: id };
      }),
    );
    const received = await harness.queue.receive(VISIBILITY_SECONDS);
    expect(received).toHaveLength(ids.length);
    const held = received.map((message) => new InFlightMessage(message, harness.clock.now(), VISIBILITY_SECONDS));
    await Promise.all(held.map((message) => harness.confirmation.handle(message)));
    expect(most).toBe(2);
    const states = ids.map((id) => harness.table.row(id)["confirmationState"]?.S);
    expect(states.filter((found) => found === "CONFIRMED")).toHaveLength(2);
    expect(states.filter((found) => found === "SCHEDULED")).toHaveLength(8);
  });
});

describe("a URL that wants no more", () => {
  it("by 410 is disabled, and what was refused waits with its attempt counted", async () => {
    const harness = workerHarness();
    harness.answer = () => gone;
    await harness.handle();
    expect(harness.healthTable.health("m-1").disabledUrls).toEqual([URL_TEXT]);
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      dueKey: text("M#m-1#0"),
      attemptCount: number(1),
      waitingFor: text("url disabled"),
    });
    expect(harness.metrics).toContain(METRICS.urlDisabled);
  });

  it("by its answer to a delivery is disabled, and that is confirmed", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ kind: "delivered", status: 200, disablesUrl: true });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject(state("CONFIRMED"));
    expect(harness.healthTable.health("m-1").disabledUrls).toEqual([URL_TEXT]);
  });

  it("has its delivery confirmed though it cannot be disabled now", async () => {
    const harness = workerHarness();
    harness.healthTable.disable = () => Promise.reject(new Error("throttled"));
    harness.answer = () => ({ kind: "delivered", status: 200, disablesUrl: true });
    await harness.handle();
    expect(harness.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(harness.warnings).toEqual(["url not disabled"]);
  });

  it("of a merchant that has too many of them already is tried on the schedule, not again and again", async () => {
    const harness = workerHarness();
    harness.healthTable.put("m-1", {
      disabledUrls: Array.from({ length: 50 }, (_, index) => `https://m.example/${index}`),
    });
    harness.answer = () => gone;
    await harness.handle();
    const row = harness.table.row("t-1");
    expect(row).toMatchObject({ ...state("SCHEDULED"), dueKey: text("T#0"), attemptCount: number(1) });
    expect(row).not.toHaveProperty("waitingFor");
  });

  it("and asks not to be sent the message again has it given up", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ ...gone, abortsMessage: true });
    await harness.handle();
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({ code: text("aborted_by_merchant") });
    expect(harness.healthTable.health("m-1").disabledUrls).toEqual([URL_TEXT]);
  });

  it("of the transaction's own is looked at again in an hour, since no change at its merchant could help", async () => {
    const harness = workerHarness(ownUrlRow(), { settings: { deliverWithinMs: 2 * HOUR_MS } });
    harness.healthTable.put("m-1", { disabledUrls: [OWN_URL] });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      ...state("SCHEDULED"),
      dueKey: text("T#0"),
      dueAt: number(harness.clock.now() + HOUR_MS),
      waitingFor: text("url disabled"),
    });
    expect((await harness.healthTable.waiting()).has("m-1")).toBe(false);
  });

  it("of the transaction's own is not waited for longer than the transaction is wanted", async () => {
    const harness = workerHarness(ownUrlRow());
    harness.healthTable.put("m-1", { disabledUrls: [OWN_URL] });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ dueAt: number(harness.clock.now() + GIVE_UP_MS) });
  });
});

describe("a transaction that waited until it was too late", () => {
  const waited = (reason: string, changes = {}) =>
    transactionRow({ ...state("PENDING"), giveUpAt: number(1), waitingFor: text(reason), ...changes });

  it("is our fault if its merchant was paused, though its URL may fail as well", async () => {
    const harness = workerHarness(waited("paused"));
    await harness.handle();
    const failure = harness.table.row("t-1")["failure"]?.M;
    expect(failure).toMatchObject({ code: text("expired_untried"), fault: text("pipeline") });
    expect(failure?.["reason"]?.S).toContain("without one attempt. What it waited for last: paused.");
    expect(harness.metrics).toContain(METRICS.deadLetteredPipeline);
  });

  it.each(["circuit open", "url disabled", "no room", "rate limit"])(
    "is the merchant's fault if that was: %s",
    async (reason) => {
      const harness = workerHarness(waited(reason));
      await harness.handle();
      const failure = harness.table.row("t-1")["failure"]?.M;
      expect(failure).toMatchObject({ code: text("expired"), fault: text("merchant") });
      expect(failure?.["reason"]?.S).toContain(`What it waited for last: ${reason}.`);
    },
  );

  it("is the merchant's fault if it was the transaction's own URL that was disabled", async () => {
    const harness = workerHarness(ownUrlRow());
    harness.healthTable.put("m-1", { disabledUrls: [OWN_URL] });
    await harness.handle();
    harness.clock.advance(GIVE_UP_MS + 1);
    harness.table.put({ ...harness.table.row("t-1"), ...state("PENDING"), releaseNumber: number(1) });
    await harness.handle({ release: 1 });
    expect(harness.table.row("t-1")["failure"]?.M).toMatchObject({ code: text("expired"), fault: text("merchant") });
  });

  it("is the merchant's fault if it was tried, whatever it waited for later", async () => {
    const harness = workerHarness(waited("paused", { attemptCount: number(2) }));
    await harness.handle();
    const failure = harness.table.row("t-1")["failure"]?.M;
    expect(failure).toMatchObject({ code: text("expired"), fault: text("merchant") });
    expect(failure?.["reason"]?.S).toContain("after 2 attempts");
  });
});
