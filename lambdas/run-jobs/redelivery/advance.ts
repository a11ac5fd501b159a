/**
 * Goes on with a batch of a redelivery: reads its rows, decides, marks, sends. Marked first and sent second, so that a
 * message without a mark is none: whoever is killed in between finds the mark, and sends. Live traffic goes first:
 * while the queue has a backlog, and beyond the job's rate, nothing is begun.
 */
import { type ConfirmationSenders, sendConfirmations } from "../../../core/aws/send-confirmations.ts";
import { markStatement } from "../../../core/aws/statements/redelivery.ts";
import { RowsUnreadError, type TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { Job } from "../../../core/jobs/job.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { redeliveryMessage } from "../../../core/transaction/row/redelivery.ts";
import type { Advanced } from "../frame/job-work.ts";
import { type Decision, decide } from "./decide.ts";
import { type Entry, isOver } from "../../../core/jobs/redelivery/entry.ts";
import type { Surroundings } from "./surroundings.ts";

export interface AdvanceOptions {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly senders: ConfirmationSenders;
  readonly surroundings: Pick<Surroundings, "about">;
  /** How many of those asked for may be begun now. */
  readonly allow: (job: Job, asked: number) => Promise<number>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type ToSend = Exclude<Decision, { kind: "keep" }> & { readonly row: AttributeMap; readonly index: number };

/** Looks at those that are sent are the rarer the longer ago that was. */
const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 10_000;
const LOOKS_A_TIME = 3;
/** Until more may be begun. */
const BEHIND_MS = 250;

export async function advance(
  job: Job,
  entries: readonly Entry[],
  mayBegin: boolean,
  options: AdvanceOptions,
): Promise<Advanced<Entry>> {
  const { table, surroundings, allow, now } = options;
  const next = [...entries];
  const due = [...entries.keys()].filter((index) => isDue(entries[index], mayBegin, now()));
  const { rows, unread } = await readRows(
    table,
    due.map((index) => entries[index]?.transactionId ?? ""),
  );
  const about = await surroundings.about(job, [...rows.values()]);
  const toSend: ToSend[] = [];
  for (const index of due) {
    const entry = entries[index];
    if (entry === undefined || unread.has(entry.transactionId)) continue;
    const row = rows.get(entry.transactionId);
    const decision = decide(entry, row, { ...about, job, mayBegin, now: now() });
    if (decision.kind === "keep") next[index] = decision.entry;
    else if (row !== undefined) toSend.push({ ...decision, row, index });
  }
  const allowed = toSend.length === 0 ? 0 : await allow(job, toSend.length);
  const sent = await send(job, toSend.slice(0, allowed), options);
  for (const [index, entry] of sent) next[index] = entry;
  return advanced(next, allowed < toSend.length, now());
}

/** One that waits is not looked at before its time, or there is nothing to wait for any more. */
function isDue(entry: Entry | undefined, mayBegin: boolean, now: number): boolean {
  if (entry === undefined || isOver(entry)) return false;
  return entry.status !== "again" || !mayBegin || entry.at <= now;
}

/** @returns entries that are sent now, by index; what was not written or sent stays as it was, and is decided anew */
async function send(
  job: Job,
  toSend: readonly ToSend[],
  { table, senders, now }: AdvanceOptions,
): Promise<Map<number, Entry>> {
  const markedAt = now();
  const { jobId } = job;
  const toMark = toSend.filter(({ kind }) => kind === "mark");
  const results = await writeAll(
    table,
    toMark.map(({ row, generation }) => markStatement(table.name, row, { jobId, generation, markedAt })),
  );
  const result = new Map(toMark.map((one, index) => [one, results[index]?.kind]));
  const marked = toSend.filter((one) => one.kind === "send" || result.get(one) === "written");
  const pending = marked.map(({ row, generation }) => ({
    row,
    message: redeliveryMessage(row, { jobId, generation }),
  }));
  const errors = pending.length === 0 ? [] : await sendConfirmations(senders, pending);
  const sent = new Map<number, Entry>();
  for (const [position, { index, entry, generation }] of marked.entries())
    if (errors[position] === undefined) sent.set(index, { ...entry, status: "sent", generation, at: now() });
  // It will never take a mark: it is as large as a row may be.
  for (const { index, entry } of toMark.filter((one) => result.get(one) === "rejected"))
    sent.set(index, { ...entry, status: entry.generation === 0 ? "past_mending" : "failed" });
  return sent;
}

function advanced(entries: readonly Entry[], isHeldBack: boolean, now: number): Advanced<Entry> {
  const open = entries.filter((entry) => !isOver(entry));
  const isBehind = isHeldBack || open.some(({ status }) => status === "new");
  if (open.length === 0) return { entries, isBehind: false, open: 0 };
  const times = open.map(({ status, at }) => {
    if (status === "again") return Math.max(at, now + BEHIND_MS);
    if (status === "new") return now + BEHIND_MS;
    return now + Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, (now - at) / LOOKS_A_TIME));
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
