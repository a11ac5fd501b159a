/**
 * `canary`: once a minute, or every few, a transaction of the pipeline's own goes all the way to the reference
 * merchant, through everything that others go through, the way out to the internet too. It is what says that
 * confirmations get through while nobody writes any. A run that fails is not repeated: the next one is there soon, and
 * a missing one counts as a failure.
 */
import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { rowKeySettings } from "../../core/settings/row-key-settings.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { canaryEnvironment } from "../../lambdas/canary/environment.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { ReferenceMerchant } from "../confirmation-webhook/reference-merchant.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const TIMEOUT = Duration.seconds(45);
const NO_RETRY = { retryAttempts: 0, maxEventAge: Duration.minutes(1) } as const;

export interface CanaryProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly referenceMerchant: ReferenceMerchant;
}

export class Canary extends Construct {
  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { transactions, merchants, referenceMerchant, settings, keys } = props;
    const canary = new PipelineFunction(this, "Function", {
      ...props,
      program: "canary",
      description: "Sends a transaction through the whole pipeline again and again, and says whether it was confirmed",
      timeout: TIMEOUT,
      environment: canaryEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        confirmationUrl: referenceMerchant.canaryUrl,
        ...rowKeySettings(settings),
        withinSeconds: settings.objectives.withinSeconds,
        everyMinutes: settings.canary.everyMinutes,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.canary),
      }),
    });
    canary.allow(["dynamodb:GetItem", "dynamodb:PutItem"], [transactions.table.tableArn]);
    canary.allow(["dynamodb:UpdateItem"], [merchants.table.tableArn]);
    keys.grantUse(canary);

    canary.configureAsyncInvoke(NO_RETRY);
    new Rule(this, "EveryMinute", {
      description: "Runs canary",
      schedule: Schedule.rate(Duration.minutes(settings.canary.everyMinutes)),
      targets: [new LambdaFunction(canary, NO_RETRY)],
    });
  }
}
