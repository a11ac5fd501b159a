/**
 * Rows as a restore writes them. What is confirmed by evidence keeps the content that its merchant accepted; what is to
 * be sent is due now, and what nobody knows of is called by nobody. Whatever message of the row is still in a queue is
 * of an older generation than those two.
 */
import { type Accepted, acceptedOf, changedFields, CONTENT_FIELDS, writeAccepted } from "../transaction/accepted.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { failure } from "../transaction/failure.ts";
import { orderedGroupIdOf } from "../transaction/ordering.ts";
import { DIGEST_VERSION, payloadDigest } from "../transaction/payload-digest.ts";
import type { RowKeySettings } from "../settings/row-key-settings.ts";
import { ATTRIBUTES, TERMINAL_ONLY } from "../transaction/row/attributes.ts";
import { writeConfirmedBy } from "../transaction/row/confirmed-by.ts";
import { ERASED_AT, ERASED_VERSION, isErased } from "../transaction/row/erased.ts";
import { failedListing, failingMerchantOf } from "../transaction/row/failed-listing.ts";
import { isWaitKey, merchantKeyFor, orderedKeyFor, parkKeyFor } from "../transaction/row/index-keys.ts";
import { type RestoredAs, writeRestoredBy } from "../transaction/row/restored-by.ts";
import { countOf, isStateCurrent, stateOf } from "../transaction/row/row-state.ts";
import { isMerchantId, versionOf } from "../transaction/transaction.ts";
import type { AcceptedInPart, ConfirmedSince } from "./evidence.ts";

export interface RestoreContext {
  readonly jobId: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly settledDays: number;
  readonly rowKeys: RowKeySettings;
}

type Draft = Record<string, AttributeValue>;

const DAY_SECONDS = 86_400;
const WAITING = [
  ATTRIBUTES.dueKey,
  ATTRIBUTES.dueAt,
  ATTRIBUTES.giveUpAt,
  ATTRIBUTES.nextTryAt,
  ATTRIBUTES.unheardReleases,
  ATTRIBUTES.waitingFor,
];
/** Of a version, and of no other. */
const OF_VERSION = [ATTRIBUTES.attempts, ATTRIBUTES.attemptCount, ATTRIBUTES.committedAt, ATTRIBUTES.steps];

const number = (value: number): AttributeValue => ({ N: String(value) });

/** The row as it is, where it is terminal. @param own as the table has it now, whose content may have been erased */
export function asItWas(
  row: AttributeMap,
  own: AttributeMap | undefined,
  as: RestoredAs,
  context: RestoreContext,
): AttributeMap {
  const draft: Draft = { ...row };
  if (own !== undefined && isErased(own)) takeErasure(draft, own);
  return marked(draft, own, as, context);
}

/** The same content, confirmed by journal or manifests. @param row with that version's content, if there is one */
export function confirmedSince(
  transactionId: string,
  row: AttributeMap | undefined,
  own: AttributeMap | undefined,
  confirmed: ConfirmedSince,
  context: RestoreContext,
): AttributeMap {
  const { version, at, accepted, day, source, confirmedBy } = confirmed;
  const draft: Draft = { ...row, transactionId: { S: transactionId }, version: number(version) };
  if (row === undefined || !isStateCurrent(row)) drop(draft, OF_VERSION);
  drop(draft, WAITING);
  drop(draft, [ATTRIBUTES.failure, ATTRIBUTES.confirmedBy, ...TERMINAL_ONLY]);
  draft[ATTRIBUTES.confirmationState] = { S: "CONFIRMED" };
  draft[ATTRIBUTES.stateVersion] = number(version);
  if (confirmedBy !== undefined) draft[ATTRIBUTES.confirmedBy] = writeConfirmedBy({ version, by: confirmedBy });
  draft[ATTRIBUTES.settledAt] = number(at);
  draft[ATTRIBUTES.purgeAt] = number(Math.floor(at / 1000) + context.settledDays * DAY_SECONDS);
  if (accepted !== undefined && isWhole(accepted)) {
    if (row === undefined || changedFields(row, accepted, true).length > 0) {
      for (const name of CONTENT_FIELDS) draft[name] = { S: accepted[name] };
      const isSame = accepted.digestVersion === DIGEST_VERSION && payloadOf(row) === accepted.payloadDigest;
      if (!isSame) delete draft["payload"];
      delete draft[ATTRIBUTES.merchantKey];
    }
    draft[ATTRIBUTES.accepted] = writeAccepted(version, accepted);
  } else if (accepted !== undefined) {
    for (const name of ["merchantId", "outcome", "amount", "currency"] as const)
      if (stringOf(draft[name]) !== accepted[name]) draft[name] = { S: accepted[name] };
    if (row === undefined && day !== undefined && isMerchantId(accepted.merchantId)) {
      const { merchantShards } = context.rowKeys;
      draft[ATTRIBUTES.merchantKey] = { S: merchantKeyFor(accepted.merchantId, day, transactionId, merchantShards) };
    }
  }
  if (acceptedOf(draft) === undefined) delete draft[ATTRIBUTES.accepted];
  return marked(draft, own, source, context);
}

