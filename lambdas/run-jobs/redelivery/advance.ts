/**
 * Goes on with a batch of a redelivery: reads rows, decides, marks, sends. Marked first and sent second, so that a
 * message without a mark is none: whoever is killed in between finds the mark, and sends. Live traffic goes first:
 * while the queue has a backlog, and beyond the job's rate, nothing is begun, and no row is read that may not be. Of
 * an ordered group one at a time is sent, so that no more than that is ahead of the group's live ones.
 */
import { type ConfirmationSenders, sendConfirmations } from "../../../core/aws/send-confirmations.ts";
import { markStatement } from "../../../core/aws/statements/redelivery.ts";
import { RowsUnreadError, type TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { Job } from "../../../core/jobs/job.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { redeliveryMessage } from "../../../core/transaction/row/redelivery.ts";
import type { Advanced } from "../frame/job-work.ts";
import { type Decision, decide } from "./decide.ts";
import { type Entry, isOver } from "../../../core/jobs/redelivery/entry.ts";
import type { Seen } from "./seen.ts";
import type { Surroundings } from "./surroundings.ts";
import { turnMs } from "./turn.ts";

export interface AdvanceOptions {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly senders: ConfirmationSenders;
  readonly surroundings: Pick<Surroundings, "about">;
  readonly seen: Seen;
  /** How many of those asked for may be begun now. */
  readonly allow: (job: Job, asked: number) => Promise<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type ToSend = Exclude<Decision, { kind: "keep" }> & { readonly row: AttributeMap; readonly index: number };

/** Between looks at a batch of which all is sent. */
const LOOK_EVERY_MS = 500;

export async function advance(
  job: Job,
  entries: readonly Entry[],
  mayBegin: boolean,
  options: AdvanceOptions,
): Promise<Advanced<Entry>> {
  const { seen, allow, now } = options;
  const next = [...entries];
  const startedAt = now();
  const indexes = [...entries.keys()];
  const toLook = indexes.filter((index) => isToLook(next[index], seen, mayBegin, startedAt));
  const waiting = indexes.filter((index) => isToBegin(next[index], mayBegin, startedAt));
  let allowed = waiting.length === 0 ? 0 : await allow(job, waiting.length);
  let isHeldBack = false;
  for (let due = [...toLook, ...take(mayBegin ? allowed : waiting.length)]; due.length > 0; due = take(allowed)) {
    const toSend = oneOfEachGroup(await decideAll(due), next, seen);
    if (toSend.length > allowed) allowed += await allow(job, toSend.length - allowed);
    isHeldBack ||= toSend.length > allowed;
    const sent = await send(job, toSend.slice(0, allowed), options);
    for (const [index, entry] of sent) next[index] = entry;
    allowed = Math.max(0, allowed - toSend.length);
  }
  return advanced(job, next, isHeldBack || waiting.length > 0, seen, now());

  /** What a group has one of on its way has to wait, and nobody reads it. */
  function take(count: number): number[] {
    const taken: number[] = [];
    const passed: number[] = [];
    const busy = busyGroups(next, seen);
    while (taken.length < count) {
      const index = waiting.shift();
      if (index === undefined) break;
      const entry = next[index];
      const group = entry && seen.groupOf(entry);
      (mayBegin && group !== undefined && busy.has(group) ? passed : taken).push(index);
    }
    waiting.unshift(...passed);
    return taken;
  }

  /** What ends is kept in its place. @returns what is to be sent */
  async function decideAll(due: readonly number[]): Promise<ToSend[]> {
    const ids = due.map((index) => next[index]?.transactionId ?? "");
    const { rows, unread } = await readRows(options.table, ids);
    const about = await options.surroundings.about(job, [...rows.values()]);
    return due.flatMap((index): ToSend[] => {
      const entry = next[index];
      if (entry === undefined || unread.has(entry.transactionId)) return [];
      const row = rows.get(entry.transactionId);
      const decision = decide(entry, row, { ...about, job, mayBegin, now: now() });
      seen.looked(decision.kind === "keep" ? decision.entry : entry, row, now());
      if (decision.kind === "keep") next[index] = decision.entry;
      return decision.kind === "keep" || row === undefined ? [] : [{ ...decision, row, index }];
    });
  }
}

/** One that is sent is looked at when it is time, and where nobody knows its group: others of it may have to wait. */
function isToLook(entry: Entry | undefined, seen: Seen, mayBegin: boolean, now: number): boolean {
  if (entry?.status !== "sent") return false;
  return !mayBegin || !seen.isKnown(entry) || seen.lookAt(entry) <= now;
}

/** One that waits is not looked at before its time, or there is nothing to wait for any more. */
function isToBegin(entry: Entry | undefined, mayBegin: boolean, now: number): boolean {
  return entry?.status === "new" || (entry?.status === "again" && (!mayBegin || entry.at <= now));
}

function busyGroups(entries: readonly Entry[], seen: Seen): Set<string> {
  const sent = entries.filter(({ status }) => status === "sent");
  return new Set(sent.flatMap((entry) => seen.groupOf(entry) ?? []));
}

/** Messages that are sent once more are on their way already. */
function oneOfEachGroup(toSend: readonly ToSend[], entries: readonly Entry[], seen: Seen): ToSend[] {
  const busy = busyGroups(entries, seen);
  return toSend.filter(({ kind, row }) => {
    const group = orderedGroupIdOf(row);
    if (group === undefined || kind === "send") return true;
    const isFree = !busy.has(group);
    busy.add(group);
    return isFree;
  });
}

/** @returns entries that are sent now, by index; what was not written or sent stays as it was, and is decided anew */
async function send(
  job: Job,
  toSend: readonly ToSend[],
  { table, senders, seen, now }: AdvanceOptions,
): Promise<Map<number, Entry>> {
  if (toSend.length === 0) return new Map();
  const markedAt = now();
  const { jobId } = job;
  const toMark = toSend.filter(({ kind }) => kind === "mark");
  const results = await writeAll(
    table,
    toMark.map(({ row, generation }) => markStatement(table.name, row, { jobId, generation, markedAt })),
  );
  const result = new Map(toMark.map((one, index) => [one, results[index]?.kind]));
  const marked = toSend.filter((one) => one.kind === "send" || result.get(one) === "written");
  const pending = marked.map((one) => ({
    row: one.row,
    message: redeliveryMessage(one.row, { jobId, generation: one.generation }),
    ...(one.kind === "send" && one.repetition !== undefined && { repetition: one.repetition }),
  }));
  const errors = pending.length === 0 ? [] : await sendConfirmations(senders, pending);
  const sent = new Map<number, Entry>();
  for (const [position, { index, entry, generation, row }] of marked.entries()) {
    if (errors[position] !== undefined) continue;
    const isSent: Entry = { ...entry, status: "sent", generation, at: now() };
    seen.sent(isSent, row);
    sent.set(index, isSent);
  }
  // It will never take a mark: it is as large as a row may be.
  for (const { index, entry } of toMark.filter((one) => result.get(one) === "rejected"))
    sent.set(index, { ...entry, status: entry.generation === 0 ? "past_mending" : "failed" });
  return sent;
}

function advanced(job: Job, entries: readonly Entry[], isHeldBack: boolean, seen: Seen, now: number): Advanced<Entry> {
  const open = entries.filter((entry) => !isOver(entry));
  const isBehind = isHeldBack || open.some(({ status }) => status === "new");
  if (open.length === 0) return { entries, isBehind: false, open: 0 };
  const nextTurn = now + turnMs(job.asked);
  const times = open.map((entry) => {
    if (entry.status === "new") return nextTurn;
    return entry.status === "again" ? Math.max(entry.at, nextTurn) : Math.max(seen.lookAt(entry), now + LOOK_EVERY_MS);
  });
  return { entries, wakeAt: Math.min(...times), isBehind, open: open.length };
}

/** What DynamoDB leaves unread is looked at the next time. */
async function readRows(table: Pick<TransactionsTable, "read">, transactionIds: readonly string[]) {
  if (transactionIds.length === 0) return { rows: new Map<string, AttributeMap>(), unread: new Set<string>() };
  try {
    return { rows: await table.read(transactionIds), unread: new Set<string>() };
  } catch (error) {
    if (error instanceof RowsUnreadError) return { rows: error.rows, unread: error.unread };
    throw error;
  }
}
