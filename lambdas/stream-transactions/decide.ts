/**
 * What a change of a row asks for. No constant filter can see that a version was raised, so every insert and
 * modification comes here, the pipeline's own writes among them, and the two images are compared:
 *
 *   a new or raised version                   -> enqueue, and put in place what a cooperative producer would have set
 *   the same version, our state wiped         -> restore it from the image before; its message or due date still stands
 *   the same version, not terminal, keys gone -> put them in place
 *   a version that cannot be delivered        -> quarantined with the reason
 *   terminal, but not listed by its merchant  -> list it
 *   erased, and with something personal since -> take that away again (`erase-again.ts`)
 *   failed, but not among the failed ones     -> list it there; confirmed, but still among them -> take it out
 *   other content than was accepted           -> look at the row; it is given up if so (`content-changes.ts`)
 *   anything else                             -> nothing, it is our own write or no concern of ours
 */
import type { Statement } from "../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import { contentChangeOf } from "../../core/transaction/content-change.ts";
import { type Failure, failure } from "../../core/transaction/failure.ts";
import type { ConfirmationMessage } from "../../core/transaction/message.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { isBarred } from "../../core/transaction/row/erasure.ts";
import { loweredFailure, generationFailure } from "../../core/transaction/row/row-failures.ts";
import { highestVersionOf, isStateCurrent, rowStateOf, stateOf } from "../../core/transaction/row/row-state.ts";
import { traceHeaderOf, versionOf } from "../../core/transaction/transaction.ts";
import { eraseAgain } from "./erase-again.ts";
import { list, type PlacingOptions, repair, restore } from "./put-in-place.ts";

export interface Change {
  readonly newImage: AttributeMap;
  /** Missing for an insert. */
  readonly oldImage?: AttributeMap;
  /** Epoch milliseconds at which the change was made, as the stream says. */
  readonly writtenAt?: number;
}

export interface Decision {
  readonly transactionId: string;
  /** Undefined where the row has none that can be read. */
  readonly version: number | undefined;
  /** The highest version that the row is known to have had, this one included; 0 for none. */
  readonly highest: number;
  readonly message?: ConfirmationMessage;
  readonly statement?: Statement;
  readonly quarantined?: Failure;
  /** The image says something else than its merchant accepted: the row is to be looked at. */
  readonly isContentChanged?: true;
}

/** @param before highest version that the changes before this one are known to have had */
export function decide({ newImage, oldImage, writtenAt }: Change, options: PlacingOptions, before = 0): Decision {
  const transactionId = stringOf(newImage["transactionId"]) ?? "";
  const version = versionOf(newImage);
  const oldVersion = oldImage && versionOf(oldImage);
  const state = stateOf(newImage);
  const highest = Math.max(before, oldImage === undefined ? 0 : highestIn(oldImage), highestIn(newImage));
  const nothing: Decision = {
    transactionId,
    version,
    highest,
    ...(contentChangeOf(newImage) !== undefined && { isContentChanged: true }),
  };

  if (state === "CONFIRMED" || state === "FAILED") {
    const listed = version === undefined ? undefined : list(transactionId, version, newImage, options);
    const statement = eraseAgain(newImage, oldImage, options) ?? listed;
    return { ...nothing, ...(statement !== undefined && { statement }) };
  }
  if (version === undefined) {
    return {
      ...nothing,
      quarantined: failure(
        "version_invalid",
        `version: got ${JSON.stringify(newImage["version"]) ?? "nothing"}, expected an integer from 1 ` +
          "(N). Write the row again with one.",
      ),
    };
  }
  const bad = version < highest ? loweredFailure(version, highest) : generationFailure(newImage);
  if (bad !== undefined) return { ...nothing, quarantined: bad };
  if (oldImage !== undefined && version === oldVersion) {
    const statement = wasWiped(oldImage, newImage)
      ? restore(transactionId, version, oldImage, newImage, options)
      : repair(transactionId, version, newImage, oldImage, false, options);
    return { ...nothing, ...(statement !== undefined && { statement }) };
  }
  const isRaised = oldImage !== undefined && state === "PENDING";
  const statement = repair(transactionId, version, newImage, oldImage, isRaised, options);
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

/** The highest version that the row has had, as far as the image knows: not the one that bars what was erased. */
function highestIn(image: AttributeMap): number {
  return isBarred(image) ? (versionOf(image) ?? 0) : highestVersionOf(image);
}

/**
 * A put of the same version replaces the whole item, our attributes with it: its state, or its generation alone before
 * there is one.
 */
function wasWiped(oldImage: AttributeMap, newImage: AttributeMap): boolean {
  if (newImage[ATTRIBUTES.confirmationState] !== undefined) return false;
  return (
    isStateCurrent(oldImage) ||
    (oldImage[ATTRIBUTES.releaseNumber] !== undefined && newImage[ATTRIBUTES.releaseNumber] === undefined)
  );
}
