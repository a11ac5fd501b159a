/**
 * The `Jobs` table: what somebody asked for that takes longer than a request, and what came of it. And two queues,
 * whose messages only say that there is work; the table says all else, so that a queue may lose or repeat messages:
 * `merchant-calls`, calls of merchants such as test events, since only the program that delivers dials merchants; and
 * `job-parts`, parts of jobs, for `run-jobs`.
 */
import { Duration, Validations } from "aws-cdk-lib";
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { JOB_ROW } from "../../core/jobs/job.ts";
import {
  JOB_PARTS_QUEUE_NAME,
  JOBS_INDEX,
  JOBS_TABLE_NAME,
  MERCHANT_CALLS_QUEUE_NAME,
  TIME_TO_LIVE,
} from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { VISIBILITY_SECONDS } from "../../core/jobs/slice-times.ts";
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
  readonly parts: Queue;

  constructor(scope: Construct, id: string, { settings, keys, visibilitySeconds }: JobsProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, JOBS_TABLE_NAME),
      partitionKey: { name: JOB_ROW.jobId, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy: durable(settings),
    });
    // Sparse: parts of jobs, and calls, are not in it.
    this.table.addGlobalSecondaryIndex({
      indexName: JOBS_INDEX,
      partitionKey: { name: JOB_ROW.listedAs, type: AttributeType.STRING },
      sortKey: { name: JOB_ROW.listedAt, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    const shape = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: keys.data,
      enforceSSL: true,
      removalPolicy: durable(settings),
    } as const;
    this.calls = new Queue(this, "MerchantCalls", {
      ...shape,
      queueName: physicalName(settings, MERCHANT_CALLS_QUEUE_NAME),
      retentionPeriod: KEPT,
      visibilityTimeout: Duration.seconds(visibilitySeconds),
    });
    Validations.of(this.calls).acknowledge({
      id: "AwsSolutions-SQS3",
      reason:
        "A call that was not made within a minute is never made, and its row in the table Jobs says so; what nobody " +
        "handled is gone after an hour. A dead letter would say nothing more, and nobody may put one back.",
    });
    this.parts = new Queue(this, "Parts", {
      ...shape,
      queueName: physicalName(settings, JOB_PARTS_QUEUE_NAME),
      retentionPeriod: Duration.days(settings.retention.queueDays),
      visibilityTimeout: Duration.seconds(VISIBILITY_SECONDS),
    });
    Validations.of(this.parts).acknowledge({
      id: "AwsSolutions-SQS3",
      reason:
        "A part is tried again for as long as messages are kept; an alarm says that the function fails. To resume a " +
        "job sends messages for all its parts, so that a dead letter would be of no use.",
    });
  }

  get indexArn(): string {
    return `${this.table.tableArn}/index/${JOBS_INDEX}`;
  }
}
