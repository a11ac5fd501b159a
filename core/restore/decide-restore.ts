/**
 * What a restore makes of one transaction, given what the backup has, what the table has now, and what is known beside
 * them. The highest version wins, and of one version what is terminal; of that what is confirmed.
 *
 *   the table has a higher version, or the same one terminal -> it stays
 *   terminal in the backup, the stream, the journal, manifests -> written as terminal, where the table says less
 *   not terminal anywhere, and the table has it                -> it stays, or gets the content back that it had
 *   not terminal anywhere, and gone                            -> written, and sent
 *   the same, and perhaps confirmed in a time that no source covers -> written, and called by nobody
 *   terminal and gone, and its time to live is over            -> left away
 *
 * Pure; what it says holds for the table's row as it was read, and for that alone.
 */
import { acceptedOf, changedFields, contentOf, hasContentChanged } from "../transaction/accepted.ts";
import { readAttempts } from "../transaction/attempt.ts";
import { type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { parseTransaction } from "../transaction/parse-transaction.ts";
import { ACKNOWLEDGEMENT } from "../transaction/row/acknowledgement.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { isErased } from "../transaction/row/erased.ts";
import { isWaitKey } from "../transaction/row/index-keys.ts";
import { isUndecided, type RestoredAs, restoredByOf } from "../transaction/row/restored-by.ts";
import { countOf, isTerminal, rowStateOf, stateOf } from "../transaction/row/row-state.ts";
import { hasSteps } from "../transaction/row/steps.ts";
import { versionOf } from "../transaction/transaction.ts";
import type { Evidence } from "./evidence.ts";
import type { TimeSpan } from "./journal-gaps.ts";
import { asItWas, confirmedSince, mended, type RestoreContext, toBeSent, undecided } from "./restored-rows.ts";

export interface Known {
  readonly transactionId: string;
  /** As the restored table has it. */
  readonly backup: AttributeMap | undefined;
  /** As the table has it now. */
  readonly own: AttributeMap | undefined;
  readonly evidence: Evidence;
}

export interface DecideContext extends RestoreContext {
  /** Epoch milliseconds from when on the table was damaged. */
  readonly damagedAt: number;
  /** Times after the backup in which something may have been confirmed that no source has. */
  readonly unknownTimes: readonly TimeSpan[];
  /** The backup stands in the table's own place: what the table has is no newer than that. */
  readonly isInPlace: boolean;
}

/** As what it counts, of what is not written: `same` in both, `table`, the table knew more, `expired`. */
export type KeptAs = "same" | "table" | "expired";

export type RestoreDecision =
  | { readonly kind: "keep"; readonly as: KeptAs | RestoredAs }
  | { readonly kind: "write"; readonly as: RestoredAs; readonly row: AttributeMap };

export function decideRestore(known: Known, context: DecideContext): RestoreDecision {
  const { own, transactionId } = known;
  const mark = own && restoredByOf(own);
  // It was written already, by this very restore; whatever has become of it since is none of its own.
  if (own !== undefined && mark?.jobId === context.jobId) return keep(mark.as);
  const past = pastOf(known);
  const top = Math.max(past.version, past.finished?.version ?? 0);
  const version = own === undefined ? 0 : (versionOf(own) ?? 0);
  // A version that cannot be read: it is given up for that once more.
  if (top === 0 && own === undefined && past.row !== undefined)
    return write("backup", asItWas(past.row, own, "backup", context));
  if (top === 0 || version > top) return keep("same");
  if (own !== undefined && version === top) return decideOnBoth(own, past, known, context);
  if (past.finished?.version === top) {
    const row = past.finished.write(context);
    return isExpired(row, context) ? keep("expired") : write(past.finished.as, row);
  }
  const { row } = past;
  return row === undefined ? keep("same") : unfinished({ ...row, transactionId: { S: transactionId } }, known, context);
}

/** The table has the version that is wanted. */
function decideOnBoth(own: AttributeMap, past: Past, known: Known, context: DecideContext): RestoreDecision {
  const { finished, row } = past;
  const version = versionOf(own);
  const isOfVersion = row !== undefined && past.version === version;
  const isEnded = finished?.version === version ? finished : undefined;
  const state = stateOf(own);
  const kept = keep(isOfVersion && isTerminal(row) ? "same" : "table");
  // What was erased is final: whatever else is known of it may have what was taken away.
  if (isErased(own) && isTerminal(own)) return kept;
  if (state === "CONFIRMED") {
    const isMendable = isOfVersion && isOtherContent(own) && hasContentOf(row, own);
    return isMendable ? write("table", mended(own, row, context)) : kept;
  }
  // What a producer changed before that is not the damage's.
  if (hasContentChanged(own) && (numberOf(own[ATTRIBUTES.settledAt]) ?? 0) < context.damagedAt) return kept;
  if (isEnded?.isConfirmed === true) return write(isEnded.as, isEnded.write(context));
  if (state === "FAILED") {
    if (isUndecided(own)) return keep("unknown");
    if (!hasContentChanged(own) || !isOfVersion || !hasContentOf(row, own)) return kept;
    if (wasDelivered(own)) return write("table", mended(own, row, context));
    return isEnded === undefined ? unfinished(row, known, context) : write(isEnded.as, isEnded.write(context));
  }
  if (isEnded !== undefined && isEnded.release >= releaseOf(own)) return write(isEnded.as, isEnded.write(context));
  if (!isOfVersion) return keep("same");
  if (!isErased(own) && hasOtherContent(own, row)) return unfinished(row, known, context);
  // Whatever took its state away may have taken a confirmation with it.
  const isBare = own[ATTRIBUTES.confirmationState] === undefined && known.backup !== undefined;
  return (isBare || context.isInPlace) && mayBeConfirmed(row, context)
    ? write("unknown", undecided(own, own, context))
    : keep("same");
}

function unfinished(row: AttributeMap, { own }: Known, context: DecideContext): RestoreDecision {
  if (mayBeConfirmed(row, context)) return write("unknown", undecided(row, own, context));
  return write("sent", toBeSent(row, own, context));
}

/** One that is parked until a time was not called before that, and nobody was to say anything of a call before it. */
function mayBeConfirmed(row: AttributeMap, { unknownTimes }: DecideContext): boolean {
  const dueAt = numberOf(row[ATTRIBUTES.dueAt]) ?? 0;
  const isWaitKeyed = isWaitKey(stringOf(row[ATTRIBUTES.dueKey]) ?? "");
  const isToldLater = rowStateOf(row).waitedFor === ACKNOWLEDGEMENT || hasSteps(row);
  const isParked = stateOf(row) === "SCHEDULED" && !isWaitKeyed && !isToldLater;
  return unknownTimes.some(({ to }) => !isParked || to > dueAt);
}

interface Finished {
  readonly version: number;
  readonly isConfirmed: boolean;
  readonly as: RestoredAs;
  /** Generation of the row at which it was terminal; what is of a later one was opened again. */
  readonly release: number;
  readonly isErased: boolean;
  readonly write: (context: RestoreContext) => AttributeMap;
}

interface Past {
  /** As it was before the damage, at its highest version; not terminal perhaps. */
  readonly row: AttributeMap | undefined;
  readonly version: number;
  /** The best of what says that it ended, at the highest version that anything says so of. */
  readonly finished: Finished | undefined;
}

function pastOf({ transactionId, backup, own, evidence }: Known): Past {
  const { before, ended, confirmed } = evidence;
  const row = newerOf(backup, before);
  const version = row === undefined ? 0 : (versionOf(row) ?? 0);
  const all: Finished[] = [];
  if (row !== undefined && isTerminal(row)) all.push(finishedIn(row, own, row === backup ? "backup" : "stream"));
  if (ended !== undefined) all.push(finishedIn(ended, own, "stream"));
  if (confirmed !== undefined) {
    const ofVersion = [own !== undefined && isErased(own) ? own : undefined, row, own].find(
      (one) => one !== undefined && versionOf(one) === confirmed.version,
    );
    all.push({
      version: confirmed.version,
      isConfirmed: true,
      as: confirmed.source,
      release: 0,
      isErased: false,
      write: (context) => confirmedSince(transactionId, ofVersion, own, confirmed, context),
    });
  }
  return { row, version, finished: all.reduce<Finished | undefined>(better, undefined) };
}

function finishedIn(row: AttributeMap, own: AttributeMap | undefined, as: RestoredAs): Finished {
  return {
    version: versionOf(row) ?? 0,
    isConfirmed: stateOf(row) === "CONFIRMED",
    as,
    release: releaseOf(row),
    isErased: isErased(row),
    write: (context) => asItWas(row, own, as, context),
  };
}

/** In the order in which sources are believed: of two that say the same the first one, or the one that was erased. */
function better(one: Finished | undefined, other: Finished): Finished {
  if (one === undefined || other.version > one.version) return other;
  if (other.version === one.version && one.isErased !== other.isErased) return one.isErased ? one : other;
  return other.version === one.version && other.isConfirmed && !one.isConfirmed ? other : one;
}

/** The stream's is the later one; but nothing takes a confirmation back. */
function newerOf(backup: AttributeMap | undefined, before: AttributeMap | undefined): AttributeMap | undefined {
  if (backup === undefined || before === undefined) return backup ?? before;
  const [one, other] = [versionOf(backup) ?? 0, versionOf(before) ?? 0];
  if (one !== other) return one > other ? backup : before;
  if (isErased(before) && isTerminal(before)) return before;
  const isSame = isTerminal(backup) && stateOf(backup) === stateOf(before);
  return stateOf(backup) === "CONFIRMED" || isSame ? backup : before;
}

/** Whether a row says something else than its merchant accepted. */
function isOtherContent(row: AttributeMap): boolean {
  const accepted = acceptedOf(row);
  return accepted !== undefined && changedFields(row, accepted, true).length > 0;
}

/** Whether a row has the content that the merchant of another one accepted. */
function hasContentOf(row: AttributeMap, other: AttributeMap): boolean {
  const accepted = acceptedOf(other);
  return accepted !== undefined && changedFields(row, accepted, false).length === 0;
}

function hasOtherContent(own: AttributeMap, row: AttributeMap): boolean {
  const parsed = parseTransaction(row);
  return "transaction" in parsed && changedFields(own, contentOf(parsed.transaction), false).length > 0;
}

function wasDelivered(row: AttributeMap): boolean {
  return readAttempts(row[ATTRIBUTES.attempts]).some(({ outcome }) => outcome === "delivered");
}

function isExpired(row: AttributeMap, { now }: RestoreContext): boolean {
  const purgeAt = numberOf(row[ATTRIBUTES.purgeAt]);
  return purgeAt !== undefined && purgeAt * 1000 <= now;
}

function releaseOf(row: AttributeMap): number {
  return countOf(row[ATTRIBUTES.releaseNumber]) ?? 0;
}

function keep(as: KeptAs | RestoredAs): RestoreDecision {
  return { kind: "keep", as };
}

function write(as: RestoredAs, row: AttributeMap): RestoreDecision {
  return { kind: "write", as, row };
}
