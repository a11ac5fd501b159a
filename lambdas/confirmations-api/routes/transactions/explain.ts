/** The state of a transaction in words, for whoever answers the phone. */
import type { RowState } from "../../../../core/transaction/row/row-state.ts";
import { ACKNOWLEDGEMENT } from "../../../../core/transaction/row/acknowledgement.ts";
import type { ConfirmedBy } from "../../../../core/transaction/row/confirmed-by.ts";
import { TURNED_AWAY } from "../../../../core/transaction/row/redelivery.ts";
import type { RedeliveryView, TransactionSummary } from "./transaction-schema.ts";

const WAITS: Readonly<Record<string, string>> = {
  paused: "its merchant, or everything, is paused",
  "url unverified":
    "nobody has shown yet that its address is its merchant's. It is delivered once the address answers the challenge " +
    "(docs/using/ownership.md): ask again with `merchants verify`, or let an operator `merchants vouch` for it",
  "url disabled": "its merchant's URL is disabled",
  "circuit open": "its merchant's endpoint fails, and is called again when it may be well",
  "no room": "its merchant has as many calls at once as it takes",
  "rate limit": "its merchant takes no more calls a second",
  "key unavailable": "the merchant's secret cannot be opened just now, which is on our side",
  "token unavailable": "its merchant's token server gives no token just now",
  "gate unread": "the merchant's health cannot be read just now, which is on our side",
  "merchant unread": "the merchant cannot be read just now, which is on our side",
  "our egress": "our own network fails",
  receipt: "a message was sent, or may have been, and its receipt is to come",
  hours: "none of its merchant's channels may be used at this time (docs/using/channels.md)",
  "service quota": "our own account may send no more by that channel just now, which is on our side",
  acknowledgement: "its merchant answered 202 and is to acknowledge it",
};

/**
 * @param acknowledgedAt when its merchant acknowledged it, of one that it had answered with 202
 * @param confirmedBy who confirmed it, where that was not this pipeline
 */
export function explain(
  summary: TransactionSummary,
  rowState: RowState,
  redelivery?: RedeliveryView,
  acknowledgedAt?: string,
  confirmedBy?: ConfirmedBy,
): string {
  const { erasedAt } = summary;
  const said = explainState(summary, rowState, redelivery, acknowledgedAt, confirmedBy);
  return erasedAt === undefined
    ? said
    : `${said} What was personal in it was erased at ${erasedAt}; it is not sent again.`;
}

function explainState(
  summary: TransactionSummary,
  { attempts, steps }: RowState,
  redelivery: RedeliveryView | undefined,
  acknowledgedAt: string | undefined,
  confirmedBy: ConfirmedBy | undefined,
): string {
  const { state, attemptCount, nextAttemptAt, waitingFor, failure } = summary;
  const last = attempts.at(-1);
  const counted = attemptCount === 1 ? "1 attempt" : `${attemptCount} attempts`;
  const so = attemptCount === 0 ? "" : ` ${counted} so far${last === undefined ? "" : `; the last: ${last.outcome}`}.`;
  const again = redelivery === undefined ? "" : ` ${explainRedelivery(redelivery, state)}`;
  switch (state) {
    case "CONFIRMED":
      if (confirmedBy !== undefined) return `${explainElsewhere(confirmedBy)}${again}`;
      if (acknowledgedAt !== undefined)
        return `Delivered: its merchant acknowledged it at ${acknowledgedAt}, after ${counted}.${again}`;
      if (steps !== undefined) {
        const by = steps.done.filter(({ result }) => result === "delivered").map(({ channel }) => channel);
        return `Delivered by ${by.join(", ")} after ${counted}.${again}`;
      }
      return `Delivered: its merchant answered with ${last?.status ?? "a 2xx status"} after ${counted}.${again}`;
    case "FAILED":
      return (
        (failure === undefined ? "Given up, for a reason that was not kept." : `Given up: ${failure.reason}`) + again
      );
    case "SCHEDULED": {
      if (waitingFor === ACKNOWLEDGEMENT && nextAttemptAt !== undefined)
        return `Waits until ${nextAttemptAt} for its merchant, which answered 202, to acknowledge it.${so}${again}`;
      const until = nextAttemptAt === undefined ? "" : ` It is attempted again at ${nextAttemptAt}.`;
      const why = waitingFor === undefined ? "" : ` Why: ${WAITS[waitingFor] ?? waitingFor}.`;
      return `Waits.${until}${why}${so}${again}`;
    }
    case "PENDING":
  }
  const why = waitingFor === undefined ? "" : ` It last waited because ${WAITS[waitingFor] ?? waitingFor}.`;
  return `On its way to its merchant.${why}${so}${again}`;
}

function explainElsewhere({ by, unsent, reason, mirror }: ConfirmedBy): string {
  if (by === "elsewhere") return "Confirmed by the old system, as that says; nothing of it was delivered from here.";
  const would =
    unsent === undefined
      ? "It would have been sent."
      : `It would not have been sent: ${WAITS[unsent] ?? reason ?? unsent}.`;
  const left = `Left to the old system, as its merchant's switches say (${by}). Nothing was sent to the merchant.`;
  return `${left} ${would}${mirrorText(mirror)}`;
}

function mirrorText(mirror: ConfirmedBy["mirror"]): string {
  if (mirror === undefined) return "";
  const { result, status, error = "" } = mirror;
  if (result === "delivered") return ` Its mirror responded with ${status ?? "a 2xx status"}.`;
  const what = result === TURNED_AWAY ? "Its mirror was not called" : "The call of its mirror failed";
  return ` ${what}: ${WAITS[error] ?? error}.`;
}

function explainRedelivery(
  { jobId, reopened, result, status, error, at }: RedeliveryView,
  state: TransactionSummary["state"],
): string {
  if (reopened === true)
    return state === "FAILED"
      ? `It takes part in the job ${jobId}, which puts what was given up on its way again.`
      : `It had been given up before; the job ${jobId} put it on its way again.`;
  if (state !== "CONFIRMED") return "";
  const when = at === undefined ? "" : ` at ${at}`;
  if (result === undefined) return `The job ${jobId} sends it again; what comes of that is not known yet.`;
  const why = WAITS[error ?? ""] ?? error ?? "no reason was kept";
  if (result === TURNED_AWAY) return `The job ${jobId} was to send it again${when} and did not call: ${why}.`;
  if (result === "delivered")
    return `The job ${jobId} sent it again${when}: its merchant answered with ${status ?? "a 2xx status"}.`;
  return `The job ${jobId} sent it again${when}, which failed: ${error ?? result}. It stays confirmed.`;
}
