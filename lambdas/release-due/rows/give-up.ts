/**
 * Ends what is past its time, or can never be delivered. The dead letter goes first, and only what has one is recorded
 * as failed.
 */
import type { EntryError, MessageQueue } from "../../../core/aws/message-queue.ts";
import { deadLetterOf, quarantineMessageOf } from "../../../core/aws/outgoing-messages.ts";
import { sendAll } from "../../../core/aws/send-all.ts";
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
import { type Failure, GIVEN_UP_AS } from "../../../core/transaction/failure.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { failedListing, failingMerchantOf } from "../../../core/transaction/row/failed-listing.ts";
import { highestVersionOf } from "../../../core/transaction/row/row-state.ts";
import { traceIdOf } from "../../../core/telemetry/trace.ts";
import { traceHeaderOf, versionOf } from "../../../core/transaction/transaction.ts";
import { idOf, messageOf } from "./due-message.ts";
import type { Planned } from "./plan.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface GiveUpParts extends Pick<ConfirmationSenders, "order"> {
  readonly table: Pick<TransactionsTable, "name" | "write">;
  readonly deadLetters: Pick<MessageQueue, "send">;
  readonly settledDays: number;
  readonly merchantShards: number;
  readonly count: (metric: string, by: number) => void;
  readonly warn: Log;
  readonly now: () => number;
}

export async function giveUp(given: readonly Planned<"give up">[], parts: GiveUpParts): Promise<void> {
  const { table, deadLetters, order, settledDays, now, count, warn } = parts;
  const errors = await sendAll(
    deadLetters,
    given.map(({ row, plan }) =>
      deadLetterOf(row, messageOf(row, plan.target, plan.target.release), order, plan.failure, plan.state.attemptCount),
    ),
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
  for (const [fault, those] of Map.groupBy(sent, ({ plan }) => plan.failure.fault))
    count(GIVEN_UP_AS[fault], those.length);
  for (const { row, plan } of sent) warn("transaction given up", { ...idsIn(row), ...plan.failure });
}

/** Of a row whose version cannot be delivered. */
export async function quarantine(bad: readonly Planned<"set aside">[], parts: GiveUpParts): Promise<void> {
  const { table, deadLetters, order, settledDays, now, count, warn } = parts;
  const errors = await sendAll(
    deadLetters,
    bad.map(({ row, plan }) => quarantineMessageOf(row, versionOf(row), order, plan.failure)),
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
  count(METRICS.setAside, sent.length);
  for (const [fault, those] of Map.groupBy(sent, ({ plan }) => plan.failure.fault))
    count(GIVEN_UP_AS[fault], those.length);
  for (const { row, plan } of sent) warn("row set aside", { ...idsIn(row), ...plan.failure });
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
