/**
 * Counts what acknowledgements and receipts confirm, under the name of the program that panels and alarms ask for. In
 * small-account mode, where no further metric is paid for, it is published as `Confirmed` of the function that calls,
 * and stays in the log as what it is.
 */
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { FUNCTION_NAMES, METRICS } from "../settings/names.ts";
import { publishesEvery, SMALL_ACCOUNT_METRICS } from "../settings/published-metrics.ts";
import type { Log } from "../telemetry/log-error.ts";
import { ProgramMetrics } from "./program-metrics.ts";

const { confirmationTransactions } = FUNCTION_NAMES;
const CONFIRMING: ReadonlySet<string> = new Set([METRICS.confirmed, METRICS.acknowledged]);

export class ConfirmingCounts {
  readonly #own: ProgramMetrics;
  readonly #caller: ProgramMetrics | undefined;

  /**
   * @param published names of metrics of this program, or `*` for every one
   * @param service under whose name it counts where every metric is published
   */
  constructor(published: readonly string[], log: Log, service: string) {
    this.#own = new ProgramMetrics(published, log, service);
    if (publishesEvery(published)) return;
    this.#caller = new ProgramMetrics(
      SMALL_ACCOUNT_METRICS[confirmationTransactions] ?? [],
      log,
      confirmationTransactions,
    );
  }

  count(metric: string): void {
    this.#own.addMetric(metric, MetricUnit.Count, 1);
    if (CONFIRMING.has(metric)) this.#caller?.addMetric(METRICS.confirmed, MetricUnit.Count, 1);
  }

  publish(): void {
    for (const counted of [this.#own, this.#caller])
      if (counted?.hasStoredMetrics() === true) counted.publishStoredMetrics();
  }
}
