/** Whether a row says something else than its merchant accepted, and what it is then given up with. */
import { type Accepted, acceptedOf, changedFields, contentChanged } from "./accepted.ts";
import type { AttributeMap } from "./attribute-value.ts";
import type { Failure } from "./failure.ts";
import { stateOf } from "./row/row-state.ts";
import { versionOf } from "./transaction.ts";

export interface ContentChange {
  readonly version: number;
  readonly accepted: Accepted;
  readonly failure: Failure;
}

/** A row that has failed makes no claim; its content is judged when its dead letter is put back. */
export function contentChangeOf(row: AttributeMap): ContentChange | undefined {
  const accepted = acceptedOf(row);
  const version = versionOf(row);
  if (accepted === undefined || version === undefined) return undefined;
  const state = stateOf(row);
  if (state === "FAILED") return undefined;
  const changed = changedFields(row, accepted, state === "CONFIRMED");
  return changed.length === 0 ? undefined : { version, accepted, failure: contentChanged(version, changed) };
}
