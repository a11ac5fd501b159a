/**
 * The `MerchantGates` table: circuit, pause, disabled URLs and rate of each merchant that is or was in trouble; written
 * by the pipeline and by operators, apart from `Merchants`, which belongs to whoever registers them. It can be lost:
 * health rows are then open, and what waits is noted again by the next transaction that has to wait, or found by the
 * audit.
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
import { MERCHANT_HEALTH_ATTRIBUTES } from "../../core/merchant/merchant-health.ts";
import { MERCHANT_GATES_TABLE_NAME, WAITING_INDEX } from "../../core/settings/names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

export class MerchantGates extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, MERCHANT_GATES_TABLE_NAME),
      partitionKey: { name: "merchantId", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      // Read by `publish-events` alone.
      ...(settings.events.enabled && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: durable(settings),
    });
    // Sparse: only health rows for which something waits have the attribute. Without the tokens of rate limits, which
    // change ten times a second: an index that cannot follow throttles its table.
    this.table.addGlobalSecondaryIndex({
      indexName: WAITING_INDEX,
      partitionKey: { name: "waitingKey", type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: [...MERCHANT_HEALTH_ATTRIBUTES],
    });
  }

  get waitingIndexArn(): string {
    return `${this.table.tableArn}/index/${WAITING_INDEX}`;
  }
}
