/**
 * Writes that put in place on a row what its producer left out, took away or wiped: index keys, the place in the
 * merchant index, the pipeline's state.
 */
import {
  listFailedStatement,
  listStatement,
  repairStatement,
  restoreStatement,
} from "../../core/aws/statements/repair.ts";
import type { Statement } from "../../core/aws/statements/statement.ts";
import { missingMerchantKey } from "../../core/merchant/merchant-listing.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../../core/transaction/attribute-value.ts";
import { orderedGroupIdOf, repeatAfterMs } from "../../core/transaction/ordering.ts";
import { ATTRIBUTE_NAMES, ATTRIBUTES, TERMINAL_ONLY } from "../../core/transaction/row/attributes.ts";
import { ERASED_AT, ERASED_VERSION, erasedAtOf, isErased } from "../../core/transaction/row/erased.ts";
import { isListedAs, rightFailedListing } from "../../core/transaction/row/failed-listing.ts";
import { dueKeyFor, isDueKey, isWaitKey, orderedKeyFor, parkKeyFor } from "../../core/transaction/row/index-keys.ts";
import { isTerminal, type RowState, rowStateOf, stateOf } from "../../core/transaction/row/row-state.ts";

export interface PlacingOptions {
  readonly table: string;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly leaseMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How far a producer's clock may be ahead before its due date is not believed. */
const CLOCK_SKEW_MS = 300_000;

export function restore(
  transactionId: string,
  version: number,
  oldImage: AttributeMap,
  newImage: AttributeMap,
  { table, dueShards, now }: PlacingOptions,
): Statement {
  const set: Record<string, AttributeValue> = {};
  const remove: string[] = [];
  const isPending = !isTerminal(oldImage);
  for (const name of ATTRIBUTE_NAMES) {
    const before = name === ATTRIBUTES.purgeAt && isPending ? undefined : oldImage[name];
    if (before !== undefined) set[name] = before;
    else if (newImage[name] !== undefined) remove.push(name);
  }
  // Once erased it stays so, whoever writes it again; what came with that write goes with the next change.
  if (erasedAtOf(oldImage) !== undefined)
    for (const name of [ERASED_AT, ERASED_VERSION]) set[name] = oldImage[name] as AttributeValue;
  // Nobody may look for it among what waits for its merchant any more, since it was gone from there.
  if (isWaitKey(set[ATTRIBUTES.dueKey]?.S ?? "")) {
    set[ATTRIBUTES.dueKey] = { S: parkKeyFor(transactionId, dueShards) };
    set[ATTRIBUTES.dueAt] = { N: String(now) };
  }
  return restoreStatement(table, transactionId, version, set, remove);
}

/**
 * Index keys that are missing, that nobody reads, or too late for a row that is on its way; what that one left behind
 * when it became terminal or released. By whom it was taken in stays known when a put takes that away.
 *
 * @param before the image before, where there was one
 */
export function repair(
  transactionId: string,
  version: number,
  image: AttributeMap,
  before: AttributeMap | undefined,
  isRaised: boolean,
  options: PlacingOptions,
): Statement | undefined {
  const { table, dueShards, merchantShards, leaseMs, now } = options;
  const set: Record<string, AttributeValue> = {};
  const dueAt = numberOf(image[ATTRIBUTES.dueAt]);
  const isMissing =
    !isDueKey(stringOf(image[ATTRIBUTES.dueKey]) ?? "", dueShards, merchantShards) || dueAt === undefined;
  const isPending = stateOf(image) === "PENDING";
  const groupId = orderedGroupIdOf(image);
  const latestDueAt = groupId === undefined ? now + leaseMs : latestOrderedDueAt(rowStateOf(image), leaseMs, now);
  if (isMissing || (isPending && dueAt > latestDueAt + CLOCK_SKEW_MS)) {
    set[ATTRIBUTES.dueKey] = {
      S: groupId === undefined ? dueKeyFor(transactionId, dueShards) : orderedKeyFor(groupId, dueShards),
    };
    set[ATTRIBUTES.dueAt] = { N: String(now + leaseMs) };
  }
  const merchantKey = missingMerchantKey(image, merchantShards);
  if (merchantKey !== undefined) set[ATTRIBUTES.merchantKey] = merchantKey;
  const intake = before?.[ATTRIBUTES.intake];
  if (intake !== undefined && image[ATTRIBUTES.intake] === undefined) set[ATTRIBUTES.intake] = intake;
  const ofVersion = isErased(image) ? [] : [ERASED_AT, ERASED_VERSION];
  const leftOver = isRaised
    ? [...TERMINAL_ONLY, ATTRIBUTES.unheardReleases, ATTRIBUTES.sampledTrace, ...ofVersion]
    : TERMINAL_ONLY;
  const remove = leftOver.filter((name) => image[name] !== undefined);
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return repairStatement(table, transactionId, version, set, remove);
}

/** One that waits in its place is looked for only after its next attempt, and one that is repeated ever more seldom. */
function latestOrderedDueAt({ nextTryAt = 0, unheardReleases }: RowState, leaseMs: number, now: number): number {
  const restMs = unheardReleases === 0 ? leaseMs : repeatAfterMs(leaseMs, unheardReleases);
  return Math.max(now, nextTryAt) + restMs;
}

/**
 * A row that became terminal before its repair could list it under its merchant. One that an older program failed comes
 * into the failed index, and one that was confirmed after all leaves it.
 */
export function list(
  transactionId: string,
  version: number,
  image: AttributeMap,
  { table, merchantShards }: PlacingOptions,
): Statement | undefined {
  const merchantKey = missingMerchantKey(image, merchantShards);
  if (merchantKey !== undefined) return listStatement(table, transactionId, version, merchantKey);
  const listing = rightFailedListing(image, merchantShards);
  return isListedAs(image, listing) ? undefined : listFailedStatement(table, image, listing);
}
