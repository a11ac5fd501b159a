/**
 * Receipts of messages that were sent by mail, SMS or WhatsApp: the topic that the services publish to, a queue that is
 * subscribed to it, and `receive-receipts`, which records them. And the configuration sets of SES and of SMS, whose
 * events go there. Only there where the settings have such a kind of channel. SNS repeats what its queue does not take,
 * the queue what the function does not record; what is left after that is a dead letter, and has an alarm.
 */
import { Duration } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { CfnConfigurationSet, CfnConfigurationSetEventDestination } from "aws-cdk-lib/aws-ses";
import { CfnConfigurationSet as CfnSmsConfigurationSet } from "aws-cdk-lib/aws-smsvoice";
import { Subscription, SubscriptionProtocol } from "aws-cdk-lib/aws-sns";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { ReceiptedKind } from "../../core/settings/groups/channels.ts";
import {
  FUNCTION_NAMES,
  RECEIPTS_CONFIGURATION_SET,
  RECEIPTS_DEAD_LETTER_QUEUE_NAME,
  RECEIPTS_QUEUE_NAME,
} from "../../core/settings/names.ts";
import { countedCampaigns } from "../../core/settings/campaign-metrics.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { publishedMetrics } from "../../core/settings/published-metrics.ts";
import { receiveReceiptsEnvironment } from "../../lambdas/receive-receipts/environment.ts";
import type { JournalAccess } from "../journal/journal-access.ts";
import type { MerchantsTable } from "../merchants/merchants-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";
import type { TransactionsTable } from "../transactions/transactions-table.ts";
import { ReceiptsTopic } from "./receipts-topic.ts";

const TIMEOUT = Duration.seconds(10);
/**
 * As Lambda asks for: six times the time that its function may take (Lambda Developer Guide, "Using Lambda with Amazon
 * SQS").
 */
const VISIBILITY = Duration.seconds(60);
/** A throttled table, or a send that is not recorded yet, has ten minutes. */
const MAX_RECEIVE_COUNT = 10;
const BATCH_SIZE = 10;
/** Executions at once: receipts must not take what confirms. */
const MOST_EXECUTIONS = 10;

/** What says that a mail arrived or did not; what is sent, opened or late is nothing that a step waits for. */
const EMAIL_EVENTS = ["delivery", "bounce", "complaint", "reject"];
const DESTINATION = "receipts";

export interface ReceiveReceiptsProps extends StageProps {
  readonly transactions: TransactionsTable;
  readonly merchants: MerchantsTable;
  readonly journal: JournalAccess;
  /** Those of the settings, one at least. */
  readonly kinds: readonly ReceiptedKind[];
}

export class ReceiveReceipts extends Construct {
  readonly topic: ReceiptsTopic;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: ReceiveReceiptsProps) {
    super(scope, id);
    const { settings, keys, transactions, merchants, journal, kinds } = props;
    this.topic = new ReceiptsTopic(this, "Topic", props);
    const shape = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.operations,
      enforceSSL: true,
      retentionPeriod: Duration.days(settings.retention.queueDays),
      removalPolicy: durable(settings),
    } as const satisfies QueueProps;
    this.deadLetters = new Queue(this, "DeadLetters", {
      ...shape,
      queueName: physicalName(settings, RECEIPTS_DEAD_LETTER_QUEUE_NAME),
    });
    const queue = new Queue(this, "Queue", {
      ...shape,
      queueName: physicalName(settings, RECEIPTS_QUEUE_NAME),
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.#subscribe(queue, props);

    const receiver = new PipelineFunction(this, "Function", {
      ...props,
      program: "receiveReceipts",
      description: "Records what became of messages that were sent by mail, SMS or WhatsApp",
      timeout: TIMEOUT,
      environment: receiveReceiptsEnvironment.write({
        transactionsTable: transactions.table.tableName,
        merchantsTable: merchants.table.tableName,
        settledDays: settings.retention.settledDays,
        journal: journal.values,
        publishedMetrics: publishedMetrics(settings.delivery.mode, FUNCTION_NAMES.receiveReceipts),
        campaigns: countedCampaigns(settings),
      }),
    });
    receiver.allow(["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"], [transactions.table.tableArn]);
    receiver.allow(["dynamodb:BatchGetItem"], [merchants.table.tableArn]);
    for (const statement of journal.policies(this)) receiver.addToRolePolicy(statement);
    keys.grantUse(receiver);
    receiver.addEventSource(
      new SqsEventSource(queue, {
        batchSize: BATCH_SIZE,
        maxConcurrency: MOST_EXECUTIONS,
        reportBatchItemFailures: true,
      }),
    );
    if (kinds.includes("email")) this.#publishOfEmail(props);
    if (kinds.includes("sms")) this.#publishOfSms(props);
  }

  /**
   * In the place of `SqsSubscription`, which would name the topic in the policy of the key that encrypts the topic:
   * neither could be made before the other.
   */
  #subscribe(queue: Queue, { keys }: ReceiveReceiptsProps): void {
    const { topic, deadLetters } = this;
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal("sns.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { "aws:SourceArn": topic.topicArn } },
      }),
    );
    keys.admitPublisher("sns.amazonaws.com");
    new Subscription(this, "Subscription", {
      topic,
      protocol: SubscriptionProtocol.SQS,
      endpoint: queue.queueArn,
      rawMessageDelivery: true,
      deadLetterQueue: deadLetters,
    });
  }

  #publishOfEmail({ settings }: ReceiveReceiptsProps): void {
    const set = new CfnConfigurationSet(this, "EmailConfigurationSet", {
      name: physicalName(settings, RECEIPTS_CONFIGURATION_SET),
      // What bounced or complained is not sent to again, whatever the account's own list is set to.
      suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      deliveryOptions: { tlsPolicy: "REQUIRE" },
    });
    const destination = new CfnConfigurationSetEventDestination(this, "EmailEvents", {
      configurationSetName: set.ref,
      eventDestination: {
        name: DESTINATION,
        enabled: true,
        matchingEventTypes: EMAIL_EVENTS,
        snsDestination: { topicArn: this.topic.topicArn },
      },
    });
    // SES looks whether it may publish there.
    destination.node.addDependency(this.topic);
  }

  #publishOfSms({ settings }: ReceiveReceiptsProps): void {
    const set = new CfnSmsConfigurationSet(this, "SmsConfigurationSet", {
      configurationSetName: physicalName(settings, RECEIPTS_CONFIGURATION_SET),
      eventDestinations: [
        {
          eventDestinationName: DESTINATION,
          enabled: true,
          matchingEventTypes: ["TEXT_ALL"],
          snsDestination: { topicArn: this.topic.topicArn },
        },
      ],
    });
    set.node.addDependency(this.topic);
  }
}
