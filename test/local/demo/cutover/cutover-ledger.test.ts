import { describe, expect, it } from "@jest/globals";
import { CutoverLedger, type Sender } from "../../../../local/demo/cutover/cutover-ledger.ts";
import { agrees, type CutoverReport, cutoverTable, isProved } from "../../../../local/demo/cutover/cutover-report.ts";

function accountOf(...calls: readonly [Sender, number?][]) {
  const ledger = new CutoverLedger();
  for (const [sender, version = 2] of calls) ledger.accepted(sender, { transactionId: "t-1", version });
  return ledger.account([
    { transactionId: "t-1", version: 1, isLast: false },
    { transactionId: "t-1", version: 2, isLast: true },
  ]);
}
const NOTHING = { confirmedByOld: 0, confirmedByUs: 0, both: 0, neither: 0, twice: 0, mirrored: 0 };

describe("the books of the cut-over", () => {
  it.each<[string, readonly [Sender, number?][], object]>([
    ["confirmed by the old system", [["old system"]], { confirmedByOld: 1 }],
    ["confirmed from here", [["pipeline"]], { confirmedByUs: 1 }],
    ["missed", [], { neither: 1 }],
    ["missed, as only its older version was confirmed", [["old system", 1]], { neither: 1 }],
    ["confirmed in each version by another one", [["old system", 1], ["pipeline"]], { confirmedByUs: 1 }],
    ["confirmed by both", [["old system"], ["pipeline"]], { confirmedByOld: 1, confirmedByUs: 1, both: 1 }],
    [
      "confirmed by both in an older version",
      [["old system", 1], ["pipeline", 1], ["pipeline"]],
      { confirmedByUs: 1, both: 1 },
    ],
    ["confirmed by one of them more than once", [["pipeline"], ["pipeline"]], { confirmedByUs: 1, twice: 1 }],
    ["sent to a mirror, and confirmed by nobody", [["mirror"]], { mirrored: 1, neither: 1 }],
  ])("have what was %s", (_, calls, counts) => {
    expect(accountOf(...calls)).toEqual({ ...NOTHING, ...counts });
  });
});

const report: CutoverReport = {
  ...NOTHING,
  transactions: 10_000,
  merchants: 50,
  switches: 60,
  switchedBack: 10,
  confirmedByOld: 6000,
  confirmedByUs: 4000,
  againstTheRule: 0,
  statusAgrees: true,
  seconds: 90,
  seed: 7,
};

describe("the proof", () => {
  it("holds where none was confirmed twice and none missed, and the status says the same", () => {
    expect(isProved(report)).toBe(true);
    expect(cutoverTable(report)).toMatch(/6,000 {2}accepted.*\n[^]*None was confirmed twice, none was missed\.$/);
  });

  it.each<Partial<CutoverReport>>([{ both: 1 }, { neither: 1 }, { twice: 1 }, { statusAgrees: false }])(
    "fails with %j",
    (changes) => {
      expect(isProved({ ...report, ...changes })).toBe(false);
      expect(cutoverTable({ ...report, ...changes })).toMatch(/does not add up\.$/);
    },
  );

  it("compares the status with what merchants accepted, to the last one", () => {
    const status = {
      transactions: 10_000,
      confirmedByPipeline: 4000,
      confirmedByOldSystem: 6000,
      both: 0,
      neither: 0,
      underway: 0,
      againstTheRule: 0,
    };
    expect(agrees(report, 10_000, status)).toBe(true);
    for (const name of Object.keys(status) as (keyof typeof status)[]) {
      const other = { ...status, [name]: status[name] + 1 };
      expect([name, agrees(report, 10_000, other)]).toEqual([name, name === "againstTheRule"]);
    }
  });
});
