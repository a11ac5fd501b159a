/**
 * Calls of merchants that jobs ask for. Each is made once, signed as a delivery is, and what was sent and came back is
 * recorded on its job; it has no part in retries, circuits, disabled URLs or dead letters. What a challenge says about
 * an address is on its merchant's row before its job is done.
 *
 *   done, unknown               -> nothing
 *   past its time               -> recorded as expired
 *   begun by somebody else      -> later: that one records it, or is over after its lease
 *   no merchant, no URL, guard  -> recorded with the failure, nothing is sent
 *   no room, no key             -> recorded, nothing is sent; a challenge: later
 *   else                        -> begun, called, recorded
 *
 * It is begun and recorded on conditions, so that of two makers one records it.
 */
import type { JobsTable } from "../../aws/jobs-table.ts";
import type { MerchantOrigins } from "../../aws/merchant-origins.ts";
import type { Call } from "../../delivery/attempt.ts";
import type { MerchantEntry } from "../../delivery/merchant-cache.ts";
import { parseCallMessage } from "../../jobs/ask-for-call.ts";
import {
  EXPIRED,
  type MerchantCall,
  type MerchantCallResult,
  readMerchantCall,
  UNMADE,
} from "../../jobs/merchant-call.ts";
import { SIGNATURE_SCHEMES } from "../../signing/signing-attributes.ts";
import { type Log, logError } from "../../telemetry/log-error.ts";
import { type Failure, failure } from "../../transaction/failure.ts";
import type { TaskClock } from "../clock/task-clock.ts";
import type { Credentials, CredentialsAway } from "../../delivery/credentials.ts";
import type { Destination } from "../../delivery/destination.ts";
import { copyOfCall, copyOfUnsent } from "../copies/offered-copy.ts";
import type { CalledMerchants } from "./called-merchants.ts";
import { asChallenged, callContent } from "./call-content.ts";
import { challengeResult, isPassing, resultOf } from "./call-result.ts";

export interface MerchantCallsParts {
  readonly jobs: Pick<JobsTable, "read" | "begin" | "record">;
  readonly merchants: CalledMerchants;
  readonly origins: Pick<MerchantOrigins, "record">;
  /** The longest deadline of any call, in milliseconds. */
  readonly deadlineMs: number;
  readonly clock: Pick<TaskClock, "now" | "elapsedMs" | "isWrongAt">;
  readonly info: Log;
  readonly warn: Log;
}

/** Milliseconds after a call's deadline for the verdict on a silence, and the record. */
const RECORD_MS = 10_000;
/** And after those, before its message is seen again. */
const SEEN_AGAIN_MS = 5000;

/** Seconds for which the message of a call stays out of the others' sight. */
export function callVisibilitySeconds(deadlineMs: number): number {
  return Math.ceil((deadlineMs + RECORD_MS + SEEN_AGAIN_MS) / 1000);
}

/** `later`: its message is to come again. */
export type Handled = "done" | "later";

export class MerchantCalls {
  readonly #parts: MerchantCallsParts;

  constructor(parts: MerchantCallsParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  async handle(body: string): Promise<Handled> {
    const { warn } = this.#parts;
    const jobId = parseCallMessage(body);
    if (jobId === undefined) {
      warn("message of a merchant call not understood", { body: body.slice(0, 100) });
      return "done";
    }
    try {
      return await this.#handle(jobId);
    } catch (error) {
      logError(warn, "merchant call left in the queue", error, { jobId });
      return "later";
    }
  }

  async #handle(jobId: string): Promise<Handled> {
    const { jobs, merchants, deadlineMs, clock } = this.#parts;
    const row = await jobs.read(jobId);
    const job = row === undefined ? undefined : readMerchantCall(row);
    if (job === undefined || job.state === "done") return "done";
    const now = clock.now();
    const isUnderWay = job.startedAt !== undefined && now < job.startedAt + deadlineMs + RECORD_MS;
    if (isUnderWay) return "later";
    if (now > job.expiresAt) return this.#record(job, job.startedAt, EXPIRED);
    const entry = await merchants.get(job.merchantId);
    if ("code" in entry) return this.#record(job, job.startedAt, unmade(entry));
    const { url = entry.merchant.confirmationUrl } = job;
    const destination = url === undefined ? NO_URL : merchants.destinationOf(url);
    if ("code" in destination) {
      this.#copyUnsent(job, entry, destination, now);
      return this.#record(job, job.startedAt, unmade(destination));
    }
    const leave = await merchants.takeRoom(entry.merchant, destination);
    if (leave === undefined) return this.#record(job, job.startedAt, NO_ROOM);
    try {
      return await this.#withRoom(job, entry, destination);
    } finally {
      leave();
    }
  }

