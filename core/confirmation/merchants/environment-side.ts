/**
 * What calls the merchants of one environment: admission control, connections and credentials. The live ones and those
 * of the sandbox have each their own, so that neither waits for room, for a kept connection or for a token behind the
 * other. What is known of a merchant's health is in one place for both.
 */
import type { MerchantHealthTable } from "../../aws/merchant-health-table.ts";
import { AdaptiveBulkhead } from "../../delivery/admission/adaptive-bulkhead.ts";
import { AdmissionControl } from "../../delivery/admission/admission-control.ts";
import { BoundedWaitQueue } from "../../delivery/admission/bounded-wait-queue.ts";
import type { Baseline } from "../../delivery/admission/latency-baseline.ts";
import type { MerchantHealthDirectory } from "../../delivery/admission/merchant-health-directory.ts";
import { RateLimiter } from "../../delivery/admission/rate-limiter.ts";
import type { AddressGuard } from "../../delivery/address-guard.ts";
import { attempt, type Call } from "../../delivery/attempt.ts";
import { BoundedWait, NOT_IN_TIME } from "../../delivery/bounded-wait.ts";
import { CredentialsOfMerchants } from "../../delivery/credentials.ts";
import type { EgressMonitor } from "../../delivery/egress-monitor.ts";
import { withoutSecrets } from "../../delivery/hidden-secrets.ts";
import type { KeyRing } from "../../delivery/key-ring.ts";
import type { MerchantCache } from "../../delivery/merchant-cache.ts";
import { AccessTokens } from "../../delivery/oauth2/access-tokens.ts";
import { askForToken } from "../../delivery/oauth2/ask-for-token.ts";
import { recordedAttempt } from "../../delivery/recorded-attempt.ts";
import type { Transports } from "../../delivery/transports.ts";
import type { CircuitPolicy } from "../../merchant/merchant-health.ts";
import type { AttemptOutcome } from "../../retry/next-step.ts";
import type { Log } from "../../telemetry/log-error.ts";
import type { TaskClock } from "../clock/task-clock.ts";

export interface EnvironmentSideOptions {
  readonly env: {
    readonly circuit: CircuitPolicy;
    readonly deadlineMs: number;
    readonly resendOnClosedConnection: boolean;
    /** Calls in flight at most: of all, and of the queue whose calls may wait for their merchant. */
    readonly window: number;
    readonly waitingWindow: number;
  };
  readonly transports: Transports;
  readonly isOurs: EgressMonitor["isOurs"];
  readonly healthTable: MerchantHealthTable;
  readonly healthDirectory: MerchantHealthDirectory;
  readonly cache: MerchantCache;
  readonly baseline: Baseline;
  readonly guard: AddressGuard;
  readonly keyRing: KeyRing;
  readonly count: (metric: string) => void;
  readonly warn: Log;
  readonly clock: Pick<TaskClock, "now" | "elapsedMs" | "random" | "pause">;
}

export class EnvironmentSide {
  readonly admission: AdmissionControl;
  readonly credentials: CredentialsOfMerchants;
  readonly isOurs: EgressMonitor["isOurs"];
  readonly #transports: Transports;
  readonly #resends: AdmissionControl | undefined;

  constructor(options: EnvironmentSideOptions) {
    const { env, transports, isOurs, healthTable, baseline, guard, keyRing, warn, clock } = options;
    const { now, elapsedMs, random, pause } = clock;
    const { circuit, deadlineMs, window } = env;
    const { healthDirectory, cache, count } = options;
    const forTokens = new BoundedWait({ window });
    const room = new BoundedWaitQueue({ window: env.waitingWindow, pause });
    this.admission = new AdmissionControl({
      circuit,
      deadlineMs,
      baseline,
      table: healthTable,
      healthDirectory,
      cache,
      bulkhead: new AdaptiveBulkhead(window, elapsedMs, (tookMs) => baseline.isLate(baseline.withoutOwn(tookMs))),
      room,
      rateLimiter: new RateLimiter({ room, take: (...tokens) => takeInTime(forTokens, healthTable, tokens), now }),
      count,
      warn,
      now,
      elapsedMs,
      random,
    });
    const openCircuit = (merchantId: string) => this.admission.openCircuit(merchantId);
    const ask = askForToken({ transport: transports.of({}), guard, deadlineMs, isOurs, now, elapsedMs });
    const tokens = new AccessTokens({ ask, wait: new BoundedWait({ window }), openCircuit, warn, elapsedMs });
    this.credentials = new CredentialsOfMerchants(keyRing, tokens);
    this.isOurs = isOurs;
    this.#transports = transports;
    this.#resends = env.resendOnClosedConnection ? this.admission : undefined;
  }

  call(call: Call): Promise<AttemptOutcome> {
    const outcome = attempt(this.#transports.of(call), call, this.#resends);
    return call.secretNames === undefined ? outcome : outcome.then((ended) => withoutSecrets(ended, call));
  }

  recordedCall(call: Call): ReturnType<typeof recordedAttempt> {
    return recordedAttempt(this.#transports.of(call), call);
  }
}

/** @throws when the tokens do not come in time */
async function takeInTime(
  waits: BoundedWait,
  table: Pick<MerchantHealthTable, "takeTokens">,
  tokens: Parameters<MerchantHealthTable["takeTokens"]>,
): Promise<number> {
  const taken = await waits.for(() => table.takeTokens(...tokens));
  if (taken === NOT_IN_TIME) throw new Error("the gates did not answer in time, or too many wait for them");
  return taken;
}
