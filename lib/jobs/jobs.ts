/**
 * The `Jobs` table: what somebody asked for that takes longer than a request, and what came of it. And the queue
 * `merchant-calls`: calls of merchants that jobs ask for, such as test events, since only the program that delivers
 * dials merchants. A message only says that there is a job; the row says all else. So the queue may lose or repeat
 * messages, and has no dead letters: a call is made within a minute or not at all, and the row says what became of it.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { JOBS_TABLE_NAME, MERCHANT_CALLS_QUEUE_NAME, TIME_TO_LIVE } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";

/** For as long a job that expired is still recorded as such by whoever receives it. */
const KEPT = Duration.hours(1);

export interface JobsProps extends StageProps {
  /** As long as a function that the queue triggers asks for. */
  readonly visibilitySeconds: number;
}

export class Jobs extends Construct {
  readonly table: Table;
  readonly calls: Queue;

  constructor(scope: Construct, id: string, { settings, keys, visibilitySeconds }: JobsProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, JOBS_TABLE_NAME),
      partitionKey: { name: "jobId", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy: durable(settings),
    });
    this.calls = new Queue(this, "MerchantCalls", {
      queueName: physicalName(settings, MERCHANT_CALLS_QUEUE_NAME),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      enforceSSL: true,
      retentionPeriod: KEPT,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
      removalPolicy: durable(settings),
    });
    Validations.of(this.calls).acknowledge({
      id: "AwsSolutions-SQS3",
      reason:
        "A call that was not made within a minute is never made, and its row in the table Jobs says so; what nobody " +
        "handled is gone after an hour. A dead letter would say nothing more, and nobody may put one back.",
    });
  }
}