  async #withRoom(job: MerchantCall, entry: MerchantEntry, destination: Destination): Promise<Handled> {
    const { jobs, clock } = this.#parts;
    const credentials = await this.#credentialsOf(job, entry);
    if ("code" in credentials) return this.#record(job, job.startedAt, unmade(credentials));
    if (credentials.kind === "away") return this.#record(job, job.startedAt, awayOf(credentials));
    const now = clock.now();
    if (clock.isWrongAt(now, clock.elapsedMs())) return "later";
    if (!(await jobs.begin(job.jobId, job.startedAt, now))) return "later";
    const result = await this.#call(job, entry, destination, credentials, now);
    return this.#record(job, now, result);
  }

  async #credentialsOf({ kind }: MerchantCall, entry: MerchantEntry) {
    const { merchants } = this.#parts;
    if (kind === "challenge") return merchants.credentialsOf(asChallenged(entry.merchant));
    return entry.keys === undefined ? merchants.credentialsOf(entry.merchant) : plainOf(entry);
  }

  async #call(
    job: MerchantCall,
    { merchant }: MerchantEntry,
    destination: Destination,
    { keys, connection, token }: Credentials,
    now: number,
  ): Promise<MerchantCallResult> {
    const { merchants, clock, deadlineMs } = this.#parts;
    const begunAt = clock.elapsedMs();
    const { webhook, judged } = callContent(job, merchant, keys, now);
    const { signatures = SIGNATURE_SCHEMES } = merchant;
    const call: Call = {
      merchant,
      destination,
      webhook,
      keys: keys.filter(({ scheme }) => signatures.includes(scheme)),
      deadlineMs: Math.min(deadlineMs, merchant.deadlineMs ?? deadlineMs),
      now,
      headerLines: connection?.headerLines,
      identity: connection?.identity,
      httpVersion: connection?.httpVersion,
      secretNames: connection?.secretNames,
    };
    const attempt = await merchants.call(call);
    if (token !== undefined && attempt.outcome.status === UNAUTHORIZED) merchants.tokenRefused(token);
    const durationMs = Math.round(clock.elapsedMs() - begunAt);
    const verdict = merchant.environment === undefined ? merchants.isOurs : merchants.isOursInSandbox;
    const isOurs = await verdict(destination.origin, begunAt, attempt.outcome);
    const result = judged(attempt, resultOf(destination, attempt, durationMs, isOurs));
    const { copies } = merchants;
    const { outcome, error } = result;
    const { status } = attempt.outcome;
    if (copies?.isListenedTo(merchant.listenedUntil) === true) {
      const said = {
        outcome,
        durationMs,
        ...(status !== undefined && { status }),
        ...(error !== undefined && { error }),
      };
      copies.offer(merchant.merchantId, copyOfCall(call, said));
    }
    return result;
  }

  /** Of one that has nowhere to go; whoever listens gets it all the same. */
  #copyUnsent(job: MerchantCall, { merchant, keys }: MerchantEntry, why: Failure, now: number): void {
    const { copies, credentialsOf } = this.#parts.merchants;
    if (copies?.isListenedTo(merchant.listenedUntil) !== true) return;
    const { webhook } = callContent(job, merchant, [], now);
    copies.offer(merchant.merchantId, copyOfUnsent({}, { merchant, keys, webhook }, why, now, credentialsOf));
  }

  async #record(job: MerchantCall, startedAt: number | undefined, result: MerchantCallResult): Promise<Handled> {
    const { jobs, origins, clock, info } = this.#parts;
    const { jobId, kind, merchantId } = job;
    if (kind === "challenge") {
      if (isPassing(result) && clock.now() <= job.expiresAt) return "later";
      await origins.record(challengeResult(job, result), clock.now());
    }
    const isRecorded = await jobs.record(jobId, startedAt, result, clock.now());
    const { outcome, durationMs } = result;
    info("merchant call", { jobId, kind, merchantId, outcome, durationMs, isRecorded });
    return isRecorded ? "done" : "later";
  }
}

const NO_URL = failure(
  "url_missing",
  "confirmationUrl: got nothing, expected one on the merchant; register it, then ask for the call once more.",
);
const NO_ROOM: MerchantCallResult = {
  outcome: UNMADE.noRoom,
  error: "As many calls of this merchant as there may be are in flight. Ask once more in a moment.",
};
const UNAUTHORIZED = 401;

function plainOf({ merchant: { connection }, keys = [] }: MerchantEntry): Credentials {
  return { kind: "there", keys, ...(connection !== undefined && { connection }) };
}

function awayOf({ reason, error }: CredentialsAway): MerchantCallResult {
  return reason === "key unavailable"
    ? {
        outcome: UNMADE.keyUnavailable,
        error: "A secret of the merchant cannot be opened just now. Ask once more in a moment.",
      }
    : { outcome: UNMADE.tokenUnavailable, error: `There is no token: ${error}. Ask once more in a moment.` };
}

function unmade({ code, reason }: Failure): MerchantCallResult {
  return { outcome: code, error: reason };
}
