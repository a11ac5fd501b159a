/** Options of what a merchant is: the members of its row that the API takes. `none` takes one away. */
import { MAX_ACKNOWLEDGE_SECONDS, type MerchantAcknowledgement } from "../../../../core/merchant/acknowledgement.ts";
import { ENVIRONMENTS, type MerchantEnvironment } from "../../../../core/merchant/merchant-environment.ts";
import { HTTP_VERSIONS } from "../../../../core/merchant/connection/connection.ts";
import type { PAYLOAD_VERSIONS } from "../../../../core/transaction/payload-version.ts";
import { SCHEDULE_LIMITS } from "../../../../core/retry/retry-schedule.ts";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { SIGNATURE_SCHEMES } from "../../../../core/signing/signing-attributes.ts";
import { wrongLine } from "../../frame/command-failure.ts";
import { oneOf, wholeNumber } from "../../frame/values.ts";
import { headersFrom } from "./header-lines.ts";

type Scheme = (typeof SIGNATURE_SCHEMES)[number];

export interface MerchantContentOptions {
  readonly url?: string;
  readonly rateLimit?: string;
  readonly maxConcurrency?: string;
  readonly deadline?: string;
  readonly retrySchedule?: string;
  readonly signatures?: string;
  readonly environment?: string;
  readonly header?: readonly string[];
  readonly payloadVersion?: string;
  readonly httpVersion?: string;
  readonly acknowledgeWithin?: string;
  readonly mirror?: string;
}

/** What the API takes; null takes a member away. */
export interface MerchantChange {
  confirmationUrl?: string | null;
  rateLimitPerSecond?: number | null;
  maxConcurrency?: number | null;
  deadlineMs?: number | null;
  retryScheduleSeconds?: number[] | null;
  signatures?: Scheme[] | null;
  environment?: MerchantEnvironment | null;
  headers?: Record<string, string | null> | null;
  payloadVersion?: (typeof PAYLOAD_VERSIONS)[number] | null;
  httpVersion?: (typeof HTTP_VERSIONS)[number] | null;
  acknowledgement?: MerchantAcknowledgement | null;
  mirror?: { url: string } | null;
}

export const CONTENT_OPTIONS = [
  ["--url <url>", "where its confirmations go, unless a transaction names its own"],
  ["--rate-limit <calls>", "calls a second at most, or none for no limit"],
  ["--max-concurrency <calls>", "calls at once at most, or none for no limit of its own"],
  ["--deadline <ms>", "milliseconds for a call, where that is less than the pipeline's; none for the pipeline's"],
  ["--retry-schedule <seconds>", "its own waits, such as 5,30,300; none for the pipeline's"],
  ["--signatures <schemes>", "v1, v1a or v1,v1a; none for both"],
  ["--environment <environment>", "live, or sandbox for a developer's own; what is live stays so"],
  ["--header <lines...>", "further headers, such as 'x-partner-id: 4711'; 'x-partner-id:' takes one away, none all"],
  ["--payload-version <version>", "form of the webhook's body, 1 or 2; none for 1"],
  ["--http-version <version>", "of its calls, 1.1 or 2; none for 1.1"],
  ["--mirror <url>", "where goes what would be sent, while it is under the mode mirror; none for nowhere"],
  ["--acknowledge-within <seconds>", "it answers 202 and acknowledges within this; none where 202 is a delivery"],
] as const;

const NONE = "none";
const MAX_LIMIT = 1_000_000;
const MAX_DEADLINE_MS = 600_000;

export function changeOf(given: MerchantContentOptions): MerchantChange {
  const { url, rateLimit, maxConcurrency, deadline, retrySchedule, signatures, environment } = given;
  const { header, payloadVersion, httpVersion, acknowledgeWithin, mirror } = given;
  const change: MerchantChange = {};
  if (url !== undefined) change.confirmationUrl = orNull(url, (text) => webhookUrl(text));
  if (rateLimit !== undefined) change.rateLimitPerSecond = orNull(rateLimit, wholeNumber("--rate-limit", 1, MAX_LIMIT));
  if (maxConcurrency !== undefined)
    change.maxConcurrency = orNull(maxConcurrency, wholeNumber("--max-concurrency", 1, MAX_LIMIT));
  if (deadline !== undefined) change.deadlineMs = orNull(deadline, wholeNumber("--deadline", 1, MAX_DEADLINE_MS));
  if (retrySchedule !== undefined) change.retryScheduleSeconds = orNull(retrySchedule, scheduleOf);
  if (signatures !== undefined)
    change.signatures = orNull(signatures, (text) => text.split(",").map(oneOf("--signatures", SIGNATURE_SCHEMES)));
  if (environment !== undefined) change.environment = oneOf("--environment", ENVIRONMENTS)(environment);
  if (header !== undefined) change.headers = headersOf(header);
  if (payloadVersion !== undefined) change.payloadVersion = orNull(payloadVersion, payloadVersionOf);
  if (httpVersion !== undefined) change.httpVersion = orNull(httpVersion, oneOf("--http-version", HTTP_VERSIONS));
  if (acknowledgeWithin !== undefined) change.acknowledgement = orNull(acknowledgeWithin, acknowledgementOf);
  if (mirror !== undefined) change.mirror = orNull(mirror, (text) => ({ url: webhookUrl(text, "--mirror") }));
  return change;
}

function orNull<Value>(text: string, parse: (text: string) => Value): Value | null {
  return text === NONE ? null : parse(text);
}

/** One without a value is taken away. */
function headersOf(lines: readonly string[]): Record<string, string | null> | null {
  if (lines.length === 1 && lines[0] === NONE) return null;
  const headers = Object.entries(headersFrom(lines, "--header"));
  return Object.fromEntries(headers.map(([name, value]) => [name, value === "" ? null : value]));
}

function payloadVersionOf(text: string): (typeof PAYLOAD_VERSIONS)[number] {
  return oneOf("--payload-version", ["1", "2"])(text) === "1" ? 1 : 2;
}

function acknowledgementOf(text: string): MerchantAcknowledgement {
  return { withinSeconds: wholeNumber("--acknowledge-within", 1, MAX_ACKNOWLEDGE_SECONDS)(text) };
}

/** Whether it may be called is for the API to say. */
function webhookUrl(text: string, option = "--url"): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw wrongLine(
    `${option} is ${shortly(text)}, expected an http or https URL such as http://127.0.0.1:9000/confirmations`,
  );
}

function scheduleOf(text: string): number[] {
  const wait = wholeNumber("--retry-schedule", 1, SCHEDULE_LIMITS.waitSeconds);
  const waits = text.split(",").map((one) => wait(one.trim()));
  if (waits.length <= SCHEDULE_LIMITS.waits) return waits;
  throw wrongLine(`--retry-schedule has ${waits.length} waits, expected at most ${SCHEDULE_LIMITS.waits}`);
}
