/**
 * What is personal in a row, taken away on request once the row is terminal: its payload, every text that somebody
 * chose, and every attribute that is not known. Ids, states, times, amounts and digests stay, so that what the row
 * stands for in manifests, indexes and counts stays what it was, and `erasedAt` says since when. An erased row is
 * final: nothing is sent for this version any more.
 *
 *   CONFIRMED -> CONFIRMED, erased
 *   FAILED    -> FAILED, erased, a generation on: dead letters of it are stale, and the version counts as lowered for
 *     whoever does not know erasure, so that no program opens it again
 *
 * A higher version is another content, and not erased.
 */
import { WITHOUT_TEXT } from "../failure.ts";
import { isInstant } from "../instant.ts";
import { CURRENCY, DECIMAL, OUTCOME, versionOf } from "../transaction.ts";
import { type AttributeMap, type AttributeValue, numberOf } from "../attribute-value.ts";
import { ACKNOWLEDGEMENT } from "./acknowledgement.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { ERASED_AT, ERASED_VERSION, erasedAtOf, NO_VERSION } from "./erased.ts";
import { isOutstanding, redeliveryOf } from "./redelivery.ts";
import { isPastMending } from "./row-failures.ts";
import { isUndecided } from "./restored-by.ts";
import { isTerminal, rowStateOf, stateOf, STATES } from "./row-state.ts";
import { hasSteps } from "./steps.ts";

/** Why a row is not erased, each with what to do. */
export const NOT_ERASABLE = {
  unfinished: "it is not over: what is to be delivered would be missing. Erase it once it is confirmed or given up",
  acknowledgement_pending:
    "its merchant responded with 202 and is to acknowledge it. Erase it once it has, or once its time for that is over",
  channels_open: "its plan of channels is not over. Erase it once it is confirmed or given up",
  restore_undecided:
    "a restore left it to a person to say whether it was confirmed. Erase it once that is decided, and it is over",
  redelivery_pending: "a job is sending it again. Erase it once it has, or cancel the job and wait for a minute",
} as const;
export type NotErasable = keyof typeof NOT_ERASABLE;

/** @returns undefined for a row that may be erased, or is already */
export function whyNotErasable(row: AttributeMap): NotErasable | undefined {
  if (!isTerminal(row)) {
    if (rowStateOf(row).waitedFor === ACKNOWLEDGEMENT) return "acknowledgement_pending";
    return hasSteps(row) ? "channels_open" : "unfinished";
  }
  if (isUndecided(row)) return "restore_undecided";
  const redelivery = redeliveryOf(row);
  return redelivery !== undefined && isOutstanding(row, redelivery) ? "redelivery_pending" : undefined;
}

/** What is written to a row. */
export interface Erasure {
  readonly set: AttributeMap;
  readonly remove: readonly string[];
}

/** @param row terminal. @returns undefined where nothing is left to erase */
export function erasureOf(row: AttributeMap): Erasure | undefined {
  const set: Record<string, AttributeValue> = {};
  const remove: string[] = [];
  for (const [name, value] of Object.entries(row)) {
    const left = Object.hasOwn(STAYS, name) ? STAYS[name]?.(value) : undefined;
    if (left === undefined) remove.push(name);
    else if (!isSame(left, value)) set[name] = left;
  }
  return remove.length === 0 && Object.keys(set).length === 0 ? undefined : { set, remove };
}

/** The same for one that was not erased yet, with what says that it is. @param now epoch milliseconds */
export function firstErasureOf(row: AttributeMap, now: number): Erasure {
  const { set: left = {}, remove = [] } = erasureOf(row) ?? {};
  const version = versionOf(row);
  const { release } = rowStateOf(row);
  const set: AttributeMap = {
    ...left,
    [ERASED_AT]: { N: String(now) },
    [ERASED_VERSION]: { N: String(version ?? NO_VERSION) },
    ...(stateOf(row) === "FAILED" && { [ATTRIBUTES.releaseNumber]: { N: String(release + 1) } }),
    ...(version !== undefined && isOpenedByOthers(row) && { [ATTRIBUTES.highestVersion]: { N: String(version + 1) } }),
  };
  return { set, remove: remove.filter((name) => !Object.hasOwn(set, name)) };
}

/**
 * Whether `highestVersion` is one above its own, so that programs that know no erasure do not open it; so it stays
 * where its merchant acknowledges it later.
 */
export function isBarred(row: AttributeMap): boolean {
  const version = versionOf(row);
  if (version === undefined || erasedAtOf(row) === undefined) return false;
  if (stateOf(row) === "FAILED" && !isOpenedByOthers(row)) return false;
  return numberOf(row[ATTRIBUTES.highestVersion]) === version + 1;
}

/** Whether a program that knows no erasure would open it. */
function isOpenedByOthers(row: AttributeMap): boolean {
  return stateOf(row) === "FAILED" && !isPastMending(row);
}

/** What stays of an attribute, or of a member; undefined where nothing does. */
type Stays = (value: AttributeValue) => AttributeValue | undefined;

const asItIs: Stays = (value) => (value.S === undefined ? undefined : value);
const count: Stays = (value) => (value.N === undefined ? undefined : value);
const flag: Stays = (value) => (value.BOOL === undefined ? undefined : value);
const ifText =
  (test: (text: string) => boolean): Stays =>
  (value) =>
    value.S !== undefined && test(value.S) ? value : undefined;
