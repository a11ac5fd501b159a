/**
 * Events for other services: the topic `confirmation-events`, and `publish-events`, which publishes to it what the
 * streams of transactions and of merchants' health tell. DynamoDB lets two read a stream at once; of the table's this
 * is the second. Only there where the settings ask for it.
 */
import { Duration } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { FilterCriteria, FilterRule } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { OTHER_ITEMS } from "../../core/events/merchant-events.ts";
import { eventsSource } from "../../core/settings/events-source.ts";
import { EVENTS_TOPIC_NAME, FUNCTION_NAMES } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { publishEventsEnvironment } from "../../lambdas/publish-events/environment.ts";
import type { MerchantGates } from "../merchants/merchant-gates.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import { retriedStream } from "../program/retried-stream.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";

const TIMEOUT = Duration.seconds(60);

export interface ConfirmationEventsProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly gates: MerchantGates;
  /** Where Lambda puts records that could not be handled for hours. */
  readonly setAside: Bucket;
}

export class ConfirmationEvents extends Construct {
  readonly topic: Topic;
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: ConfirmationEventsProps) {
    super(scope, id);
    const { transactions, gates, settings, keys } = props;
    this.topic = new Topic(this, "Topic", {
      topicName: physicalName(settings, EVENTS_TOPIC_NAME),
      displayName: "Confirmation events",
      masterKey: keys.data,
      enforceSSL: true,
    });
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "publishEvents",
      description: "Publishes what was recorded of transactions and merchants to the topic of events",
      timeout: TIMEOUT,
      environment: publishEventsEnvironment.write({
        eventsTopicArn: this.topic.topicArn,
        eventsSource: eventsSource(settings),
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.publishEvents),
      }),
    });
    this.function.allow(["sns:Publish"], [this.topic.topicArn]);
    keys.grantUse(this.function);
    const { batchingWindowSeconds, merchantWindowSeconds } = settings.events;
    const shared = retriedStream(this.function, props.setAside);
    this.function.addEventSource(
      new DynamoEventSource(transactions.table as ITable, {
        ...shared,
        maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
        parallelizationFactor: settings.stream.lanesPerShard,
      }),
    );
    // As they were too: an item that is gone, or a lease that was given back, has no attribute to go by any more.
    const others = Object.entries(OTHER_ITEMS).map(
      ([name, type]) => [name, { [type]: FilterRule.notExists() }] as const,
    );
    const image = Object.fromEntries(others);
    this.function.addEventSource(
      new DynamoEventSource(gates.table as ITable, {
        ...shared,
        filters: [FilterCriteria.filter({ dynamodb: { NewImage: image, OldImage: image } })],
        maxBatchingWindow: Duration.seconds(merchantWindowSeconds),
      }),
    );
  }
}
