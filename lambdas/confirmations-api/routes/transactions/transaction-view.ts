/** From a row to what the API shows of it. A row may hold anything; what cannot be read is left out. */
import { CAMPAIGN } from "../../../../core/campaigns/campaign.ts";
import { buildWebhook, webhookId } from "../../../../core/delivery/webhook.ts";
import { changedFields } from "../../../../core/transaction/accepted.ts";
import type { Attempt } from "../../../../core/transaction/attempt.ts";
import { type AttributeMap, numberOf, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { readFailure } from "../../../../core/transaction/failure.ts";
import { intakeOf } from "../../../../core/intake/intake-record.ts";
import { parseTransaction } from "../../../../core/transaction/parse-transaction.ts";
import { payloadVersionIn } from "../../../../core/transaction/payload-version.ts";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { acknowledgementOf } from "../../../../core/transaction/row/acknowledgement.ts";
import { type ConfirmedBy, confirmedByOf, type MirrorResult } from "../../../../core/transaction/row/confirmed-by.ts";
import { elsewhereOf, isOverlap } from "../../../../core/transaction/row/elsewhere.ts";
import { erasedAtOf, isErased } from "../../../../core/transaction/row/erased.ts";
import { redeliveryOf } from "../../../../core/transaction/row/redelivery.ts";
import { restoredByOf } from "../../../../core/transaction/row/restored-by.ts";
import { isTerminal, type RowState, rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { versionOf } from "../../../../core/transaction/transaction.ts";
import { traceIdOf } from "../../../../core/telemetry/trace.ts";
import { explain } from "./explain.ts";
import type { Steps } from "../../../../core/channels/steps.ts";
import type {
  RedeliveryView,
  ShadowView,
  StepsView,
  TransactionSummary,
  TransactionView,
} from "./transaction-schema.ts";

/** In the place of a time that is none. */
const NEVER = new Date(0).toISOString();
const SUMMED_UP = ["merchantId", "outcome", "amount", "currency", "occurredAt"] as const;
const SHOWN = ["confirmationUrl", "orderingKey", "orderingAfter", "deliverBy", CAMPAIGN] as const;

export function summaryOf(row: AttributeMap): TransactionSummary {
  const rowState = rowStateOf(row);
  const { state, attemptCount, waitedFor } = rowState;
  const version = versionOf(row);
  const nextAttemptAt = nextAttemptAtOf(row, rowState);
  const failure = state === "FAILED" ? readFailure(row[ATTRIBUTES.failure]) : undefined;
  const confirmedBy = confirmedByOf(row)?.by;
  const erasedAt = instantOf(erasedAtOf(row));
  return {
    transactionId: stringOf(row["transactionId"]) ?? "",
    ...(version !== undefined && { version }),
    ...textsOf(row, SUMMED_UP),
    state,
    attemptCount,
    ...(confirmedBy !== undefined && { confirmedBy }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt }),
    ...(waitedFor !== undefined && !isTerminal(row) && { waitingFor: waitedFor }),
    ...(failure !== undefined && { failure }),
    ...(erasedAt !== undefined && { erasedAt }),
  };
}

export function viewOf(row: AttributeMap): TransactionView {
  const summary = summaryOf(row);
  const rowState = rowStateOf(row);
  const intake = intakeOf(row);
  const giveUpAt = instantOf(rowState.giveUpAt);
  const recordedAt = isTerminal(row) ? instantOf(numberOf(row[ATTRIBUTES.settledAt])) : undefined;
  const submittedAt = instantOf(intake?.at);
  const sentBody = sentBodyOf(row, rowState);
  const redelivery = redeliveryViewOf(row);
  const restored = restoredByOf(row);
  const acknowledgedAt = isTerminal(row) ? instantOf(acknowledgementOf(row)?.at) : undefined;
  const confirmedBy = confirmedByOf(row);
  const elsewhere = elsewhereViewOf(row);
  const traceId = traceIdOf(stringOf(row["traceHeader"]) ?? stringOf(row[ATTRIBUTES.sampledTrace]));
  return {
    ...summary,
    explanation: explain(summary, rowState, redelivery, acknowledgedAt, confirmedBy) + saidElsewhere(row),
    ...textsOf(row, SHOWN),
    ...(summary.version !== undefined && { webhookId: webhookId(summary.transactionId, summary.version) }),
    attempts: rowState.attempts.map(attemptOf),
    ...(rowState.steps !== undefined && { steps: stepsView(rowState.steps) }),
    ...(redelivery !== undefined && { redelivery }),
    ...(confirmedBy !== undefined && confirmedBy.by !== "elsewhere" && { shadow: shadowView(confirmedBy) }),
    ...(elsewhere !== undefined && { elsewhere }),
    ...(restored !== undefined && {
      restored: { jobId: restored.jobId, at: instantOf(restored.at) ?? NEVER, as: restored.as },
    }),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
    ...(giveUpAt !== undefined && !isTerminal(row) && { giveUpAt }),
    ...(recordedAt !== undefined && { recordedAt }),
    ...(submittedAt !== undefined && { submittedAt }),
    ...(intake !== undefined && { submittedBy: intake.by }),
    ...(sentBody !== undefined && { sentBody }),
    ...(traceId !== undefined && { traceId }),
  };
}

function shadowView({ bodyDigest, unsent, reason, mirror }: ConfirmedBy): ShadowView {
  return {
    ...(bodyDigest !== undefined && { bodyDigest }),
    ...(unsent !== undefined && { unsent }),
    ...(reason !== undefined && { reason }),
    ...(mirror !== undefined && { mirror: mirrorView(mirror) }),
  };
}

function mirrorView({ result, at, durationMs, status, error }: MirrorResult): NonNullable<ShadowView["mirror"]> {
  const when = instantOf(at);
  return {
    result,
    ...(when !== undefined && { at: when }),
    ...(durationMs !== undefined && { durationMs }),
    ...(Number.isSafeInteger(status) && { status }),
    ...(error !== undefined && { error }),
  };
}

function elsewhereViewOf(row: AttributeMap): TransactionView["elsewhere"] {
  const said = elsewhereOf(row);
  if (said === undefined) return undefined;
  return { confirmedAt: instantOf(said.at) ?? NEVER, notedAt: instantOf(said.notedAt) ?? NEVER, by: said.by };
}

function saidElsewhere(row: AttributeMap): string {
  const said = elsewhereOf(row);
  if (said === undefined) return "";
  const when = instantOf(said.at) ?? NEVER;
  return isOverlap(row) ? ` The old system says that it confirmed it too, at ${when}.` : ` It confirmed it at ${when}.`;
}

/** Without the responses to its steps, which are for templates alone. */
function stepsView({ plan, done, current, passedOver }: Steps): StepsView {
  const sentAt = instantOf(current?.intent?.at);
  return {
    plan,
    done: done.map(({ at, response: _response, ...step }) => ({ ...step, at: instantOf(at) ?? NEVER })),
    ...(current !== undefined && {
      current: { channel: current.channel, why: current.why, ...(sentAt !== undefined && { sentAt }) },
    }),
    ...(passedOver !== undefined && {
      passedOver: passedOver.map(({ channel, why, until }) => ({ channel, why, until: instantOf(until) ?? NEVER })),
    }),
  };
}

function redeliveryViewOf(row: AttributeMap): RedeliveryView | undefined {
  const redelivery = redeliveryOf(row);
  if (redelivery === undefined) return undefined;
  const { jobId, generation, reopens, ended } = redelivery;
  const [markedAt, at] = [instantOf(redelivery.markedAt), instantOf(ended?.at)];
  return {
    jobId,
    generation,
    ...(markedAt !== undefined && { markedAt }),
    ...(reopens !== undefined && { reopened: true }),
    ...(ended !== undefined && { result: ended.result }),
    ...(at !== undefined && { at }),
    ...(Number.isSafeInteger(ended?.status) && { status: ended?.status }),
    ...(ended?.error !== undefined && { error: ended.error }),
  };
}

/** Rebuilt from the row, and so only shown where that says what was pinned with the first attempt. */
function sentBodyOf(row: AttributeMap, { accepted }: RowState): string | undefined {
  if (accepted === undefined || isErased(row)) return undefined;
  const parsed = parseTransaction(row);
  if ("faults" in parsed || changedFields(row, accepted, false).length > 0) return undefined;
  return buildWebhook(parsed.transaction, payloadVersionIn(accepted.payloadVersion ?? 1)).body;
}

function nextAttemptAtOf(row: AttributeMap, { state, nextTryAt }: RowState): string | undefined {
  if (state === "SCHEDULED" && (stringOf(row[ATTRIBUTES.dueKey]) ?? "").startsWith("T#"))
    return instantOf(numberOf(row[ATTRIBUTES.dueAt]));
  return state === "PENDING" ? instantOf(nextTryAt) : undefined;
}

function attemptOf(attempt: Attempt) {
  const { at, durationMs, outcome, status, error, retryAfterSeconds, answer, resends, channel } = attempt;
  return {
    at: instantOf(at) ?? NEVER,
    durationMs,
    outcome,
    ...(status !== undefined && { status }),
    ...(error !== undefined && { error }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(answer !== undefined && { response: answer }),
    ...(resends !== undefined && { resends }),
    ...(channel !== undefined && { channel }),
  };
}

function textsOf<Name extends string>(row: AttributeMap, names: readonly Name[]): { [Key in Name]?: string } {
  const texts: { [Key in Name]?: string } = {};
  for (const name of names) {
    const text = stringOf(row[name]);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** Of a date that there is. @param at epoch milliseconds */
export function instantOf(at: number | undefined): string | undefined {
  if (at === undefined || !(Math.abs(at) <= 8.64e15)) return undefined;
  return new Date(at).toISOString();
}
