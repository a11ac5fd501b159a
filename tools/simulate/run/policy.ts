/**
 * What a task does about merchants that fail. `pipeline` is the pipeline's own code: gate, circuit, bulkhead and the
 * three horizons. `no-parking` is what it is there against, and what took down others: no health row, and each failed
 * message stays in the queue until its next attempt, by its visibility.
 */
import { nextStep, type AttemptOutcome, type NextStep } from "../../../core/retry/next-step.ts";
import type { WaitReason } from "../../../core/merchant/merchant-health.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { InQueueBudget } from "../../../core/confirmation/in-queue-budget.ts";
import { AdaptiveBulkhead } from "../../../core/delivery/admission/adaptive-bulkhead.ts";
import { MerchantHealthDirectory } from "../../../core/delivery/admission/merchant-health-directory.ts";
import { type Entry, AdmissionControl } from "../../../core/delivery/admission/admission-control.ts";
import { LatencyBaseline } from "../../../core/delivery/admission/latency-baseline.ts";
import { BoundedWaitQueue } from "../../../core/delivery/admission/bounded-wait-queue.ts";
import type { HealthInMemory } from "../aws/merchant-health.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Merchant } from "./merchant.ts";
import type { VirtualTime } from "./virtual-time.ts";

export const POLICIES = ["pipeline", "no-parking"] as const;
export type PolicyName = (typeof POLICIES)[number];

export interface Policy {
  enter(merchant: Merchant): Entry | Promise<Entry>;
  /** To be called before something is parked for its merchant's sake. */
  markWaiting(merchant: Merchant, reason: WaitReason): Promise<void>;
  after(confirmation: Confirmation, outcome: AttemptOutcome): NextStep;
  /** Each tenth of a second. */
  tick(): void;
}

export interface PolicyParts {
  readonly time: VirtualTime;
  readonly settings: Settings;
  /** Real messages for each simulated one: what a task may have is as much smaller. */
  readonly sample: number;
  readonly healthTable: HealthInMemory;
  /** Failing messages that one task may leave in the queue; real ones. */
  readonly inQueueFailingMax: number;
  /** In [0, 1). */
  readonly random: () => number;
}

export function policyOf(name: PolicyName, parts: PolicyParts): Policy {
  return name === "pipeline" ? pipelinePolicy(parts) : noParkingPolicy(parts);
}

function pipelinePolicy(parts: PolicyParts): Policy {
  const { time, settings, sample, healthTable, random } = parts;
  const { now } = time;
  const window = settings.worker.window / sample;
  const baseline = new LatencyBaseline(now);
  const budget = new InQueueBudget(parts.inQueueFailingMax / sample, now);
  const room = new BoundedWaitQueue({ window, pause: time.pause });
  const admission = new AdmissionControl({
    table: { ...unsimulated, ...bound(healthTable) },
    healthDirectory: new MerchantHealthDirectory(healthTable, now),
    bulkhead: new AdaptiveBulkhead(window, now, (tookMs) => baseline.isLate(tookMs)),
    room,
    rateLimiter: unsimulated,
    baseline,
    callsEach: sample,
    circuit: { openMs: settings.circuit.openSeconds * 1000, maxOpenMs: settings.circuit.maxOpenSeconds * 1000 },
    deadlineMs: settings.delivery.deadlineMs,
    count: () => {},
    warn: () => {},
    now,
    elapsedMs: now,
    random,
  });
  return {
    enter: (merchant) => admission.enter(merchant.registered, merchant.destination),
    markWaiting: (merchant, reason) => admission.markWaiting(merchant.id, reason),
    after: (confirmation, outcome) => {
      const step = stepAfter(confirmation, outcome, budget.hasRoom, parts);
      if (step.kind === "retry in queue") budget.add(step.delaySeconds);
      return step;
    },
    tick: () => baseline.tick(),
  };
}

function noParkingPolicy(parts: PolicyParts): Policy {
  const open: Entry = { kind: "open", leave: async () => {} };
  return {
    enter: async () => open,
    markWaiting: async () => {},
    after: (confirmation, outcome) => {
      const step = stepAfter(confirmation, outcome, true, parts);
      if (step.kind !== "park") return step;
      return { kind: "retry in queue", delaySeconds: Math.ceil((step.dueAt - parts.time.now()) / 1000) };
    },
    tick: () => {},
  };
}

function stepAfter(
  { attemptCount, giveUpAt }: Confirmation,
  outcome: AttemptOutcome,
  hasRoomInQueue: boolean,
  { time, settings, random }: PolicyParts,
): NextStep {
  const situation = {
    outcome,
    attemptCount,
    attempts: [],
    now: time.now(),
    giveUpAt,
    hasRoomInQueue,
    random: random(),
  };
  return nextStep(settings.retry, situation);
}

/** What no simulated merchant asks for. */
const unsimulated = {
  disable: () => Promise.reject(new Error("disabled URLs are not simulated")),
  take: () => Promise.reject(new Error("rate limits are not simulated")),
  takeSpare: () => Promise.reject(new Error("rate limits are not simulated")),
};

function bound(healthTable: HealthInMemory) {
  return {
    openCircuit: healthTable.openCircuit.bind(healthTable),
    claimProbe: healthTable.claimProbe.bind(healthTable),
    closeCircuit: healthTable.closeCircuit.bind(healthTable),
    markWaiting: healthTable.markWaiting.bind(healthTable),
  };
}
