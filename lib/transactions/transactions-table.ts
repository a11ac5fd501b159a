/**
 * The `Transactions` table: the only truth of the pipeline, everything else can be rebuilt from it. Whoever may write
 * to it is a producer; its stream carries both images, so that the next stage can tell a raised version from the
 * pipeline's own writes.
 */
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { DUE_INDEX, FAILED_INDEX, MERCHANT_INDEX, TRANSACTIONS_TABLE_NAME } from "../../core/settings/names.ts";
import { warmWrites } from "../../core/settings/sizes.ts";
import { type StageProps } from "../stack/stage.ts";
import { leastThroughput, scaleCapacity } from "./table-capacity.ts";
import { durable } from "../stack/removal-policy.ts";

export class TransactionsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    const warm = warmWrites(settings);
    const isProvisioned = settings.capacity.mode === "provisioned";
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, TRANSACTIONS_TABLE_NAME),
      partitionKey: { name: "transactionId", type: AttributeType.STRING },
      billingMode: isProvisioned ? BillingMode.PROVISIONED : BillingMode.PAY_PER_REQUEST,
      ...leastThroughput(settings, "table"),
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: ATTRIBUTES.purgeAt,
      removalPolicy: durable(settings),
      ...warmed(warm.table),
    });
    // Sparse: a terminal transaction has neither attribute and is in no shard.
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: ATTRIBUTES.dueKey, type: AttributeType.STRING },
      sortKey: { name: ATTRIBUTES.dueAt, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
      ...leastThroughput(settings, "due"),
      ...warmed(warm.due),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: MERCHANT_INDEX,
      partitionKey: { name: ATTRIBUTES.merchantKey, type: AttributeType.STRING },
      sortKey: { name: "occurredAt", type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
      ...leastThroughput(settings, "merchant"),
      ...warmed(warm.merchant),
    });
    // Sparse: what was confirmed, or is on its way, is not in it. It is not warmed: what fails may wait a moment.
    this.table.addGlobalSecondaryIndex({
      indexName: FAILED_INDEX,
      partitionKey: { name: ATTRIBUTES.failedKey, type: AttributeType.STRING },
      sortKey: { name: ATTRIBUTES.failedAt, type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
      ...leastThroughput(settings, "failed"),
    });
    scaleCapacity(this.table, settings);
  }

  get dueIndexArn(): string {
    return `${this.table.tableArn}/index/${DUE_INDEX}`;
  }

  get failedIndexArn(): string {
    return `${this.table.tableArn}/index/${FAILED_INDEX}`;
  }

  get merchantIndexArn(): string {
    return `${this.table.tableArn}/index/${MERCHANT_INDEX}`;
  }
}

function warmed(writeUnitsPerSecond: number | undefined) {
  return writeUnitsPerSecond === undefined ? {} : { warmThroughput: { writeUnitsPerSecond } };
}