/** Not terminal, and to be sent: due now, or when it was to be anyway. @param own as the table has it now */
export function toBeSent(row: AttributeMap, own: AttributeMap | undefined, context: RestoreContext): AttributeMap {
  const { now, rowKeys } = context;
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const draft: Draft = { ...row };
  drop(draft, [...TERMINAL_ONLY, ATTRIBUTES.unheardReleases, ATTRIBUTES.settledAt, ATTRIBUTES.failure]);
  if (!isStateCurrent(row)) drop(draft, [...OF_VERSION, ATTRIBUTES.giveUpAt, ATTRIBUTES.waitingFor]);
  const version = row["version"];
  const groupId = orderedGroupIdOf(row);
  const dueAt = numberOf(row[ATTRIBUTES.dueAt]) ?? 0;
  const dueKey = stringOf(row[ATTRIBUTES.dueKey]) ?? "";
  const isParked = stateOf(row) === "SCHEDULED" && !isWaitKey(dueKey) && dueAt > now;
  if (groupId === undefined) {
    draft[ATTRIBUTES.confirmationState] = { S: "SCHEDULED" };
    draft[ATTRIBUTES.dueKey] = { S: parkKeyFor(transactionId, rowKeys.dueShards) };
    draft[ATTRIBUTES.dueAt] = number(isParked ? dueAt : now);
  } else {
    draft[ATTRIBUTES.confirmationState] = { S: "PENDING" };
    draft[ATTRIBUTES.dueKey] = { S: orderedKeyFor(groupId, rowKeys.dueShards) };
    draft[ATTRIBUTES.dueAt] = number(now);
  }
  if (version !== undefined) draft[ATTRIBUTES.stateVersion] = version;
  return nextGeneration(marked(draft, own, "sent", context), own);
}

/** Not terminal, and perhaps confirmed: nobody calls it before a person decides. */
export function undecided(row: AttributeMap, own: AttributeMap | undefined, context: RestoreContext): AttributeMap {
  const { now, jobId, rowKeys } = context;
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const draft: Draft = { ...row };
  drop(draft, WAITING);
  drop(draft, TERMINAL_ONLY);
  if (!isStateCurrent(row)) drop(draft, OF_VERSION);
  const why = failure(
    "restore_undecided",
    "restore: got no source that says whether this version was confirmed, expected a person to decide. Run " +
      `npx confirmations restore apply ${jobId} with --send or --confirmed and its id.`,
  );
  const { code, fault, reason } = why;
  draft[ATTRIBUTES.confirmationState] = { S: "FAILED" };
  const version = row["version"];
  if (version !== undefined) draft[ATTRIBUTES.stateVersion] = version;
  draft[ATTRIBUTES.failure] = { M: { code: { S: code }, fault: { S: fault }, reason: { S: reason } } };
  draft[ATTRIBUTES.settledAt] = number(now);
  const listing = failedListing(failingMerchantOf(row), transactionId, why, now, rowKeys.merchantShards);
  if (listing !== undefined) {
    draft[ATTRIBUTES.failedKey] = { S: listing.failedKey };
    draft[ATTRIBUTES.failedAt] = { S: listing.failedAt };
  }
  return nextGeneration(marked(draft, own, "unknown", context), own);
}

/**
 * The row as the table has it, confirmed, with the content that it had: that was changed under its version.
 * @param row with the content that its merchant accepted
 */
export function mended(own: AttributeMap, row: AttributeMap, context: RestoreContext): AttributeMap {
  const draft: Draft = { ...own };
  drop(draft, [ATTRIBUTES.failure, ATTRIBUTES.failedKey, ATTRIBUTES.failedAt]);
  draft[ATTRIBUTES.confirmationState] = { S: "CONFIRMED" };
  for (const name of [...CONTENT_FIELDS, "payload"]) {
    const was = row[name];
    if (was === undefined) delete draft[name];
    else draft[name] = was;
  }
  delete draft[ATTRIBUTES.merchantKey];
  const listed = row[ATTRIBUTES.merchantKey];
  if (listed !== undefined) draft[ATTRIBUTES.merchantKey] = listed;
  return marked(draft, own, "table", context);
}

function marked(draft: Draft, own: AttributeMap | undefined, as: RestoredAs, context: RestoreContext): Draft {
  const { jobId, now } = context;
  const version = versionOf(draft) ?? 0;
  draft[ATTRIBUTES.restoredBy] = writeRestoredBy({ jobId, version, at: now, as });
  const release = releaseOf(own);
  if (release > releaseOf(draft)) draft[ATTRIBUTES.releaseNumber] = number(release);
  return draft;
}

function nextGeneration(draft: Draft, own: AttributeMap | undefined): Draft {
  draft[ATTRIBUTES.releaseNumber] = number(Math.max(releaseOf(draft), releaseOf(own)) + 1);
  return draft;
}

function releaseOf(row: AttributeMap | undefined): number {
  return countOf(row?.[ATTRIBUTES.releaseNumber]) ?? 0;
}

/** What was erased since stays erased: nothing is taken back that a row has no more. */
function takeErasure(draft: Draft, own: AttributeMap): void {
  for (const name of [...CONTENT_FIELDS, "payload", ERASED_AT, ERASED_VERSION]) {
    const left = own[name];
    if (left === undefined) delete draft[name];
    else draft[name] = left;
  }
}

function isWhole(accepted: AcceptedInPart): accepted is Accepted {
  return accepted.occurredAt !== undefined && accepted.payloadDigest !== undefined;
}

function payloadOf(row: AttributeMap | undefined): string {
  return payloadDigest(row?.["payload"]?.M);
}

function drop(draft: Draft, names: readonly string[]): void {
  for (const name of names) delete draft[name];
}
