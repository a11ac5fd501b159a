/**
 * What the reference merchant remembers: every `webhook-id` it has taken, so that a second delivery is known as one.
 */
import { AttributeType, BillingMode, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Construct } from "constructs";
import { physicalName } from "../../core/settings/physical-names.ts";
import { RECEIVED_CONFIRMATIONS_TABLE_NAME, TIME_TO_LIVE } from "../../core/settings/names.ts";
import { type StageProps } from "../stack/stage.ts";
import { durable } from "../stack/removal-policy.ts";

export class ReceivedConfirmations extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, RECEIVED_CONFIRMATIONS_TABLE_NAME),
      partitionKey: { name: "webhookId", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: TIME_TO_LIVE,
      removalPolicy: durable(settings),
    });
  }
}
