/**
 * `confirmations.fifo`, which carries ids of pending confirmations to the workers, `confirmations-ordered.fifo`, which
 * carries those of rows with an ordering key, and `confirmations-dl.fifo`, where those end that were given up. All in
 * high-throughput mode: the limit counts per message group, and deduplication does too.
 */
import { Duration, Stack } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
  RedrivePermission,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { CONFIRMATIONS_QUEUE_NAME, DEAD_LETTER_QUEUE_NAME, ORDERED_QUEUE_NAME } from "../../core/settings/names.ts";
import { MAX_RECEIVES } from "../../core/transaction/ordering.ts";
import { visibilitySecondsFor } from "../../core/retry/visibility.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

/**
 * Receives after which SQS itself quarantines a message. High, because a receive is no attempt: a stopping worker gives
 * back what it has not started. Attempts are counted in the table; this catches only a message that no worker lives to
 * handle.
 */
const MAX_RECEIVE_COUNT = 100;

export class ConfirmationQueues extends Construct {
  readonly confirmations: Queue;
  readonly ordered: Queue;
  readonly deadLetters: Queue;
  readonly visibilitySeconds: number;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.visibilitySeconds = visibilitySecondsFor(settings);
    const shape = {
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      enforceSSL: true,
      retentionPeriod: Duration.days(settings.retention.queueDays),
      removalPolicy: durable(settings),
    } as const satisfies QueueProps;

    this.deadLetters = new Queue(this, "DeadLetters", {
      ...shape,
      queueName: physicalName(settings, DEAD_LETTER_QUEUE_NAME),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [
          this.#byName("ConfirmationsByName", physicalName(settings, CONFIRMATIONS_QUEUE_NAME)),
          this.#byName("OrderedByName", physicalName(settings, ORDERED_QUEUE_NAME)),
        ],
      },
    });
    this.confirmations = new Queue(this, "Confirmations", {
      ...shape,
      queueName: physicalName(settings, CONFIRMATIONS_QUEUE_NAME),
      visibilityTimeout: Duration.seconds(this.visibilitySeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    // As many as SQS allows: what is taken from the head of a group sets free what is behind it.
    this.ordered = new Queue(this, "Ordered", {
      ...shape,
      queueName: physicalName(settings, ORDERED_QUEUE_NAME),
      visibilityTimeout: Duration.seconds(this.visibilitySeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }

  /** As programs have them in their environment. */
  get urls() {
    return {
      confirmationsQueueUrl: this.confirmations.queueUrl,
      orderedQueueUrl: this.ordered.queueUrl,
      deadLetterQueueUrl: this.deadLetters.queueUrl,
    };
  }

  /** The queues' policies name each other; by name instead of by reference, or neither could be created first. */
  #byName(id: string, resource: string) {
    return Queue.fromQueueArn(this, id, Stack.of(this).formatArn({ service: "sqs", resource }));
  }
}
