/**
 * From the head of a merchant's answer to the outcome of the attempt. Only 2xx is a delivery, whatever else it says.
 * With `webhook-delivery` a merchant steers what comes next (as Svix has it, and Standard Webhooks has it proposed):
 * `abort-message` for this message, which means nothing on a delivery; `disable` for its URL, which holds on any
 * response. `410 Gone` disables as well.
 */
import type { AttemptOutcome } from "../retry/next-step.ts";
import { classOfStatus, type FailureClass } from "../retry/retry-policy.ts";
import { parseRetryAfter } from "../retry/retry-after.ts";

/** Names in lower case; a list for a header that came more than once. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const DELIVERY_HEADER = "webhook-delivery";
const GONE = 410;
const NOT_MODIFIED = 304;

/** @param now epoch milliseconds */
export function outcomeOf(status: number, headers: ResponseHeaders, now: number): AttemptOutcome {
  const asked = headers[DELIVERY_HEADER] === undefined ? [] : wordsOf(headers[DELIVERY_HEADER]);
  const disablesUrl = (status === GONE || asked.includes("disable")) && ({ disablesUrl: true } as const);
  if (status >= 200 && status < 300) return { kind: "delivered", status, ...disablesUrl };
  const failureClass = classOfStatus(status);
  const [date] = listOf(headers["date"]);
  const retryAfterSeconds = parseRetryAfter(listOf(headers["retry-after"]), date, now);
  return {
    kind: "failed",
    class: failureClass,
    status,
    error: `the endpoint answered ${status}${remarkOn(status, failureClass)}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(asked.includes("abort-message") && { abortsMessage: true }),
    ...disablesUrl,
  };
}

function remarkOn(status: number, failureClass: FailureClass): string {
  if (status === NOT_MODIFIED) return ", which is no answer to a POST";
  return failureClass === "redirect" ? ", and redirects are not followed" : "";
}

function listOf(value: ResponseHeaders[string]): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function wordsOf(value: ResponseHeaders[string]): string[] {
  return listOf(value).flatMap((line) => line.split(",").map((word) => word.trim().toLowerCase()));
}