const matching = (pattern: RegExp): Stays => ifText((text) => pattern.test(text));

function mapOf(members: Readonly<Record<string, Stays>>): Stays {
  return ({ M: map }) => {
    if (map === undefined) return undefined;
    const left = Object.entries(map).flatMap(([name, value]) => {
      const member = Object.hasOwn(members, name) ? members[name]?.(value) : undefined;
      return member === undefined ? [] : [[name, member] as const];
    });
    // The stream shows an empty one as something else.
    return left.length === 0 ? undefined : { M: Object.fromEntries(left) };
  };
}

function listOf(entry: Stays): Stays {
  return ({ L: list }) => (list === undefined ? undefined : { L: list.flatMap((value) => entry(value) ?? []) });
}

/** Our own words: codes, classes, kinds. */
const word = matching(/^[a-z][a-z0-9_]{0,63}$/);
/** Ids of jobs and channels, digests, names of sends. */
const id = matching(/^[\w-]{1,256}$/);

const ATTEMPT = mapOf({
  at: count,
  durationMs: count,
  outcome: word,
  status: count,
  retryAfterSeconds: count,
  resends: count,
  channel: id,
  intentId: id,
});

const STEP = mapOf({ channel: id, result: word, at: count, attempts: count, class: word });
/** The code of a failure, or the one wait that nobody waits for. */
const UNSENT = matching(/^(?:[a-z][a-z0-9_]{0,63}|url unverified)$/);

/** By the name of the attribute; what is not here goes. */
const STAYS: Readonly<Record<string, Stays>> = {
  transactionId: asItIs,
  version: count,
  merchantId: asItIs,
  outcome: matching(OUTCOME),
  amount: matching(DECIMAL),
  currency: matching(CURRENCY),
  occurredAt: ifText(isInstant),
  [ERASED_AT]: count,
  [ERASED_VERSION]: count,
  [ATTRIBUTES.confirmationState]: ifText((text) => STATES.some((state) => state === text)),
  [ATTRIBUTES.stateVersion]: count,
  [ATTRIBUTES.highestVersion]: count,
  [ATTRIBUTES.releaseNumber]: count,
  [ATTRIBUTES.unheardReleases]: count,
  [ATTRIBUTES.auditedVersion]: count,
  [ATTRIBUTES.merchantKey]: asItIs,
  [ATTRIBUTES.failedKey]: asItIs,
  [ATTRIBUTES.failedAt]: asItIs,
  [ATTRIBUTES.intake]: mapOf({ digest: id, at: count, by: asItIs }),
  [ATTRIBUTES.attemptCount]: count,
  [ATTRIBUTES.attempts]: listOf(ATTEMPT),
  [ATTRIBUTES.accepted]: mapOf({
    version: count,
    merchantId: asItIs,
    outcome: matching(OUTCOME),
    amount: matching(DECIMAL),
    currency: matching(CURRENCY),
    occurredAt: ifText(isInstant),
    payloadDigest: id,
    digestVersion: count,
    payloadVersion: count,
  }),
  [ATTRIBUTES.committedAt]: count,
  [ATTRIBUTES.settledAt]: count,
  [ATTRIBUTES.redelivery]: mapOf({
    jobId: id,
    version: count,
    generation: count,
    markedAt: count,
    reopens: count,
    result: word,
    at: count,
    status: count,
  }),
  [ATTRIBUTES.acknowledged]: mapOf({ version: count, at: count, by: asItIs }),
  [ATTRIBUTES.steps]: mapOf({
    version: count,
    plan: word,
    revision: count,
    done: listOf(STEP),
    current: mapOf({
      channel: id,
      from: count,
      keptSince: count,
      intent: mapOf({ id, at: count, isSent: flag }),
      result: mapOf({ kind: word, class: word }),
    }),
    passedOver: listOf(mapOf({ channel: id, until: count, attempts: count })),
  }),
  [ATTRIBUTES.confirmedBy]: mapOf({
    version: count,
    by: word,
    bodyDigest: id,
    unsent: UNSENT,
    mirror: mapOf({ result: word, at: count, durationMs: count, status: count }),
  }),
  [ATTRIBUTES.saidElsewhere]: mapOf({ version: count, at: count, notedAt: count, by: asItIs }),
  [ATTRIBUTES.pinnedMode]: mapOf({ version: count, mode: word }),
  [ATTRIBUTES.restoredBy]: mapOf({ jobId: id, version: count, at: count, as: word }),
  [ATTRIBUTES.failure]: failureLeft,
  [ATTRIBUTES.purgeAt]: count,
};

/** Its reason may quote what the row said. */
function failureLeft({ M: failure }: AttributeValue): AttributeValue | undefined {
  const [code, fault] = [failure?.["code"], failure?.["fault"]];
  if (code === undefined || fault === undefined || word(code) === undefined || word(fault) === undefined)
    return undefined;
  return { M: { code, fault, reason: { S: WITHOUT_TEXT } } };
}

function isSame(one: AttributeValue, other: AttributeValue): boolean {
  if (one === other) return true;
  if (one.S !== undefined || one.N !== undefined) return one.S === other.S && one.N === other.N;
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Members of a map come in no order. */
function sorted({ M: map, L: list, ...value }: AttributeValue): unknown {
  if (map !== undefined)
    return Object.entries(map)
      .map(([name, member]) => [name, sorted(member)] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1));
  return list === undefined ? value : list.map(sorted);
}
