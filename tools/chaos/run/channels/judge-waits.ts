/**
 * Whether anybody was called, or sent to, before the time was over that he had: to acknowledge what he answered with
 * 202, or for a receipt to come of what may be out. A worker that was killed before it recorded a 202 calls again, and
 * a clock that was off makes times of its own; nothing else excuses. Pure.
 */
import type { Delivery } from "../../../../local/demo/fleet/ledger.ts";
import type { Finding } from "../../../../local/demo/evidence.ts";
import { RECEIPT_WITHIN_SECONDS, RECIPIENT_BY_ID } from "../../plan/recipients.ts";
import { identityOf, stepOf } from "./in-flight-steps.ts";
import type { BookedSend } from "./send-book.ts";
import { isVain, type SentStep, stepKey, webSteps } from "./sent-step.ts";

export interface WaitEvidence {
  /** Of recipients. */
  readonly deliveries: readonly Delivery[];
  readonly sends: readonly BookedSend[];
  /** In flight when a worker ended. */
  readonly inFlight: readonly SentStep[];
  /** When the worker's clock was off. */
  readonly wrongClock: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** Put back after they had failed: begun anew. */
  readonly reopened: ReadonlySet<string>;
  readonly merchantOf: (transactionId: string) => string;
}

const ACCEPTED = 202;
/** By which books of two processes may differ. */
const SLACK_MS = 250;
/** What passes between the intent, from which on a receipt is waited for, and the service. */
const SEND_MS = 4000;
const WITH_RECEIPT: ReadonlySet<string> = new Set(["email", "sms", "whatsapp"]);

export function judgeWaits(evidence: WaitEvidence): Finding[] {
  return [...acknowledgements(evidence), ...receipts(evidence)];
}

function acknowledgements(evidence: WaitEvidence): Finding[] {
  const inFlight = new Set(evidence.inFlight.map(identityOf));
  const calls = Map.groupBy(
    evidence.deliveries.filter(({ redelivery, verified }) => redelivery === undefined && verified),
    ({ transactionId, version }) => `${transactionId} v${version}`,
  );
  const sends = Map.groupBy(evidence.sends, ({ transactionId, version }) => `${transactionId} v${version}`);
  return [...calls].flatMap(([key, ofVersion]) =>
    ofVersion.flatMap((delivery): Finding[] => {
      const { responseStatus, isAcknowledging, respondedAtMs = 0, merchantId, transactionId } = delivery;
      const { acknowledgeWithinSeconds: within } = RECIPIENT_BY_ID.get(merchantId) ?? {};
      if (responseStatus !== ACCEPTED || isAcknowledging !== true || within === undefined) return [];
      const [step] = webSteps([delivery]);
      if (step !== undefined && inFlight.has(identityOf(step))) return [];
      const untilMs = Math.min(respondedAtMs + within * 1000, delivery.acknowledgedAtMs ?? Number.POSITIVE_INFINITY);
      const later = [
        ...ofVersion.map(({ arrivedAtMs }) => ({ by: "webhook", atMs: arrivedAtMs })),
        ...(sends.get(key) ?? []).map(({ service, carriedOutAtMs }) => ({ by: service, atMs: carriedOutAtMs })),
      ];
      const early = later.find(({ atMs }) => atMs > respondedAtMs && atMs < untilMs - SLACK_MS);
      if (early === undefined || isExcused(evidence, respondedAtMs, early.atMs)) return [];
      const afterMs = early.atMs - respondedAtMs;
      const detail = `${merchantId} had ${within} s to acknowledge, and was told by ${early.by} after ${afterMs} ms`;
      return [{ kind: "channel", transactionId, detail }];
    }),
  );
}

function receipts(evidence: WaitEvidence): Finding[] {
  const { sends, reopened, merchantOf } = evidence;
  const awaited = sends.filter(
    ({ service, transactionId }) =>
      WITH_RECEIPT.has(service) && !reopened.has(transactionId) && !isVain(merchantOf(transactionId), service),
  );
  return [...Map.groupBy(awaited, (send) => stepKey(stepOf(send))).values()].flatMap((ofStep) => {
    const times = ofStep.map(({ carriedOutAtMs }) => carriedOutAtMs).toSorted((one, other) => one - other);
    return times.slice(1).flatMap((atMs, index): Finding[] => {
      const beforeMs = times[index] ?? 0;
      const gapMs = atMs - beforeMs;
      if (gapMs >= RECEIPT_WITHIN_SECONDS * 1000 - SEND_MS || isExcused(evidence, beforeMs, atMs)) return [];
      const { transactionId = "", service = "" } = ofStep[0] ?? {};
      return [{ kind: "channel", transactionId, detail: `sent by ${service} again ${gapMs} ms later, unanswered` }];
    });
  });
}

function isExcused({ wrongClock }: WaitEvidence, fromMs: number, toMs: number): boolean {
  return wrongClock.some((span) => span.fromMs <= toMs && span.toMs >= fromMs - SEND_MS);
}
