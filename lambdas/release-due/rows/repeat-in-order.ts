/**
 * Rows with an ordering key that nobody has completed in time: their messages are sent once more, at the same
 * generation. One that is still in its place in the queue keeps it, and its repetition is of no effect; one that was
 * lost comes at the end. Written down first, sent second, and taken back where it was not sent, as for a requeue.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { type ConfirmationSenders, sendConfirmations } from "../../../core/aws/send-confirmations.ts";
import { type Claim, repeatStatement, unclaimStatement } from "../../../core/aws/statements/requeue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../../core/transaction/message.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { HopSender } from "../../../core/telemetry/trace-hop.ts";
import type { DoubtfulClaims } from "../leases/doubtful-claims.ts";
import { ownClaims } from "../leases/own-claims.ts";
import type { Planned } from "./plan.ts";
import { traceRequeue } from "./requeue-traces.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface RepeatParts extends ConfirmationSenders {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly traces: HopSender;
  /** @default what may have been claimed waits for its lease */
  readonly doubtful?: Pick<DoubtfulClaims, "add"> | undefined;
  /** Notes what is about to be written. It must not reject. @default nothing is noted */
  readonly noteClaims?: (claims: readonly Claim[]) => Promise<void>;
  readonly count: (metric: string, by: number) => void;
  readonly warn: Log;
  readonly now: () => number;
}

export interface Repetition extends Planned<"repeat"> {
  readonly message: ConfirmationMessage;
}

/** @param due of one ordering key in its order */
export async function repeatInOrder(
  due: readonly Repetition[],
  parts: RepeatParts,
): Promise<{ released: number; isQueueUp: boolean }> {
  const { table, now, count, warn, traces } = parts;
  const startedAt = now();
  const claims = due.map(claimOf);
  if (claims.length > 0) await parts.noteClaims?.(claims);
  const notes = await writeAll(
    table,
    due.map(({ plan }) =>
      repeatStatement(table.name, plan.target, plan.state.unheardReleases, plan.nextDueAt, plan.dueAt),
    ),
  );
  const own = await ownClaims(claims, notes, parts);
  const isNoted = (_: unknown, index: number) => own[index] === true;
  const noted = due.filter(isNoted);
  const pending = noted.map(({ row, plan, message }) => ({
    row,
    repetition: plan.dueAt,
    ...traceRequeue(traces, row, message, startedAt, now),
  }));
  const errors = await sendConfirmations(parts, pending);
  for (const [index, { sent }] of pending.entries()) sent?.(errors[index]?.error);
  const unsent = claims.filter(isNoted).filter((_, index) => errors[index] !== undefined && !errors[index].isRefused);
  count(METRICS.repeatedInOrder, noted.length - unsent.length);
  if (unsent.length > 0) {
    const first = errors.find((error) => error !== undefined && !error.isRefused);
    warn("repeated messages not sent", { count: unsent.length, error: first?.error });
    await writeAll(
      table,
      unsent.map((claim) => unclaimStatement(table.name, claim)),
    );
  }
  return { released: noted.length - unsent.length, isQueueUp: unsent.length === 0 };
}

function claimOf({ row, plan }: Repetition): Claim {
  const { unheardReleases } = plan.state;
  return {
    target: plan.target,
    claimed: { dueAt: plan.nextDueAt, unheardReleases: unheardReleases + 1 },
    before: { dueKey: stringOf(row[ATTRIBUTES.dueKey]) ?? "", dueAt: plan.dueAt, unheardReleases },
  };
}
