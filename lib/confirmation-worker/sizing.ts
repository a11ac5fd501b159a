/**
 * Whether settings that are right one by one also fit together. What could not be deployed is an error;
 * what deploys but will not do what was asked for is a warning at synthesis.
 */
import { ignoredSettings } from "../../core/settings/ignored-settings.ts";
import { drainSeconds } from "../../core/settings/scaling.ts";
import { type Settings, SettingsError } from "../../core/settings/settings.ts";

/** Memory in MiB that Fargate offers by CPU units (ECS Developer Guide, "Task size"). */
const FARGATE_MEMORY_MIB = {
  256: [512, 1024, 2048],
  512: wholeGibibytes(1, 4),
  1024: wholeGibibytes(2, 8),
  2048: wholeGibibytes(4, 16),
  4096: wholeGibibytes(8, 30),
} as const;

/** @throws SettingsError when Fargate has no task of that size */
export function checkTaskSize({ worker: { cpu, memoryMiB } }: Settings): void {
  const offered: readonly number[] = FARGATE_MEMORY_MIB[cpu];
  if (offered.includes(memoryMiB)) return;
  throw new SettingsError(
    `These settings cannot be used:\n  settings.worker.memoryMiB: expected what Fargate offers with cpu ` +
      `${cpu}, one of ${offered.join(", ")}, got ${memoryMiB}\nSee the table of settings in README.md.`,
  );
}

function wholeGibibytes(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => (from + index) * 1024);
}

/** Writes a second that one value of an index key takes (DynamoDB Developer Guide, "Designing partition keys"). */
const PARTITION_WRITES = 1000;
/** Messages of a FIFO queue that may be received and not deleted (SQS Developer Guide, "Amazon SQS message quotas"). */
const IN_FLIGHT = 120_000;

export interface SizingWarning {
  readonly id: string;
  readonly message: string;
}

export function sizingWarnings(settings: Settings): readonly SizingWarning[] {
  return [
    ...(settings.delivery.mode === "fargate" ? workerWarnings(settings) : []),
    ...tableWarnings(settings),
    ...ignoredSettings(settings).map((path) => ({
      id: `ignored-${path}`,
      message:
        `settings.${path}: nothing reads it with delivery.mode ${settings.delivery.mode}. Leave it out, or choose ` +
        `the other mode${path === "campaigns" ? ", or set lambda.campaignMetrics" : ""}.`,
    })),
  ];
}

function workerWarnings({ targetRatePerSecond, worker, delivery }: Settings): readonly SizingWarning[] {
  const warnings: SizingWarning[] = [];
  const reachable = worker.maxTasks * worker.ratePerTask;
  if (reachable < targetRatePerSecond) {
    warnings.push({
      id: "target-rate-out-of-reach",
      message:
        "settings.worker.maxTasks × ratePerTask: expected at least targetRatePerSecond " +
        `${targetRatePerSecond}, got ${worker.maxTasks} × ${worker.ratePerTask} = ${reachable}. ` +
        `Raise worker.maxTasks to ${Math.ceil(targetRatePerSecond / worker.ratePerTask)}, or lower ` +
        "targetRatePerSecond.",
    });
  }
  const neededSeconds = drainSeconds({ delivery });
  if (worker.stopTimeoutSeconds < neededSeconds) {
    warnings.push({
      id: "stop-cuts-attempts",
      message:
        `settings.worker.stopTimeoutSeconds: expected at least ${neededSeconds} s, delivery.deadlineMs ` +
        `and what is done before and after a call, got ${worker.stopTimeoutSeconds} s. ` +
        "A stopping worker would be killed inside an attempt, and the merchant called again. Raise " +
        "stopTimeoutSeconds or lower deadlineMs.",
    });
  }
  const windows = worker.maxTasks * worker.window;
  if (windows > IN_FLIGHT) {
    warnings.push({
      id: "windows-beyond-in-flight",
      message:
        `settings.worker.maxTasks × window: expected at most ${IN_FLIGHT}, the messages that SQS lets be ` +
        `in flight, got ${worker.maxTasks} × ${worker.window} = ${windows}. ` +
        "Merchants that are slow in all tasks could use them up, and nobody would get anything. Lower " +
        "worker.window, or set worker.ratePerTask to what a task gets through.",
    });
  }
  return warnings;
}

function tableWarnings({
  targetRatePerSecond,
  peakRatePerSecond,
  tableWriteQuota,
  dueShards,
}: Settings): readonly SizingWarning[] {
  const warnings: SizingWarning[] = [];
  const writes = 2 * Math.max(targetRatePerSecond, peakRatePerSecond);
  if (writes > dueShards * PARTITION_WRITES) {
    warnings.push({
      id: "due-index-too-narrow",
      message:
        `settings.dueShards: expected at least ${Math.ceil(writes / PARTITION_WRITES)} for ` +
        `${peakRatePerSecond} confirmations a second of two index writes each, got ${dueShards}. ` +
        "A partition takes 1,000 writes a second, and an index that is throttled throttles its table. " +
        "Raise dueShards or lower peakRatePerSecond.",
    });
  }
  if (writes > tableWriteQuota) {
    warnings.push({
      id: "table-quota",
      message:
        `settings.peakRatePerSecond: ${peakRatePerSecond} confirmations a second are ${writes} writes of ` +
        `the table, settings.tableWriteQuota is ${tableWriteQuota}. ` +
        "Have AWS raise the table-level write throughput (Service Quotas, dynamodb L-AB614373), then this " +
        "setting, or producers are throttled at the peak.",
    });
  }
  return warnings;
}
