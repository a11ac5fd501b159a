/**
 * `confirmation-transactions`: in small-account mode what calls merchants, in the place of the workers. Both queues
 * trigger it, and that of calls by hand, each with a bound of its own, so that none takes all executions. It runs in no
 * VPC: it reaches merchants from whichever addresses Lambda has, and nothing of it is paid by the hour.
 */
import { Duration } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { functionTimeoutSecondsFor } from "../../core/retry/visibility.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import {
  CALL_EXECUTIONS,
  confirmationTransactionsEnvironment,
  ORDERED_EXECUTIONS,
} from "../../lambdas/confirmation-transactions/environment.ts";
import { channelPolicies } from "../program/channel-policies.ts";
import { channelVariables } from "../program/channels-environment.ts";
import { deliveryValues, type DeliveryValuesProps } from "../program/delivery-values.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import { copiesPolicy } from "../jobs/copies-policy.ts";
import { originsPolicy } from "../merchants/origins-policy.ts";
import type { SigningKeys } from "../signing-keys/signing-keys.ts";
import type { StageProps } from "../stack/stage.ts";

/** As many as Lambda takes from a FIFO queue (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const BATCH_SIZE = 10;
const CALLS_A_BATCH = 5;

export interface ConfirmationTransactionsProps extends StageProps, DeliveryValuesProps {
  readonly signingKeys: SigningKeys;
}

export class ConfirmationTransactions extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: ConfirmationTransactionsProps) {
    super(scope, id);
    const { settings, queues, signingKeys, jobs } = props;
    const executions = settings.lambda.maximumConcurrency;
    const caller = new PipelineFunction(this, "Function", {
      ...props,
      program: "confirmationTransactions",
      description: "Confirms transactions at their merchants' webhooks, in small-account mode",
      timeout: Duration.seconds(functionTimeoutSecondsFor(settings)),
      memoryMiB: settings.lambda.memoryMiB,
      environment: {
        ...confirmationTransactionsEnvironment.write({
          ...deliveryValues(props),
          masterKeysSecretArn: signingKeys.masterKeys.secretArn,
          executions,
          publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.confirmationTransactions),
        }),
        ...channelVariables(settings),
      },
    });
    this.function = caller;
    this.#allow(caller, props);
    for (const [queue, maxConcurrency] of [
      [queues.confirmations, executions],
      [queues.ordered, ORDERED_EXECUTIONS],
    ] as const)
      caller.addEventSource(
        new SqsEventSource(queue, { batchSize: BATCH_SIZE, maxConcurrency, reportBatchItemFailures: true }),
      );
    if (jobs === undefined) return;
    const bound = { batchSize: CALLS_A_BATCH, maxConcurrency: CALL_EXECUTIONS };
    caller.addEventSource(new SqsEventSource(jobs.calls, { ...bound, reportBatchItemFailures: true }));
  }

  #allow(caller: PipelineFunction, props: ConfirmationTransactionsProps): void {
    const { transactions, merchants, gates, queues, signingKeys, keys, jobs, journal } = props;
    caller.allow(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"], [transactions.table.tableArn]);
    caller.allow(["dynamodb:BatchGetItem"], [merchants.table.tableArn]);
    caller.allow(["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], [gates.table.tableArn]);
    caller.allow(["sqs:SendMessage"], [queues.ordered.queueArn, queues.deadLetters.queueArn]);
    if (jobs !== undefined) {
      caller.allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
      caller.addToRolePolicy(copiesPolicy(jobs.table.tableArn, "dynamodb:PutItem"));
      caller.addToRolePolicy(originsPolicy(merchants.table.tableArn));
    }
    caller.allow(["secretsmanager:GetSecretValue"], [signingKeys.masterKeys.secretArn]);
    const policies = [...channelPolicies(props.settings), ...journal.policies(this)];
    for (const statement of policies) caller.addToRolePolicy(statement);
    keys.grantUse(caller);
    keys.grantOpenConnections(caller);
  }
}
