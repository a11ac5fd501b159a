import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { ShownSwitch } from "../../../../core/merchant/cut-over-rule.ts";
import { CutoverLedger } from "../../../../local/demo/cutover/cutover-ledger.ts";
import { CutoverMerchants } from "../../../../local/demo/cutover/cutover-merchants.ts";
import { logFile, OldSystem } from "../../../../local/demo/cutover/old-system.ts";

const SWITCHED = "2026-11-30T12:00:00.000Z";
const NOW = Date.parse("2026-11-30T12:00:05Z");
const BEFORE = "2026-11-30T11:59:59.999Z";

let ledger: CutoverLedger;
let merchants: CutoverMerchants;
let draw = 1;
let port = 0;
let old: OldSystem;
let onRead = () => {};
let switches: ShownSwitch[] = [];
beforeAll(async () => {
  ledger = new CutoverLedger();
  merchants = new CutoverMerchants(ledger, () => draw);
  port = await merchants.listen();
});
afterAll(async () => {
  await merchants.stop();
});
beforeEach(() => {
  draw = 1;
  onRead = () => {};
  switches = [{ mode: "shadow" }, { mode: "live", from: SWITCHED }];
  old = new OldSystem({
    readSwitches: async () => {
      onRead();
      return new Map([["shop", switches]]);
    },
    urlOf: (merchantId) => `http://127.0.0.1:${port}/${merchantId}`,
    nowMs: () => NOW,
  });
});

const tell = (transactionId: string, occurredAt: string, version = 1) =>
  old.told({ transactionId, version, merchantId: "shop", occurredAt });
const accepted = (...expected: [string, number?][]) =>
  ledger.account(expected.map(([transactionId, version = 1]) => ({ transactionId, version, isLast: true })));

describe("the old system of the proof", () => {
  it("confirms what is its own by the rule, and leaves the rest", async () => {
    tell("own", BEFORE);
    tell("theirs", SWITCHED);
    await old.run();
    expect(old.waiting).toBe(0);
    expect(accepted(["own"], ["theirs"])).toMatchObject({ confirmedByOld: 1, neither: 1 });
    expect(logFile(old.log)).toBe(
      "transactionId,version,merchantId,confirmedAt\nown,1,shop,2026-11-30T12:00:05.000Z\n",
    );
  });

  it("calls again in its next run where a call failed", async () => {
    tell("fails", BEFORE);
    draw = 0;
    await old.run();
    expect([old.waiting, old.log.length]).toEqual([1, 0]);
    await old.run();
    expect([old.waiting, old.log.length]).toEqual([0, 1]);
    expect(accepted(["fails"])).toMatchObject({ confirmedByOld: 1, twice: 0 });
  });

  it("confirms a version that comes while it runs in its next run, and drops an older one that waits", async () => {
    tell("raised", BEFORE);
    tell("raised", BEFORE, 2);
    onRead = () => tell("raised", BEFORE, 3);
    await old.run();
    expect(old.log.map(({ version }) => version)).toEqual([2]);
    expect(old.waiting).toBe(1);
    onRead = () => {};
    await old.run();
    expect(old.log.map(({ version }) => version)).toEqual([2, 3]);
    expect(accepted(["raised", 1], ["raised", 2], ["raised", 3])).toMatchObject({ confirmedByOld: 2, neither: 1 });
  });

  it("reads the switches when it has its list, and not before", async () => {
    tell("listed", SWITCHED);
    switches = [{ mode: "shadow" }];
    onRead = () => switches.push({ mode: "live", from: SWITCHED });
    await old.run();
    expect(old.log).toEqual([]);
  });
});
