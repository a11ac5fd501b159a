/**
 * The `Merchants` table: confirmation URL, secret or key version, and limits of each merchant.
 * Read by the worker for every batch, written by whoever registers merchants.
 */
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { ID_START } from "../../core/merchant/id-start.ts";
import { MERCHANT_IDS_INDEX, MERCHANTS_TABLE_NAME, TIME_TO_LIVE } from "../../core/settings/names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

export class MerchantsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, MERCHANTS_TABLE_NAME),
      partitionKey: { name: "merchantId", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      // Of those that were deleted.
      timeToLiveAttribute: TIME_TO_LIVE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: durable(settings),
    });
    // Sparse: what else lies in the table, and who was deleted, is not in it. A change of a merchant writes nothing to
    // it, since it has keys alone.
    this.table.addGlobalSecondaryIndex({
      indexName: MERCHANT_IDS_INDEX,
      partitionKey: { name: ID_START, type: AttributeType.STRING },
      sortKey: { name: "merchantId", type: AttributeType.STRING },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  get idsIndexArn(): string {
    return `${this.table.tableArn}/index/${MERCHANT_IDS_INDEX}`;
  }
}
