/**
 * Carries out what a batch of changes asks for. Changes of one transaction are coalesced: only its newest version is
 * owed. A change whose message, repair or dead letter could not be done is retried with everything after it, without
 * limit of count; one that can never be done is set aside, so that it blocks nothing.
 */
import type { EntryError } from "../../core/aws/message-queue.ts";
import { setAsideOf } from "../../core/aws/outgoing-messages.ts";
import { sendAll } from "../../core/aws/send-all.ts";
import { sendConfirmations } from "../../core/aws/send-confirmations.ts";
import { rememberHighestStatement } from "../../core/aws/statements/repair.ts";
import { setAsideStatement } from "../../core/aws/statements/settle.ts";
import type { WriteResult } from "../../core/aws/transactions-table.ts";
import { writeAll } from "../../core/aws/write-all.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import { type Failure, GIVEN_UP_AS } from "../../core/transaction/failure.ts";
import type { ConfirmationMessage } from "../../core/transaction/message.ts";
import { METRICS } from "../../core/settings/names.ts";
import { stateOf } from "../../core/transaction/row/row-state.ts";
import { traceIdOf } from "../../core/telemetry/trace.ts";
import { traceHeaderOf, versionOf } from "../../core/transaction/transaction.ts";
import { giveUpChanged } from "./content-changes.ts";
import { type Change, type DecideOptions, type Decision, decide } from "./decide.ts";
import type { ProcessParts } from "./process-parts.ts";

export interface StreamChange extends Change {
  readonly sequenceNumber: string;
}

/** All that a batch holds of one transaction. */
interface Owed {
  /** Of its first change: a retry from there repeats all of it. */
  readonly sequenceNumber: string;
  readonly image: AttributeMap;
  readonly decisions: readonly Decision[];
}

/** @returns the sequence numbers of changes to retry; the lowest one is where the stream goes on */
export async function processChanges(changes: readonly StreamChange[], parts: ProcessParts): Promise<string[]> {
  const options = { ...parts.decide, table: parts.table.name, now: parts.now() };
  parts.count(METRICS.received, changes.length);
  const { owed, superseded } = coalesce(changes, options);
  parts.count(METRICS.superseded, superseded);
  const failed = await Promise.all([
    enqueue(owed, parts),
    write(owed, parts),
    setAside(owed, parts),
    giveUp(owed, parts),
  ]);
  return [...new Set(failed.flat())];
}

/** Keeps, for each transaction, what still holds for the version it has last; nothing of what was settled since. */
function coalesce(
  changes: readonly StreamChange[],
  options: DecideOptions,
): { readonly owed: Owed[]; readonly superseded: number } {
  const byTransaction = new Map<string, Owed>();
  let superseded = 0;
  for (const change of changes) {
    const before = byTransaction.get(stringOf(change.newImage["transactionId"]) ?? "");
    const decision = decide(change, options, before?.decisions.at(-1)?.highest);
    const kept = before?.decisions.filter(({ version }) => version === decision.version) ?? [];
    if (decision.message !== undefined && before?.decisions.some(({ message }) => message !== undefined) === true)
      superseded += 1;
    const isSettled = ["CONFIRMED", "FAILED"].includes(stateOf(change.newImage));
    byTransaction.set(decision.transactionId, {
      sequenceNumber: before?.sequenceNumber ?? change.sequenceNumber,
      image: change.newImage,
      decisions: isSettled ? [decision] : [...kept, decision],
    });
  }
  return { owed: [...byTransaction.values()], superseded };
}

async function enqueue(owed: readonly Owed[], parts: ProcessParts): Promise<string[]> {
  const { count, warn, traces, now } = parts;
  const sends = owed.flatMap(({ sequenceNumber, image, decisions }) => {
    const message = decisions.findLast((decision) => decision.message !== undefined)?.message;
    if (message === undefined || unreadableOf(decisions) !== undefined) return [];
    return [{ sequenceNumber, image, ...traces.begin(message, image, message.committedAt ?? now()) }];
  });
  const errors = await sendConfirmations(
    parts,
    sends.map(({ image, message }) => ({ row: image, message })),
  );
  for (const [index, { sent }] of sends.entries()) sent?.(errors[index]?.error);
  count(METRICS.enqueued, errors.filter((error) => error === undefined).length);
  for (const [index, { message }] of sends.entries())
    parts.debug(message.transactionId, "enqueued", () => ({ ...idsIn(message), error: errors[index]?.error }));
  return failures(passing(errors, sends, warn), sends, "message not sent", warn);
}

