/**
 * Rows with an ordering key that nobody has settled in time: their messages are sent once more, at the same release. One that is still in
 * its place in the queue keeps it, and its repetition is of no effect; one that was lost comes at the end. Written down first, sent
 * second, as for a release: a crash in between costs the time until the next look.
 */
import { type ConfirmationSenders, sendConfirmations } from "../../aws/send-confirmations.ts";
import { repeatStatement, unclaimStatement } from "../../aws/statements/release.ts";
import type { TransactionsTable } from "../../aws/transactions-table.ts";
import { writeAll } from "../../aws/write-all.ts";
import type { ConfirmationMessage } from "../../core/message.ts";
import { METRICS } from "../../core/names.ts";
import type { HopSender } from "../../core/trace-hop.ts";
import type { Planned } from "./plan.ts";
import { traceRelease } from "./release-traces.ts";

export interface RepeatParts extends ConfirmationSenders {
  readonly table: Pick<TransactionsTable, "name" | "write">;
  readonly traces: HopSender;
  readonly count: (metric: string, by: number) => void;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
}

export interface Repetition extends Planned<"repeat"> {
  readonly message: ConfirmationMessage;
}

/** Milliseconds until one that could not be sent is looked at again. */
const AGAIN_MS = 10_000;

/** @param due of one ordering key in its order */
export async function repeatInOrder(
  due: readonly Repetition[],
  parts: RepeatParts,
): Promise<{ released: number; isQueueUp: boolean }> {
  const { table, now, count, warn, traces } = parts;
  const startedAt = now();
  const notes = await writeAll(
    table,
    due.map(({ plan }) =>
      repeatStatement(table.name, plan.target, plan.state.unheardReleases, plan.nextDueAt, plan.dueAt),
    ),
  );
  const noted = due.filter((_, index) => notes[index]?.kind === "written");
  const owed = noted.map(({ row, plan, message }) => ({
    row,
    repetition: plan.dueAt,
    ...traceRelease(traces, row, message, startedAt, now),
  }));
  const errors = await sendConfirmations(parts, owed);
  for (const [index, { sent }] of owed.entries()) sent?.(errors[index]?.error);
  const unsent = noted.filter((_, index) => errors[index] !== undefined && !errors[index].isRefused);
  count(METRICS.repeatedInOrder, noted.length - unsent.length);
  if (unsent.length > 0) {
    const first = errors.find((error) => error !== undefined && !error.isRefused);
    warn("repeated messages not sent", { count: unsent.length, error: first?.error });
    await writeAll(
      table,
      unsent.map(({ plan }) => unclaimStatement(table.name, plan.target, plan.state.unheardReleases, now() + AGAIN_MS)),
    );
  }
  return { released: noted.length - unsent.length, isQueueUp: unsent.length === 0 };
}
