/**
 * Carries out what a batch of changes asks for. Changes of one transaction are coalesced: only its newest version is
 * owed. A change whose message, repair or dead letter could not be done is retried with everything after it, without
 * limit of count; one that can never be done is quarantined, so that it blocks nothing.
 */
import { sendConfirmations } from "../../core/aws/send-confirmations.ts";
import { writeAll } from "../../core/aws/write-all.ts";
import { METRICS } from "../../core/settings/names.ts";
import { traceIdOf } from "../../core/telemetry/trace.ts";
import type { ConfirmationMessage } from "../../core/transaction/message.ts";
import { coalesce, type PendingChange, type StreamChange, unreadableOf } from "./coalesce.ts";
import { giveUpChanged } from "./content-changes.ts";
import type { ProcessParts } from "./process-parts.ts";
import { failures, passing, unavailable } from "./retried-changes.ts";
import { quarantine } from "./quarantine.ts";

/** @returns the sequence numbers of changes to retry; the lowest one is where the stream goes on */
export async function processChanges(changes: readonly StreamChange[], parts: ProcessParts): Promise<string[]> {
  const options = { ...parts.decide, table: parts.table.name, now: parts.now() };
  parts.count(METRICS.received, changes.length);
  const { pending, superseded } = coalesce(changes, options);
  parts.count(METRICS.superseded, superseded);
  const failed = await Promise.all([
    enqueue(pending, parts),
    write(pending, parts),
    quarantine(pending, parts),
    giveUp(pending, parts),
  ]);
  return [...new Set(failed.flat())];
}

async function enqueue(pending: readonly PendingChange[], parts: ProcessParts): Promise<string[]> {
  const { count, warn, traces, now } = parts;
  const sends = pending.flatMap(({ sequenceNumber, image, decisions }) => {
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

async function write(pending: readonly PendingChange[], { table, count, warn }: ProcessParts): Promise<string[]> {
  const writes = pending.flatMap(({ sequenceNumber, decisions }) =>
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
async function giveUp(pending: readonly PendingChange[], parts: ProcessParts): Promise<string[]> {
  const changed = pending.filter(({ decisions }) => decisions.at(-1)?.isContentChanged === true);
  const { merchantShards } = parts.decide;
  const failed = await giveUpChanged(changed.map(idOf), { ...parts, merchantShards });
  const errors = changed
    .map((one) => failed.get(idOf(one)))
    .map((error) => (error === undefined ? undefined : { error }));
  return failures(errors, changed, "changed content not recorded", parts.warn);
}

function idsIn({ version, release, committedAt, trace }: ConfirmationMessage): Readonly<Record<string, unknown>> {
  return { version, release, committedAt, traceId: traceIdOf(trace) };
}

function idOf({ decisions }: PendingChange): string {
  return decisions.at(-1)?.transactionId ?? "";
}
