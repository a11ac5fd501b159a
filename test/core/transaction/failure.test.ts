import { describe, expect, it } from "@jest/globals";
import { failure, GIVEN_UP_AS, readFailure } from "../../../core/transaction/failure.ts";
import { FAILURE_FAULTS } from "../../../core/transaction/failure-faults.ts";
import { METRICS } from "../../../core/settings/names.ts";

describe("a failure", () => {
  it("says whose fault it is, by its code", () => {
    const byFault = Map.groupBy(Object.entries(FAILURE_FAULTS), ([, fault]) => fault);
    expect(byFault.get("merchant")?.map(([code]) => code)).toEqual([
      "attempts_exhausted",
      "aborted_by_merchant",
      "unacknowledged",
      "channels_exhausted",
      "channel_failed",
      "expired",
      "url_missing",
      "url_invalid",
      "url_not_allowed",
      "url_port_not_allowed",
    ]);
    expect([...byFault.keys()].toSorted()).toEqual(["merchant", "pipeline", "producer"]);
    expect(byFault.get("producer")?.map(([code]) => code)).toEqual([
      "expired_when_written",
      "merchant_unknown",
      "merchant_deleted",
      "row_invalid",
      "version_invalid",
      "version_lowered",
      "content_changed",
      "body_too_large",
    ]);
    expect(failure("url_missing", "no URL")).toEqual({ code: "url_missing", fault: "merchant", reason: "no URL" });
  });

  it("counts against our objective only where the fault is ours", () => {
    const counted = Object.entries(FAILURE_FAULTS).filter(
      ([, fault]) => GIVEN_UP_AS[fault] === METRICS.deadLetteredPipeline,
    );
    expect(counted.map(([code]) => code)).toEqual([
      "channels_unavailable",
      "expired_untried",
      "merchant_invalid",
      "restore_undecided",
      "release_unheard",
      "message_unreadable",
    ]);
  });

  it("keeps its reason short enough for a row and a message", () => {
    expect(failure("row_invalid", "x".repeat(100_000)).reason).toHaveLength(1000);
  });

  it("is read from a row as it was kept there, of a newer program too", () => {
    const kept = { M: { code: { S: "newer_code" }, fault: { S: "merchant" }, reason: { S: "who knows" } } };
    expect(readFailure(kept)).toEqual({ code: "newer_code", fault: "merchant", reason: "who knows" });
  });

  it.each([
    ["nothing", undefined],
    ["a text", { S: "failed" }],
    ["no code", { M: { fault: { S: "merchant" }, reason: { S: "x" } } }],
    ["nobody's fault", { M: { code: { S: "expired" }, fault: { S: "nobody" }, reason: { S: "x" } } }],
    ["no reason", { M: { code: { S: "expired" }, fault: { S: "merchant" }, reason: { S: "" } } }],
  ])("is none where the row has %s", (_, attribute) => {
    expect(readFailure(attribute)).toBeUndefined();
  });
});
