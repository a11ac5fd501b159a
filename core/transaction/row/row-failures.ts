/** Why a row whose version can be read is not released all the same, and which failed one never is again. */
import { hasContentChanged } from "../accepted.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { type AttributeMap, stringOf } from "../attribute-value.ts";
import { type Failure, failure } from "../failure.ts";
import type { FailureCode } from "../failure-faults.ts";
import { countOf } from "./row-state.ts";

/** Why a version below the highest one is not delivered. */
export function loweredFailure(version: number, highest: number): Failure {
  return failure(
    "version_lowered",
    `version: got ${version} after ${highest}, expected a higher one with every change of outcome. Write ` +
      `the row again with version ${highest + 1}.`,
  );
}

/**
 * Why a row cannot be requeued: somebody else wrote to the pipeline's own `releaseNumber`, which every message and
 * record rests on.
 */
export function generationFailure(row: AttributeMap): Failure | undefined {
  if (row[ATTRIBUTES.releaseNumber] === undefined || countOf(row[ATTRIBUTES.releaseNumber]) !== undefined)
    return undefined;
  const got = JSON.stringify(row[ATTRIBUTES.releaseNumber]).slice(0, 80);
  return failure(
    "row_invalid",
    `${ATTRIBUTES.releaseNumber}: got ${got}, expected nothing or what the pipeline wrote. Put the row again with a ` +
      "higher version and without it.",
  );
}

/**
 * Of a failed row: a newer version may have been delivered before, or other content under this one, so that only a
 * higher version can be delivered.
 */
export function isPastMending(row: AttributeMap): boolean {
  const code: FailureCode = "version_lowered";
  return stringOf(row[ATTRIBUTES.failure]?.M?.["code"]) === code || hasContentChanged(row);
}
