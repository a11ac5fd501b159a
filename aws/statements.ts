/**
 * Every write of the pipeline to a transaction, as a conditional PartiQL update. All of them name the version they are meant for, so
 * that a newer outcome is never overwritten; all but the record of a 2xx also name the release, so that what an older message did
 * cannot undo what a newer release began.
 */
import type { Attempt } from "../core/attempt.ts";
import { writeAttempts } from "../core/attempt.ts";
import type { AttributeMap, AttributeValue } from "../core/attribute-value.ts";
import type { Failure } from "../core/failure.ts";
import { versionOf } from "../core/transaction.ts";

export interface Statement {
  /** A batch may name a row only once. */
  readonly transactionId: string;
  readonly text: string;
  readonly parameters: readonly AttributeValue[];
}

/** Which row is meant, at which version and release. */
export interface Target {
  readonly transactionId: string;
  readonly version: number;
  readonly release: number;
}

/** What a worker has learnt about a transaction by trying it. */
export interface Progress {
  readonly attemptCount: number;
  readonly attempts: readonly Attempt[];
  /** Epoch milliseconds. */
  readonly giveUpAt: number;
  /** Epoch milliseconds at which the version was written; kept on the row while it waits, since its message may be gone by then. */
  readonly committedAt?: number;
}

const SECONDS_A_DAY = 86_400;
/** Characters of a text that a condition compares; DynamoDB limits the size of an expression. */
const MAX_COMPARED = 1000;

const number = (value: number): AttributeValue => ({ N: String(value) });
const text = (value: string): AttributeValue => ({ S: value });

/** Collects the clauses of one update and their parameters in the order in which they appear. */
export class Update {
  readonly #table: string;
  readonly #clauses: string[] = [];
  readonly #conditions: string[] = [];
  readonly #set: AttributeValue[] = [];
  readonly #where: AttributeValue[] = [];

  constructor(table: string) {
    this.#table = table;
  }

  set(name: string, value: AttributeValue): this {
    this.#clauses.push(`SET ${name}=?`);
    this.#set.push(value);
    return this;
  }

  remove(...names: string[]): this {
    for (const name of names) this.#clauses.push(`REMOVE ${name}`);
    return this;
  }

  where(condition: string, ...values: AttributeValue[]): this {
    this.#conditions.push(condition);
    this.#where.push(...values);
    return this;
  }

