/**
 * What a change of a row asks for. No constant filter can see that a version was raised, so every insert and
 * modification comes here, the pipeline's own writes among them, and the two images are compared:
 *
 *   a new or raised version                 -> enqueue, and put in place what a polite producer would have set
 *   the same version, our state wiped       -> restore it from the image before; its message or due date still stands
 *   the same version, unsettled, keys gone  -> put them in place
 *   a version that cannot be delivered      -> set aside with the reason
 *   settled, but not listed by its merchant -> list it
 *   other content than was accepted         -> look at the row; it is given up if so (`content-changes.ts`)
 *   anything else                           -> nothing, it is our own write or no concern of ours
 */
import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { listStatement, repairStatement, restoreStatement } from "../../core/aws/statements/repair.ts";
import type { Statement } from "../../core/aws/statements/statement.ts";
import type { AttributeMap, AttributeValue } from "../../core/transaction/attribute-value.ts";
import { numberOf, stringOf } from "../../core/transaction/attribute-value.ts";
import { contentChangeOf } from "../../core/transaction/content-change.ts";
import { dueKeyFor, isDueKey, isWaitKey, orderedKeyFor, parkKeyFor } from "../../core/transaction/row/index-keys.ts";
import { type Failure, failure } from "../../core/transaction/failure.ts";
import { missingMerchantKey } from "../../core/merchant/merchant-listing.ts";
import type { ConfirmationMessage } from "../../core/transaction/message.ts";
import { orderedGroupIdOf, repeatAfterMs } from "../../core/transaction/ordering.ts";
import {
  highestVersionOf,
  isStateCurrent,
  type RowState,
  rowStateOf,
  stateOf,
} from "../../core/transaction/row/row-state.ts";
import { loweredFailure, releaseFailure } from "../../core/transaction/row/row-failures.ts";
import { traceHeaderOf, versionOf } from "../../core/transaction/transaction.ts";

export interface Change {
  readonly newImage: AttributeMap;
  /** Missing for an insert. */
  readonly oldImage?: AttributeMap;
  /** Epoch milliseconds at which the change was made, as the stream says. */
  readonly writtenAt?: number;
}

