/**
 * `release-due`: once a minute, and finer inside the minute, whatever is due and not confirmed goes back on the queue,
 * in as many parts side by side as the release rate needs. It is what makes losing the queue, the stream or every
 * worker a delay instead of a loss. A run that fails is not repeated: the next minute's does it all.
 */
import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { countedCampaigns } from "../../core/settings/campaign-metrics.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { releaseDueEnvironment } from "../../lambdas/release-due/environment.ts";
import { RELEASE_MEMORY_MIB, releaseParts } from "../../core/settings/sizes.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const EVERY = Duration.minutes(1);
/** Longer than a run, which ends by itself: one that is ended in the middle leaves rows claimed. */
const TIMEOUT = Duration.seconds(90);
/** That a rule of EventBridge has. */
const MAX_TARGETS = 5;
const NO_RETRY = { retryAttempts: 0, maxEventAge: EVERY } as const;

export interface ReleaseDueProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly gates: MerchantGates;
  readonly queues: ConfirmationQueues;
  /** Undefined where nobody asks for any. */
  readonly jobs: Jobs | undefined;
}

export class ReleaseDue extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: ReleaseDueProps) {
    super(scope, id);
    const { transactions, merchants, gates, queues, jobs, settings, keys } = props;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "releaseDue",
      description: "Puts due and unconfirmed transactions back on the confirmations queue",
      timeout: TIMEOUT,
      memoryMiB: RELEASE_MEMORY_MIB,
      environment: releaseDueEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        merchantGatesTable: gates.table.tableName,
        ...queues.urls,
        ...rowKeySettings(settings),
        maxReleaseRate: settings.release.ratePerSecond,
        sandbox: settings.sandbox,
        maxOpenMs: settings.circuit.maxOpenSeconds * 1000,
        everyMs: settings.release.everySeconds * 1000,
        restAfterMs: settings.release.restAfterSeconds * 1000,
        maxUnheard: settings.release.maxUnheard,
        order: settings.order,
        settledDays: settings.retention.settledDays,
        debugSamplePercent: settings.logs.debugSamplePercent,
        jobsTable: jobs?.table.tableName ?? "",
        jobPartsQueueUrl: jobs?.parts.queueUrl ?? "",
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.releaseDue),
        campaigns: countedCampaigns(settings),
      }),
    });
    this.function.allow(["dynamodb:Query"], [transactions.dueIndexArn, gates.waitingIndexArn]);
    this.function.allow(["dynamodb:BatchGetItem"], [merchants.table.tableArn]);
    this.function.allow(
      ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"],
      [gates.table.tableArn],
    );
    this.function.allow(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"], [transactions.table.tableArn]);
    this.function.allow(
      ["sqs:SendMessage"],
      [queues.confirmations.queueArn, queues.ordered.queueArn, queues.deadLetters.queueArn],
    );
    this.function.allow(["sqs:GetQueueAttributes"], [queues.confirmations.queueArn, queues.ordered.queueArn]);
    this.function.allow(["cloudwatch:GetMetricData"], ["*"]);
    // A part of a job whose message was lost.
    if (jobs !== undefined) {
      this.function.allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
      this.function.allow(["sqs:SendMessage"], [jobs.parts.queueArn]);
    }
    keys.grantUse(this.function);

    this.function.configureAsyncInvoke(NO_RETRY);
    this.#schedule(releaseParts(settings.release.ratePerSecond));
  }

  /** One target for each part of the work, so that they run side by side; any number of them is safe. */
  #schedule(parts: number): void {
    const targets = Array.from(
      { length: parts },
      (_, part) =>
        new LambdaFunction(this.function, { ...NO_RETRY, event: RuleTargetInput.fromObject({ part, parts }) }),
    );
    for (let start = 0; start < parts; start += MAX_TARGETS)
      new Rule(this, start === 0 ? "EveryMinute" : `EveryMinute${start / MAX_TARGETS}`, {
        description: "Runs release-due",
        schedule: Schedule.rate(EVERY),
        targets: targets.slice(start, start + MAX_TARGETS),
      });
  }
}