  build(transactionId: string): Statement {
    const conditions = ["transactionId=?", ...this.#conditions].join(" AND ");
    return {
      transactionId,
      text: `UPDATE "${this.#table}" ${this.#clauses.join(" ")} WHERE ${conditions}`,
      parameters: [...this.#set, text(transactionId), ...this.#where],
    };
  }
}

const NOT_CONFIRMED = "(confirmationState IS MISSING OR confirmationState<>'CONFIRMED' OR stateVersion<>?)";

const UNSETTLED =
  "(confirmationState IS MISSING OR (confirmationState<>'CONFIRMED' AND confirmationState<>'FAILED') OR stateVersion<>?)";
const HAS_NO_PARKING_DATE =
  "(dueKey IS MISSING OR dueAt IS MISSING OR confirmationState IS MISSING OR confirmationState<>'SCHEDULED' OR stateVersion<>?)";

function atRelease(update: Update, { version, release }: Target): Update {
  update.where("version=?", number(version));
  if (release === 0) return update.where("(releaseNumber IS MISSING OR releaseNumber=0)");
  return update.where("releaseNumber=?", number(release));
}

function withProgress(update: Update, version: number, progress: Progress, waitingFor?: string): Update {
  update
    .set("stateVersion", number(version))
    .set("attemptCount", number(progress.attemptCount))
    .set("attempts", writeAttempts(progress.attempts))
    .remove("unheardReleases");
  return waitingFor === undefined ? update.remove("waitingFor") : update.set("waitingFor", text(waitingFor));
}

function withTimes(update: Update, { giveUpAt, committedAt }: Progress): Update {
  update.set("giveUpAt", number(giveUpAt));
  // Of another version it would be of no use.
  return committedAt === undefined ? update.remove("committedAt") : update.set("committedAt", number(committedAt));
}

/** The merchant answered 2xx. Counts whatever the release; leaves the due index; starts the time to live. */
export function confirmStatement(
  table: string,
  target: Target,
  progress: Progress,
  now: number,
  settledDays: number,
): Statement {
  return withProgress(new Update(table).set("confirmationState", text("CONFIRMED")), target.version, progress)
    .set("settledAt", number(now))
    .set("purgeAt", number(Math.floor(now / 1000) + settledDays * SECONDS_A_DAY))
    .remove("dueKey", "dueAt", "giveUpAt", "nextTryAt", "failure")
    .where("version=?", number(target.version))
    .where(NOT_CONFIRMED, number(target.version))
    .build(target.transactionId);
}

/** A failed attempt whose message stays in the queue. */
export function attemptStatement(table: string, target: Target, progress: Progress): Statement {
  const pending = new Update(table).set("confirmationState", text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress), progress).remove("purgeAt", "nextTryAt");
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/** When one that waits in its place is tried again and when it is looked for, epoch milliseconds, and what it waits for at its merchant. */
export interface Stay {
  readonly nextTryAt: number;
  readonly dueKey: string;
  readonly dueAt: number;
  readonly waitingFor?: string;
}

/** Not delivered yet, and its message stays where it is, at the head of its ordered group. */
export function stayStatement(table: string, target: Target, progress: Progress, stay: Stay): Statement {
  const pending = new Update(table).set("confirmationState", text("PENDING"));
  const update = withTimes(withProgress(pending, target.version, progress, stay.waitingFor), progress)
    .set("nextTryAt", number(stay.nextTryAt))
    .set("dueKey", text(stay.dueKey))
    .set("dueAt", number(stay.dueAt))
    .remove("purgeAt");
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/**
 * Waits in the table until `dueAt`, epoch milliseconds.
 *
 * @param waitingFor what it waits for at its merchant, if it does
 * @param trace header with which its next release goes on, for one whose way is traced
 */
export function parkStatement(
  table: string,
  target: Target,
  progress: Progress,
  dueKey: string,
  dueAt: number,
  waitingFor?: string,
  trace?: string,
): Statement {
  const scheduled = new Update(table).set("confirmationState", text("SCHEDULED"));
  const update = withTimes(withProgress(scheduled, target.version, progress, waitingFor), progress)
    .set("dueKey", text(dueKey))
    .set("dueAt", number(dueAt))
    .remove("purgeAt", "nextTryAt");
  if (trace !== undefined) update.set("sampledTrace", text(trace));
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/** Given up. Written only after the dead letter was sent. */
export function failStatement(
  table: string,
  target: Target,
  progress: Pick<Progress, "attemptCount" | "attempts">,
  failure: Failure,
  now: number,
  settledDays: number,
): Statement {
  const update = new Update(table)
    .set("confirmationState", text("FAILED"))
    .set("stateVersion", number(target.version))
    .set("attemptCount", number(progress.attemptCount))
    .set("attempts", writeAttempts(progress.attempts))
    .remove("dueKey", "dueAt", "giveUpAt", "nextTryAt", "unheardReleases", "waitingFor");
  settle(update, failure, now, settledDays);
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/**
 * The least that settles a row, for one so large that DynamoDB refuses the whole record: it must leave the due index all the same, or
 * it would be released again and again.
 */
export function settleBarelyStatement(table: string, target: Target, state: "CONFIRMED" | "FAILED"): Statement {
  return new Update(table)
    .set("confirmationState", text(state))
    .set("stateVersion", number(target.version))
    .remove("dueKey", "dueAt", "giveUpAt", "nextTryAt", "attempts", "attemptCount", "unheardReleases", "merchantKey")
    .where("version=?", number(target.version))
    .where(NOT_CONFIRMED, number(target.version))
    .build(target.transactionId);
}

function settle(update: Update, { code, fault, reason }: Failure, now: number, settledDays: number): void {
  update
    .set("failure", { M: { code: text(code), fault: text(fault), reason: text(reason) } })
    .set("settledAt", number(now))
    .set("purgeAt", number(Math.floor(now / 1000) + settledDays * SECONDS_A_DAY));
}

/** A dead letter was put back: a failed row is pending once more, at the next release and with all its tries. */
export function reopenStatement(table: string, target: Target, dueKey: string, dueAt: number): Statement {
  const update = new Update(table)
    .set("confirmationState", text("PENDING"))
    .set("stateVersion", number(target.version))
    .set("releaseNumber", number(target.release + 1))
    .set("attemptCount", number(0))
    .set("dueKey", text(dueKey))
    .set("dueAt", number(dueAt))
    .remove("purgeAt", "settledAt", "failure", "giveUpAt", "nextTryAt");
  return atRelease(update, target)
    .where("confirmationState='FAILED' AND stateVersion=?", number(target.version))
    .build(target.transactionId);
}

/**
 * A due row is taken for the next release, before its message is sent.
 *
 * @param hasState whether the row's state is for this version: its counts then go on, else they start anew
 */
export function claimStatement(
  table: string,
  target: Target,
  hasState: boolean,
  unheardReleases: number,
  dueKey: string,
  dueAt: number,
  previousDueAt: number,
): Statement {
  const update = new Update(table)
    .set("releaseNumber", number(target.release + 1))
    .set("unheardReleases", number(unheardReleases + 1))
    .set("dueKey", text(dueKey))
    .set("dueAt", number(dueAt))
    .remove("purgeAt");
  if (hasState) update.set("confirmationState", text("PENDING"));
  return atRelease(update, target)
    .where("dueAt=?", number(previousDueAt))
    .where(UNSETTLED, number(target.version))
    .build(target.transactionId);
}

/**
 * A due row with an ordering key whose message is sent once more, at the same release: its group has them one after the other, so that
 * the first to come is heard and any other is of no effect, and none loses its place.
 */
export function repeatStatement(
  table: string,
  target: Target,
  unheardReleases: number,
  dueAt: number,
  previousDueAt: number,
): Statement {
  const update = new Update(table)
    .set("unheardReleases", number(unheardReleases + 1))
    .set("dueAt", number(dueAt))
    .remove("purgeAt");
  return atRelease(update, target)
    .where("dueAt=?", number(previousDueAt))
    .where(UNSETTLED, number(target.version))
    .build(target.transactionId);
}

/** A due row is put where rows of its kind are looked for, with the same date. */
export function moveStatement(table: string, target: Target, dueKey: string, dueAt: number): Statement {
  return atRelease(new Update(table).set("dueKey", text(dueKey)), target)
    .where("dueAt=?", number(dueAt))
    .where(UNSETTLED, number(target.version))
    .build(target.transactionId);
}

/**
 * What a producer left out or took away is put in place; only while the row is still unsettled at this version. A due date is not put
 * in the place of the one for which the worker parked the row meanwhile.
 */
export function repairStatement(
  table: string,
  transactionId: string,
  version: number,
  set: Readonly<Record<string, AttributeValue>>,
  remove: readonly string[],
): Statement {
  const update = new Update(table);
  for (const [name, value] of Object.entries(set)) update.set(name, value);
  update
    .remove(...remove)
    .where("version=?", number(version))
    .where(UNSETTLED, number(version));
  if (set["dueAt"] !== undefined) update.where(HAS_NO_PARKING_DATE, number(version));
  return update.build(transactionId);
}

/** A row without it comes into the merchant index, whatever its state. */
export function listStatement(
  table: string,
  transactionId: string,
  version: number,
  merchantKey: AttributeValue,
): Statement {
  return new Update(table)
    .set("merchantKey", merchantKey)
    .where("version=?", number(version))
    .where("merchantKey IS MISSING")
    .build(transactionId);
}

/** State that a put of the same version wiped, from the image before it; only while it is still missing. */
export function restoreStatement(
  table: string,
  transactionId: string,
  version: number,
  set: Readonly<Record<string, AttributeValue>>,
  remove: readonly string[],
): Statement {
  const update = new Update(table);
  for (const [name, value] of Object.entries(set)) update.set(name, value);
  return update
    .remove(...remove)
    .where("version=?", number(version))
    .where("confirmationState IS MISSING")
    .build(transactionId);
}

/** A settled row that a producer put into the due index leaves it again. */
export function leaveDueIndexStatement(table: string, transactionId: string, version: number): Statement {
  return new Update(table)
    .remove("dueKey", "dueAt")
    .where("version=?", number(version))
    .where("(confirmationState='CONFIRMED' OR confirmationState='FAILED') AND stateVersion=?", number(version))
    .build(transactionId);
}

/** A claimed row whose message could not be sent: due again at `dueAt`, and not counted as unheard. */
export function unclaimStatement(table: string, target: Target, unheardReleases: number, dueAt: number): Statement {
  const update = new Update(table).set("unheardReleases", number(unheardReleases)).set("dueAt", number(dueAt));
  return atRelease(update, target).where(UNSETTLED, number(target.version)).build(target.transactionId);
}

/**
 * A row whose version cannot be delivered is given up as it is. A version that cannot be read is not copied, it may be anything and of
 * any size; the state is then written without one.
 *
 * @param row as it was seen
 * @param highest the highest version that it is known to have had, 0 for none
 */
export function setAsideStatement(
  table: string,
  row: AttributeMap,
  highest: number,
  failure: Failure,
  now: number,
  settledDays: number,
): Statement {
  const transactionId = row["transactionId"]?.S ?? "";
  const update = new Update(table)
    .set("confirmationState", text("FAILED"))
    .remove("dueKey", "dueAt", "giveUpAt", "nextTryAt", "unheardReleases");
  settle(update, failure, now, settledDays);
  if (highest > 0) update.set("highestVersion", number(highest));
  const version = versionOf(row);
  if (version !== undefined) {
    return update.set("stateVersion", number(version)).where("version=?", number(version)).build(transactionId);
  }
  update.remove("stateVersion");
  for (const name of ["version", "stateVersion"]) unchanged(update, name, row[name]);
  return update.build(transactionId);
}

/** A stream may show other types than the table holds (an empty map, base64), so only texts and numbers are compared. */
export function unchanged(update: Update, name: string, seen: AttributeValue | undefined): void {
  if (seen === undefined) update.where(`${name} IS MISSING`);
  else if (seen.N !== undefined || (seen.S !== undefined && seen.S.length < MAX_COMPARED))
    update.where(`${name}=?`, seen);
}

/** Keeps in mind that the row once had a higher version, whatever it has become since. */
export function rememberHighestStatement(table: string, transactionId: string, highest: number): Statement {
  return new Update(table)
    .set("highestVersion", number(highest))
    .where("(highestVersion IS MISSING OR highestVersion<?)", number(highest))
    .build(transactionId);
}