export interface DecideOptions {
  readonly table: string;
  readonly dueShards: number;
  readonly merchantShards: number;
  readonly leaseMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Decision {
  readonly transactionId: string;
  /** Undefined where the row has none that can be read. */
  readonly version: number | undefined;
  /** The highest version that the row is known to have had, this one included; 0 for none. */
  readonly highest: number;
  readonly message?: ConfirmationMessage;
  readonly statement?: Statement;
  readonly setAside?: Failure;
  /** The image says something else than its merchant accepted: the row is to be looked at. */
  readonly isContentChanged?: true;
}

/** How far a producer's clock may be ahead before its due date is not believed. */
const CLOCK_SKEW_MS = 300_000;

/** @param before highest version that the changes before this one are known to have had */
export function decide({ newImage, oldImage, writtenAt }: Change, options: DecideOptions, before = 0): Decision {
  const transactionId = stringOf(newImage["transactionId"]) ?? "";
  const version = versionOf(newImage);
  const oldVersion = oldImage && versionOf(oldImage);
  const state = stateOf(newImage);
  const highest = Math.max(before, oldImage === undefined ? 0 : highestVersionOf(oldImage), highestVersionOf(newImage));
  const nothing: Decision = {
    transactionId,
    version,
    highest,
    ...(contentChangeOf(newImage) !== undefined && { isContentChanged: true }),
  };

  if (state === "CONFIRMED" || state === "FAILED") {
    const statement = version === undefined ? undefined : list(transactionId, version, newImage, options);
    return { ...nothing, ...(statement !== undefined && { statement }) };
  }
  if (version === undefined) {
    return {
      ...nothing,
      setAside: failure(
        "version_invalid",
        `version: got ${JSON.stringify(newImage["version"]) ?? "nothing"}, expected an integer from 1 ` +
          "(N). Write the row again with one.",
      ),
    };
  }
  const bad = version < highest ? loweredFailure(version, highest) : releaseFailure(newImage);
  if (bad !== undefined) return { ...nothing, setAside: bad };
  if (oldImage !== undefined && version === oldVersion) {
    const statement = wasWiped(oldImage, newImage)
      ? restore(transactionId, version, oldImage, newImage, options)
      : repair(transactionId, version, newImage, false, options);
    return { ...nothing, ...(statement !== undefined && { statement }) };
  }
  const statement = repair(transactionId, version, newImage, oldImage !== undefined && state === "PENDING", options);
  const trace = traceHeaderOf(newImage);
  const message: ConfirmationMessage = {
    transactionId,
    version,
    release: rowStateOf(newImage).release,
    ...(trace !== undefined && { trace }),
    ...(writtenAt !== undefined && { committedAt: writtenAt }),
  };
  return { ...nothing, ...(statement !== undefined && { statement }), ...(state === "PENDING" && { message }) };
}

/**
 * A put of the same version replaces the whole item, our attributes with it: its state, or its release alone before
 * there is one.
 */
function wasWiped(oldImage: AttributeMap, newImage: AttributeMap): boolean {
  if (newImage[ATTRIBUTES.confirmationState] !== undefined) return false;
  return (
    isStateCurrent(oldImage) ||
    (oldImage[ATTRIBUTES.releaseNumber] !== undefined && newImage[ATTRIBUTES.releaseNumber] === undefined)
  );
}

function restore(
  transactionId: string,
  version: number,
  oldImage: AttributeMap,
  newImage: AttributeMap,
  { table, dueShards, now }: DecideOptions,
): Statement {
  const set: Record<string, AttributeValue> = {};
  const remove: string[] = [];
  const isUnsettled = ["PENDING", "SCHEDULED"].includes(stateOf(oldImage));
  for (const name of ATTRIBUTE_NAMES) {
    const before = name === ATTRIBUTES.purgeAt && isUnsettled ? undefined : oldImage[name];
    if (before !== undefined) set[name] = before;
    else if (newImage[name] !== undefined) remove.push(name);
  }
  // Nobody may look for it among what waits for its merchant any more, since it was gone from there.
  if (isWaitKey(set[ATTRIBUTES.dueKey]?.S ?? "")) {
    set[ATTRIBUTES.dueKey] = { S: parkKeyFor(transactionId, dueShards) };
    set[ATTRIBUTES.dueAt] = { N: String(now) };
  }
  return restoreStatement(table, transactionId, version, set, remove);
}

/**
 * Index keys that are missing, that nobody reads, or too late for a row that is on its way; what that one left behind
 * when it was settled or released.
 */
function repair(
  transactionId: string,
  version: number,
  image: AttributeMap,
  isRaised: boolean,
  options: DecideOptions,
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
  const leftOver = isRaised
    ? [ATTRIBUTES.purgeAt, ATTRIBUTES.unheardReleases, ATTRIBUTES.sampledTrace]
    : [ATTRIBUTES.purgeAt];
  const remove = leftOver.filter((name) => image[name] !== undefined);
  if (Object.keys(set).length === 0 && remove.length === 0) return undefined;
  return repairStatement(table, transactionId, version, set, remove);
}

/** One that waits in its place is looked for only after its next try, and one that is repeated ever more seldom. */
function latestOrderedDueAt({ nextTryAt = 0, unheardReleases }: RowState, leaseMs: number, now: number): number {
  const restMs = unheardReleases === 0 ? leaseMs : repeatAfterMs(leaseMs, unheardReleases);
  return Math.max(now, nextTryAt) + restMs;
}

/** A row that was settled before its repair could list it under its merchant. */
function list(
  transactionId: string,
  version: number,
  image: AttributeMap,
  { table, merchantShards }: DecideOptions,
): Statement | undefined {
  const merchantKey = missingMerchantKey(image, merchantShards);
  return merchantKey && listStatement(table, transactionId, version, merchantKey);
}
