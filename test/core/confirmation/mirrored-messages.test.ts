import { describe, expect, it } from "@jest/globals";
import type { Call } from "../../../core/delivery/attempt.ts";
import { mirrorId } from "../../../core/merchant/mirror.ts";
import type { Merchant } from "../../../core/merchant/merchant.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { confirmedByOf } from "../../../core/transaction/row/confirmed-by.ts";
import { type Changes, listedRow, text } from "../../support/rows.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type BenchChanges, CIRCUIT_OPEN_MS, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const MIRROR = { url: "https://staging.example/hook", secretSalt: "AAAA", secretKeyVersion: "1" };
const MIRRORED: Partial<Merchant> = {
  switches: [{ mode: "mirror" }],
  mirror: MIRROR,
  owned: new Map([["https://staging.example", true]]),
};
const BROKEN: AttemptOutcome = { kind: "failed", class: "connection", error: "reset" };

const calls: Call[] = [];

function harness(merchant: Partial<Merchant> = {}, changes: Changes = {}, parts: BenchChanges = {}): WorkerHarness {
  calls.length = 0;
  const of: WorkerHarness = workerHarness(listedRow(START_MS, changes), {
    ...parts,
    merchants: {
      call: async (call) => {
        calls.push(call);
        return of.answer();
      },
      ...parts.merchants,
    },
  });
  of.merchant = { ...MIRRORED, ...merchant };
  return of;
}

const row = (of: WorkerHarness, id = "t-1") => of.table.row(id);
const mirrored = (of: WorkerHarness, id = "t-1") => confirmedByOf(row(of, id))?.mirror;

describe("a merchant's mirror", () => {
  it("gets what would have been sent, with keys of its own and no word of a confirmation", async () => {
    const of = harness({ connection: { secretHeaders: {} as never } });
    await of.handle();
    expect(calls).toHaveLength(1);
    const [{ merchant, destination, webhook, headerLines, keys, identity }] = calls as [Call];
    expect(destination.origin + destination.path).toBe(MIRROR.url);
    expect(merchant).toMatchObject({ merchantId: mirrorId("m-1"), signatures: ["v1"], secretSalt: MIRROR.secretSalt });
    expect(webhook.body).toContain('"transactionId":"t-1"');
    expect([headerLines, identity, keys.map(({ scheme }) => scheme)]).toEqual([
      "webhook-mirror: 1\r\n",
      undefined,
      ["v1"],
    ]);
    expect(of.journal).toEqual(["record CONFIRMED: written", "delete"]);
    expect(confirmedByOf(row(of))).toMatchObject({
      by: "mirror",
      mirror: { result: "delivered", status: 200, at: of.clock.now(), durationMs: 0 },
    });
    expect(of.metrics).toEqual(expect.arrayContaining([METRICS.mirrored, METRICS.shadowed]));
    for (const metric of [METRICS.delivered, METRICS.confirmed]) expect(of.metrics).not.toContain(metric);
    for (const name of ["attempts", "accepted"]) expect(row(of)).not.toHaveProperty(name);
  });

  it("is called in the place of the merchant, and no more once that is live", async () => {
    const owned = new Map([["https://merchant.example", true]]);
    const of = harness({ switches: [{ mode: "live" }], owned });
    await of.handle();
    expect(calls.map(({ destination }) => destination.origin)).toEqual(["https://merchant.example"]);
    expect(row(of)).not.toHaveProperty("confirmedBy");
  });

  it.each<[string, AttemptOutcome, object]>([
    ["does not connect", BROKEN, { result: "connection", error: "reset" }],
    [
      "responds with an error",
      { kind: "failed", class: "status_5xx", status: 503, error: "503" },
      { result: "status_5xx", status: 503 },
    ],
    [
      "wants no more",
      { kind: "failed", class: "status_4xx", status: 410, error: "gone", disablesUrl: true },
      { result: "status_4xx", status: 410 },
    ],
  ])("that %s changes nothing of the row but its own result", async (_, outcome, result) => {
    const of = harness();
    of.answer = () => outcome;
    await of.handle();
    expect(mirrored(of)).toMatchObject(result);
    expect(row(of)).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(of.metrics).toContain(METRICS.mirrorFailed);
    expect(of.deadLetters.messages).toHaveLength(0);
    expect(of.healthTable.health("m-1").disabledUrls).toEqual([]);
    of.clock.advance(301_000);
    await of.handle();
    expect(calls).toHaveLength(1);
  });

  it("that fails again and again has a circuit of its own, and the merchant's hears nothing", async () => {
    const of = harness();
    of.answer = () => BROKEN;
    for (let nth = 0; nth < 40; nth += 1) {
      of.table.put(listedRow(START_MS, { transactionId: text(`t-${nth}`) }));
      await of.handle({ transactionId: `t-${nth}` });
      of.clock.advance(200);
    }
    expect(of.healthTable.health(mirrorId("m-1")).circuitOpenUntil).toBeGreaterThan(START_MS);
    expect(of.healthTable.health("m-1").circuitOpenUntil).toBeUndefined();
    expect(calls.length).toBeLessThan(40);
    expect(mirrored(of, "t-39")).toEqual({ result: "turned_away", error: "circuit open" });
    of.clock.advance(CIRCUIT_OPEN_MS + 5000);
    of.answer = () => ({ kind: "delivered", status: 200 });
    of.table.put(listedRow(START_MS, { transactionId: text("t-again") }));
    await of.handle({ transactionId: "t-again" });
    expect(mirrored(of, "t-again")?.result).toBe("delivered");
  });

  it.each<[string, Partial<Merchant>, string]>([
    ["is not shown to be the merchant's", { owned: new Map([["https://merchant.example", true]]) }, "url unverified"],
    ["is none", { mirror: undefined as never }, "its merchant has no mirror"],
    [
      "must not be called",
      { mirror: { ...MIRROR, url: "https://10.0.0.1/hook" }, owned: new Map([["https://10.0.0.1", true]]) },
      "confirmationUrl: ",
    ],
  ])("that %s is not called, and the row is confirmed all the same", async (_, merchant, error) => {
    const of = harness(merchant);
    await of.handle();
    expect(calls).toHaveLength(0);
    expect(mirrored(of)).toMatchObject({ result: "turned_away", error: expect.stringContaining(error) });
    expect(of.metrics).toContain(METRICS.mirrorTurnedAway);
  });

  it("is not called while its merchant is paused", async () => {
    const of = harness();
    of.healthTable.put("m-1", { pausedAt: 1 });
    await of.handle();
    expect([calls.length, mirrored(of)]).toEqual([0, { result: "turned_away", error: "paused" }]);
  });

  it("is called once there is time for it and the clock is right, and its message waits until then", async () => {
    const of = harness();
    of.isClockWrong = true;
    await of.handle();
    expect(calls).toHaveLength(0);
    expect(row(of)).not.toHaveProperty("confirmationState");
    of.isClockWrong = false;
    of.clock.advance(301_000);
    await of.handle();
    expect(mirrored(of)?.result).toBe("delivered");
  });

  it("is recorded even where the task began to end while it was called", async () => {
    const of = harness();
    of.answer = () => {
      of.isStopping = true;
      return { kind: "delivered", status: 200 };
    };
    await of.handle();
    expect(mirrored(of)?.result).toBe("delivered");
  });

  it("takes no order: what comes after it in its group goes on", async () => {
    const of = harness({}, { orderingKey: text("payment-1") }, { isOrdered: true });
    of.answer = () => BROKEN;
    await of.handle();
    expect(of.journal).toEqual(["record CONFIRMED: written", "delete"]);
  });
});
