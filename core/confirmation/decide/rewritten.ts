/**
 * What a 2xx still means for a row that refused its record: somebody wrote to the row while the merchant was called.
 * The content that the merchant accepted counts; the row's, if it is another one, is never delivered under the same id.
 */
import { type Accepted, changedFields, CONTENT_FIELDS, hasContentChanged } from "../../transaction/accepted.ts";
import type { Attempt } from "../../transaction/attempt.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { confirmedByOf } from "../../transaction/row/confirmed-by.ts";
import { ERASED_AT } from "../../transaction/row/erased.ts";
import { rowStateOf } from "../../transaction/row/row-state.ts";
import { versionOf } from "../../transaction/transaction.ts";

export type Rewritten =
  /** Gone, of an older version, confirmed already, or known to be changed: nothing is left to do. */
  | { readonly kind: "over" }
  /** Of a newer version: there is no row to record it on. */
  | { readonly kind: "replaced" }
  /** This very record was carried out, and the response of the table was lost. */
  | { readonly kind: "recorded" }
  /** Another system confirms it, or was said to have, while its merchant was called from here: both did. */
  | { readonly kind: "elsewhere" }
  /** It says the same, in other words at most. */
  | { readonly kind: "same"; readonly row: AttributeMap }
  | {
      readonly kind: "changed";
      readonly row: AttributeMap;
      readonly changed: readonly string[];
      readonly accepted: Accepted;
    };

const OVER = { kind: "over" } as const;

/**
 * @param row as it is now.
 * @param delivered what the merchant responded to with 2xx, with the attempts that led there
 */
export function judgeRewritten(
  row: AttributeMap | undefined,
  version: number,
  delivered: Accepted,
  attempts: readonly Attempt[],
): Rewritten {
  const found = row === undefined ? undefined : versionOf(row);
  if (row === undefined || found === undefined || found < version) return OVER;
  if (found > version) return { kind: "replaced" };
  const { state, accepted, attempts: others } = rowStateOf(row);
  if (state === "CONFIRMED") {
    if (confirmedByOf(row) !== undefined) return { kind: "elsewhere" };
    // Another task delivered something else: of two, a merchant keeps the first.
    const differ = accepted === undefined ? [] : differences(accepted, delivered);
    if (accepted === undefined || differ.length === 0)
      return isSame(attempts.at(-1), others.at(-1)) ? { kind: "recorded" } : OVER;
    const isFirst = (attempts.at(-1)?.at ?? 0) < (others.at(-1)?.at ?? 0);
    return { kind: "changed", row, changed: differ, accepted: isFirst ? delivered : accepted };
  }
  if (state === "FAILED" && hasContentChanged(row)) return OVER;
  const changed = changedFields(row, delivered, false);
  return changed.length === 0 ? { kind: "same", row } : { kind: "changed", row, changed, accepted: delivered };
}

function differences(one: Accepted, other: Accepted): string[] {
  const row = Object.fromEntries(CONTENT_FIELDS.map((name) => [name, { S: one[name] }]));
  const changed = changedFields({ ...row, [ERASED_AT]: { BOOL: true } }, other, true);
  const isOther = one.digestVersion === other.digestVersion && one.payloadDigest !== other.payloadDigest;
  return isOther ? [...changed, "payload"] : changed;
}

function isSame(own: Attempt | undefined, newest: Attempt | undefined): boolean {
  return own !== undefined && own.at === newest?.at && own.durationMs === newest.durationMs;
}
