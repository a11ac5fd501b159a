import { describe, expect, it } from "@jest/globals";
import { addTallies, type Tallied, TALLIED, tallyOf } from "../../../core/cut-over/tally.ts";
import type { Switches } from "../../../core/merchant/modes.ts";
import { writeConfirmedBy } from "../../../core/transaction/row/confirmed-by.ts";
import { writeElsewhere } from "../../../core/transaction/row/elsewhere.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";

const OCCURRED_AT = Date.parse("2026-11-22T10:00:00Z");
const SHADOW: Switches = [{ mode: "shadow" }];
const confirmed: Changes = {
  confirmationState: text("CONFIRMED"),
  stateVersion: number(1),
  settledAt: number(OCCURRED_AT + 200),
};
const failed: Changes = { ...confirmed, confirmationState: text("FAILED") };
const left = (unsent?: string): Changes => ({
  ...confirmed,
  confirmedBy: writeConfirmedBy({ version: 1, by: "shadow", unsent }),
});
const said = (version = 1): Changes => ({
  saidElsewhere: writeElsewhere({ version, at: OCCURRED_AT + 9000, notedAt: OCCURRED_AT + 60_000, by: "cron" }),
});
const elsewhere: Changes = { ...confirmed, confirmedBy: writeConfirmedBy({ version: 1, by: "elsewhere" }), ...said() };

function countedAs(changes: Changes, switches: Switches | undefined): Tallied[] {
  const { counts } = tallyOf([transactionRow(changes)], switches);
  return TALLIED.filter((name) => counts[name] > 0 && name !== "transactions");
}

describe("what two systems confirmed", () => {
  it.each<[string, Changes, Tallied[]]>([
    ["delivered from here", confirmed, ["confirmedByPipeline"]],
    [
      "delivered from here and confirmed there",
      { ...confirmed, ...said() },
      ["confirmedByPipeline", "confirmedByOldSystem", "both"],
    ],
    ["left to the old system, which said so", { ...left(), ...said() }, ["confirmedByOldSystem"]],
    ["left to the old system, which said nothing", left(), ["neither", "pipelineAlone"]],
    ["left to it, and not to be sent from here either", left("url_missing"), ["neither"]],
    [
      "confirmed there, and not to be sent from here",
      { ...left("url_missing"), ...said() },
      ["confirmedByOldSystem", "oldSystemAlone"],
    ],
    ["confirmed there before it was handled here", elsewhere, ["confirmedByOldSystem"]],
    [
      "confirmed there after it had failed here",
      { ...elsewhere, attemptCount: number(3) },
      ["confirmedByOldSystem", "oldSystemAlone"],
    ],
    ["given up here", failed, ["neither"]],
    [
      "given up here for its content, and confirmed there",
      { ...failed, ...said() },
      ["confirmedByOldSystem", "oldSystemAlone"],
    ],
    ["on its way", {}, ["underway"]],
    ["on its way as a higher version than was confirmed there", { version: number(2), ...said() }, ["underway"]],
    [
      "left to the old system, and sent from here by a job",
      {
        ...left(),
        redelivery: {
          M: { jobId: text("j"), version: number(1), generation: number(1), result: text("delivered"), at: number(1) },
        },
      },
      ["confirmedByPipeline"],
    ],
  ])("counts one that is %s", (_, changes, counted) => {
    expect(countedAs(changes, SHADOW)).toEqual(counted);
  });

  it("says what the old system confirmed though it was not its own", () => {
    expect(countedAs(elsewhere, [{ mode: "shadow" }, { mode: "live", from: OCCURRED_AT }])).toContain("againstTheRule");
    expect(countedAs(elsewhere, undefined)).toContain("againstTheRule");
    expect(countedAs(elsewhere, [{ mode: "shadow" }, { mode: "live", from: OCCURRED_AT + 1 }])).not.toContain(
      "againstTheRule",
    );
  });

  it("has how long each took since it occurred, of what would have been sent too", () => {
    const rows = [confirmed, { ...left(), ...said() }, elsewhere, failed].map((changes) => transactionRow(changes));
    const { latencies } = tallyOf(rows, SHADOW);
    const counts = (buckets: typeof latencies.pipeline) => buckets.map(([, count]) => count);
    expect([counts(latencies.pipeline), counts(latencies.oldSystem)]).toEqual([[2], [2]]);
    expect(latencies.pipeline[0]?.[0]).toBe(200);
    expect(latencies.oldSystem[0]?.[0]).toBe(9000);
  });

  it("adds up, with some of each by name", () => {
    const page = (ids: readonly string[]) =>
      tallyOf(
        ids.map((id) => transactionRow({ ...confirmed, ...said(), transactionId: text(id) })),
        SHADOW,
      );
    const { counts, examples, latencies } = addTallies([page(["a", "b", "c"]), page(["d", "e", "f"])]);
    expect(counts).toMatchObject({ transactions: 6, both: 6, neither: 0 });
    expect(examples.both).toEqual(["a", "b", "c", "d", "e"]);
    expect(latencies.pipeline.reduce((sum, [, count]) => sum + count, 0)).toBe(6);
  });
});
