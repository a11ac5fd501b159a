/** A transaction for a person: what it is, what became of it in words, and its attempts. */
import type { components } from "../api/api-types.ts";
import { pairs, table } from "./output.ts";

export type Transaction = components["schemas"]["Transaction"];
export type TransactionSummary = components["schemas"]["TransactionSummary"];

export function transactionText(transaction: Transaction): string {
  const { transactionId, version, merchantId, outcome, amount = "", currency = "", occurredAt, state } = transaction;
  const { explanation, waitingFor, nextAttemptAt, giveUpAt, recordedAt, submittedAt, submittedBy, attempts } =
    transaction;
  const { confirmedBy, shadow, restored } = transaction;
  const { failure, webhookId, traceId, confirmationUrl, orderingKey, orderingAfter, deliverBy, campaign } = transaction;
  const lines = pairs({
    transaction: version === undefined ? transactionId : `${transactionId}, version ${version}`,
    merchant: merchantId,
    outcome: [outcome, `${amount} ${currency}`.trim()].filter((text) => text !== undefined && text !== "").join(", "),
    occurred: occurredAt,
    state: confirmedBy === undefined ? state : `${state}, by ${confirmedBy}`,
    so: explanation,
    "waits for": waitingFor,
    "next attempt": nextAttemptAt,
    "given up": giveUpAt,
    failure: failure && `${failure.code} (fault: ${failure.fault})`,
    "recorded at": recordedAt,
    "erased at": transaction.erasedAt,
    submitted: submittedAt && `${submittedAt}${submittedBy === undefined ? "" : ` by ${submittedBy}`}`,
    url: confirmationUrl,
    "ordering key": orderingKey,
    after: orderingAfter,
    "deliver by": deliverBy,
    campaign,
    "webhook-id": webhookId,
    "body's digest": shadow?.bodyDigest,
    mirror:
      shadow?.mirror && [shadow.mirror.result, shadow.mirror.status, shadow.mirror.error].filter(Boolean).join(" "),
    restored: restored && `${restored.at}, as: ${restored.as}, by ${restored.jobId}`,
    trace: traceId,
  });
  const said = [lines, stepsText(transaction)].filter((text) => text !== "").join("\n\n");
  if (attempts.length === 0) return said;
  return `${said}\n\n${table(
    ["attempt", "outcome", "status", "took", "error", "response"],
    attempts.map(({ at, outcome: result, status, durationMs, error, response }) => [
      at,
      result,
      status,
      `${Math.round(durationMs)} ms`,
      error,
      response,
    ]),
  )}`;
}

/** Empty where its merchant has no channels. */
function stepsText({ steps }: Transaction): string {
  if (steps === undefined) return "";
  const { done, current } = steps;
  const rows = done.map(({ channel, result, at, attempts, why, error }) => [
    channel,
    result,
    at,
    attempts,
    error ?? why,
  ]);
  const on = current && [current.channel, "on", current.sentAt, undefined, current.why];
  return table(["channel", "result", "at", "attempts", "why"], on === undefined ? rows : [...rows, on]);
}

export function summariesTable(items: readonly TransactionSummary[]): string {
  return table(
    ["transaction", "version", "occurred", "outcome", "amount", "state", "attempts", "why"],
    items.map(({ transactionId, version, occurredAt, outcome, amount = "", currency = "", ...rest }) => [
      transactionId,
      version,
      occurredAt,
      outcome,
      `${amount} ${currency}`.trim(),
      rest.confirmedBy === undefined ? rest.state : `${rest.state} (${rest.confirmedBy})`,
      rest.attemptCount,
      rest.failure?.code ?? rest.waitingFor,
    ]),
  );
}
