/**
 * The queue of an audit's parts. A message only says that there is work on a part, how far it is is in the `Audits`
 * table; so the queue may lose or repeat messages, and needs no order.
 */
import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { AUDIT_PARTS_DEAD_LETTER_QUEUE_NAME, AUDIT_PARTS_QUEUE_NAME } from "../../core/settings/names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

const MAX_RECEIVE_COUNT = 5;
/**
 * As Lambda asks for: six times the time that its function may take (Lambda Developer Guide, "Using Lambda with Amazon
 * SQS").
 */
const VISIBILITY_FACTOR = 6;

export interface AuditPartsQueueProps extends StageProps {
  readonly timeout: Duration;
}

export class AuditPartsQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { settings, keys, timeout }: AuditPartsQueueProps) {
    super(scope, id);
    const shape = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      enforceSSL: true,
      retentionPeriod: Duration.days(settings.retention.queueDays),
      removalPolicy: durable(settings),
    } as const satisfies QueueProps;
    const deadLetters = new Queue(this, "DeadLetters", {
      ...shape,
      queueName: physicalName(settings, AUDIT_PARTS_DEAD_LETTER_QUEUE_NAME),
    });
    this.queue = new Queue(this, "Parts", {
      ...shape,
      queueName: physicalName(settings, AUDIT_PARTS_QUEUE_NAME),
      visibilityTimeout: Duration.seconds(timeout.toSeconds() * VISIBILITY_FACTOR),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
  }
}
