/** Once erased, a version stays so: whatever is personal goes again, whoever wrote it and however late. */
import { eraseAgainStatement } from "../../core/aws/statements/erase.ts";
import type { Statement } from "../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { ERASED_AT, ERASED_VERSION, erasedAtOf } from "../../core/transaction/row/erased.ts";
import { erasureOf } from "../../core/transaction/row/erasure.ts";
import { versionOf } from "../../core/transaction/transaction.ts";
import type { PlacingOptions } from "./put-in-place.ts";

/** What says that the version is erased, and lets no program open it. */
const MARKS = [ERASED_AT, ERASED_VERSION, ATTRIBUTES.releaseNumber, ATTRIBUTES.highestVersion] as const;

/**
 * What somebody wrote to an erased row since: a producer that put its version once more, a call that ended late, or
 * whoever had read all of it before it was erased and wrote that back.
 *
 * @param before the image before, where there was one
 */
export function eraseAgain(
  image: AttributeMap,
  before: AttributeMap | undefined,
  { table }: Pick<PlacingOptions, "table">,
): Statement | undefined {
  const marks = lostMarks(image, before);
  const marked = { ...image, ...marks };
  if (erasedAtOf(marked) === undefined) return undefined;
  const { set = {}, remove = [] } = erasureOf(marked) ?? {};
  return eraseAgainStatement(table, image, { set: { ...set, ...marks }, remove });
}

function lostMarks(image: AttributeMap, before: AttributeMap | undefined): AttributeMap {
  if (before === undefined || erasedAtOf(before) === undefined || erasedAtOf(image) !== undefined) return {};
  if (versionOf(image) !== versionOf(before)) return {};
  return Object.fromEntries(
    MARKS.flatMap((name) => {
      const mark = before[name];
      return mark === undefined ? [] : [[name, mark] as const];
    }),
  );
}
