import { expect, it } from "@jest/globals";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import { QUARANTINED } from "../../../../core/confirmation/decide/on-predecessor.ts";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { GROUP_ID } from "../../../support/jobs.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";

const row = (changes: Changes = {}) => transactionRow({ orderingKey: text("k"), ...changes });
const attempted = row({ confirmationState: text("PENDING"), stateVersion: number(1) });
const garbage = row({ releaseNumber: text("seven") });

it.each<[string, AttributeMap | undefined, AttributeMap | undefined, string]>([
  ["is pending", row(), undefined, "attempt"],
  ["is gone", undefined, undefined, "over"],
  ["is of another group", row({ orderingKey: text("l") }), undefined, "over"],
  ["is confirmed", row({ confirmationState: text("CONFIRMED"), stateVersion: number(1) }), undefined, "over"],
  ["has failed", row({ confirmationState: text("FAILED"), stateVersion: number(1) }), undefined, "over"],
  ["was handled, and changed since", attempted, row(), "busy"],
  ["was handled, and nothing was recorded", row(), row(), "quarantine"],
  ["has a release that is none", garbage, undefined, "quarantine"],
  ["was quarantined already", garbage, QUARANTINED, "busy"],
])("a predecessor that %s", (_, found, before, expected) => {
  const step = decide.predecessor(found, GROUP_ID, before);
  expect(typeof step === "string" ? step : step.kind).toBe(expected);
});

it("a predecessor on which nothing can be recorded is given up as it is, and the message behind it is kept", () => {
  expect(decide.predecessor(garbage, GROUP_ID, undefined)).toMatchObject({
    kind: "quarantine",
    send: { kind: "unusable row", row: garbage },
    record: { kind: "quarantined", row: garbage, failure: { code: "row_invalid" } },
    fate: { kind: "keep" },
  });
});