async function write(owed: readonly Owed[], { table, count, warn }: ProcessParts): Promise<string[]> {
  const writes = owed.flatMap(({ sequenceNumber, decisions }) =>
    decisions.flatMap(({ statement }) => (statement === undefined ? [] : [{ sequenceNumber, statement }])),
  );
  const results = await writeAll(
    table,
    writes.map(({ statement }) => statement),
  );
  count(METRICS.repaired, results.filter(({ kind }) => kind === "written").length);
  for (const [index, result] of results.entries()) {
    if (result.kind === "rejected")
      warn("row cannot be repaired", { transactionId: writes[index]?.statement.transactionId, error: result.error });
  }
  return failures(unavailable(results), writes, "row not repaired", warn);
}

/** By the last image alone: one that has its content back is as it was. */
async function giveUp(owed: readonly Owed[], parts: ProcessParts): Promise<string[]> {
  const changed = owed.filter(({ decisions }) => decisions.at(-1)?.isContentChanged === true);
  const idOf = ({ decisions }: Owed) => decisions.at(-1)?.transactionId ?? "";
  const { merchantShards } = parts.decide;
  const failed = await giveUpChanged(changed.map(idOf), { ...parts, merchantShards });
  const errors = changed
    .map((one) => failed.get(idOf(one)))
    .map((error) => (error === undefined ? undefined : { error }));
  return failures(errors, changed, "changed content not recorded", parts.warn);
}

/** Dead letter first, then the record. */
async function setAside(owed: readonly Owed[], parts: ProcessParts): Promise<string[]> {
  const { table, deadLetters, order, settledDays, count, warn, now } = parts;
  const bad = owed.flatMap(({ sequenceNumber, image, decisions }) => {
    const decision = unreadableOf(decisions);
    return decision === undefined ? [] : [{ sequenceNumber, image, decision, reason: decision.setAside }];
  });
  if (bad.length === 0) return [];
  const errors = await sendAll(
    deadLetters,
    bad.map(({ image, decision, reason }) => setAsideOf(image, decision.version, order, reason)),
  );
  const unsent = passing(errors, bad, warn);
  const sent = bad.filter((_, index) => unsent[index] === undefined);
  const results = await writeAll(
    table,
    sent.map(({ image, decision, reason }) =>
      setAsideStatement(table.name, image, decision.highest, reason, now(), settledDays),
    ),
  );
  // A newer write came in between: it must know all the same what it may not follow.
  const overtaken = sent.filter(({ decision }, index) => results[index]?.kind !== "written" && decision.highest > 0);
  const remembered = await writeAll(
    table,
    overtaken.map(({ decision }) => rememberHighestStatement(table.name, decision.transactionId, decision.highest)),
  );
  count(METRICS.setAside, sent.length);
  for (const [fault, those] of Map.groupBy(sent, ({ reason }) => reason.fault)) count(GIVEN_UP_AS[fault], those.length);
  for (const { image, decision, reason } of sent)
    warn("row set aside", {
      transactionId: decision.transactionId,
      version: decision.version,
      merchantId: stringOf(image["merchantId"]),
      traceId: traceIdOf(traceHeaderOf(image)),
      code: reason.code,
      reason: reason.reason,
    });
  const unrecorded = unavailable(results);
  return [
    ...failures(unsent, bad, "dead letter not sent", warn),
    ...failures(unrecorded, sent, "row not set aside", warn),
    ...failures(unavailable(remembered), overtaken, "highest version not remembered", warn),
  ];
}

function idsIn({ version, release, committedAt, trace }: ConfirmationMessage): Readonly<Record<string, unknown>> {
  return { version, release, committedAt, traceId: traceIdOf(trace) };
}

/** A version stays set aside whatever else changes on its row. */
function unreadableOf(decisions: readonly Decision[]): (Decision & { readonly setAside: Failure }) | undefined {
  return decisions.findLast(
    (decision): decision is Decision & { setAside: Failure } => decision.setAside !== undefined,
  );
}

/** Leaves out what the queue refuses for good: it would block the shard, and the row is still found by its due date. */
function passing(
  errors: readonly EntryError[],
  items: readonly { readonly image: AttributeMap }[],
  warn: ProcessParts["warn"],
): EntryError[] {
  return errors.map((error, index) => {
    if (!error?.isRefused) return error;
    const image = items[index]?.image ?? {};
    const [transactionId, merchantId] = [stringOf(image["transactionId"]), stringOf(image["merchantId"])];
    warn("message refused", { transactionId, version: versionOf(image), merchantId, error: error.error });
    return undefined;
  });
}

function unavailable(results: readonly WriteResult[]): ({ readonly error: string } | undefined)[] {
  return results.map((result) => (result.kind === "unavailable" ? { error: result.error } : undefined));
}

function failures(
  errors: readonly ({ readonly error: string } | undefined)[],
  items: readonly { readonly sequenceNumber: string }[],
  what: string,
  warn: ProcessParts["warn"],
): string[] {
  const failed = items.filter((_, index) => errors[index] !== undefined);
  const first = errors.find((error) => error !== undefined);
  if (first !== undefined) warn(what, { count: failed.length, error: first.error });
  return failed.map(({ sequenceNumber }) => sequenceNumber);
}
