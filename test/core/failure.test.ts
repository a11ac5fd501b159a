import { describe, expect, it } from "@jest/globals";
import { failure, FAILURE_FAULTS } from "../../core/failure.ts";

describe("a failure", () => {
  it("says whose fault it is, by its code", () => {
    const byFault = Map.groupBy(Object.entries(FAILURE_FAULTS), ([, fault]) => fault);
    expect(byFault.get("merchant")?.map(([code]) => code)).toEqual([
      "attempts_exhausted",
      "aborted_by_merchant",
      "expired",
      "url_missing",
      "url_invalid",
      "url_not_allowed",
    ]);
    expect([...byFault.keys()].toSorted()).toEqual(["merchant", "pipeline"]);
    expect(failure("url_missing", "no URL")).toEqual({ code: "url_missing", fault: "merchant", reason: "no URL" });
  });

  it("keeps its reason short enough for a row and a message", () => {
    expect(failure("row_invalid", "x".repeat(100_000)).reason).toHaveLength(1000);
  });
});
