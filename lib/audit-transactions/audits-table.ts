/**
 * The `Audits` table: how far audits are, and the newest manifest of each merchant, to which the next one is chained.
 */
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { AUDITS_TABLE_NAME, TIME_TO_LIVE } from "../../core/settings/names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

export class AuditsTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, AUDITS_TABLE_NAME),
      partitionKey: { name: "auditId", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy: durable(settings),
    });
  }
}
