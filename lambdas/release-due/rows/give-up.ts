/**
 * Ends what is past its time, or can never be delivered. The dead letter goes first, and only what has one, or needs
 * none, is recorded as failed.
 */
import type { EntryError } from "../../../core/aws/message-queue.ts";
import { deadLetterOf, quarantineMessageOf } from "../../../core/aws/outgoing-messages.ts";
import {
  countGivenUp,
  type DeadLetterParts,
  type GivenUpCounts,
  type GivenUpRow,
  sendDeadLetters,
} from "../../../core/aws/send-dead-letters.ts";
import type { ConfirmationSenders } from "../../../core/aws/send-confirmations.ts";
import {
  failStatement,
  quarantineRowStatement,
  completeWithLittleStatement,
} from "../../../core/aws/statements/complete.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import type { Failure } from "../../../core/transaction/failure.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { failedListing, failingMerchantOf } from "../../../core/transaction/row/failed-listing.ts";
import { highestVersionOf } from "../../../core/transaction/row/row-state.ts";
import { traceIdOf } from "../../../core/telemetry/trace.ts";
import { traceHeaderOf, versionOf } from "../../../core/transaction/transaction.ts";
import { idOf, messageOf } from "./due-message.ts";
import type { Planned } from "./plan.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface GiveUpParts extends Pick<ConfirmationSenders, "order">, DeadLetterParts, GivenUpCounts {
  readonly table: Pick<TransactionsTable, "name" | "write">;
  readonly settledDays: number;
  readonly merchantShards: number;
  readonly warn: Log;
  readonly now: () => number;
}

export async function giveUp(given: readonly Planned<"give up">[], parts: GiveUpParts): Promise<void> {
  const { table, order, settledDays, now, warn } = parts;
  const { errors, isSandbox } = await sendDeadLetters(
    given.map(({ row, plan: { target, failure, state } }) => ({
      row,
      message: deadLetterOf(row, messageOf(row, target, target.release), order, failure, state.attemptCount),
    })),
    parts,
  );
  const sent = given.filter((_, index) => isOver(errors[index]));
  const results = await writeAll(
    table,
    sent.map(({ row, plan: { target, state, failure } }) => {
      const at = now();
      return failStatement(table.name, target, state, failure, at, settledDays, listed(row, failure, at, parts));
    }),
  );
  const tooLarge = sent.filter((_, index) => results[index]?.kind === "rejected");
  await writeAll(
    table,
    tooLarge.map(({ plan }) => completeWithLittleStatement(table.name, plan.target, "FAILED")),
  );
  countGivenUp(sent.map(asGivenUp), isSandbox, parts);
  for (const { row, plan } of sent) warn("transaction given up", { ...idsIn(row), ...plan.failure });
}

/** Of a row whose version cannot be delivered. */
export async function quarantine(bad: readonly Planned<"set aside">[], parts: GiveUpParts): Promise<void> {
  const { table, order, settledDays, now, warn } = parts;
  const { errors, isSandbox } = await sendDeadLetters(
    bad.map(({ row, plan }) => ({ row, message: quarantineMessageOf(row, versionOf(row), order, plan.failure) })),
    parts,
  );
  const sent = bad.filter((_, index) => isOver(errors[index]));
  await writeAll(
    table,
    sent.map(({ row, plan: { failure } }) => {
      const [at, highest] = [now(), highestVersionOf(row)];
      const listing = listed(row, failure, at, parts);
      return quarantineRowStatement(table.name, row, highest, failure, at, settledDays, listing);
    }),
  );
  if (sent.length === 0) return;
  countGivenUp(sent.map(asGivenUp), isSandbox, parts, METRICS.setAside);
  for (const { row, plan } of sent) warn("row set aside", { ...idsIn(row), ...plan.failure });
}

function asGivenUp({ row, plan: { failure } }: Planned<"give up"> | Planned<"set aside">): GivenUpRow {
  return { row, failure };
}

function listed(row: AttributeMap, failure: Failure, at: number, { merchantShards }: GiveUpParts) {
  return failedListing(failingMerchantOf(row), idOf(row), failure, at, merchantShards);
}

/** A dead letter that the queue refuses for good must not keep its row from being given up. */
function isOver(error: EntryError): boolean {
  return error === undefined || error.isRefused;
}

function idsIn(row: AttributeMap): Readonly<Record<string, unknown>> {
  const merchantId = stringOf(row["merchantId"]);
  return { transactionId: idOf(row), version: versionOf(row), merchantId, traceId: traceIdOf(traceHeaderOf(row)) };
}
