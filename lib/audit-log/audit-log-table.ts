/**
 * The `AuditLog` table: who did what, kept for good. Entries come in with the acts that they tell of, in one
 * transaction; nobody, of whatever account and role, may change or delete one. What a put could still do in an entry's
 * place is in the stream with both images, and so in the chain (`lib/audit-log-chain`).
 *
 * A policy of a table may deny calls of data and of PartiQL to everyone (DynamoDB Developer Guide, "API operations
 * supported by resource-based policies"); in a transaction each write is allowed or denied as the call of its own
 * ("Using IAM with DynamoDB transactions"), told apart by `dynamodb:EnclosingOperation`.
 */
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { AUDIT_LOG_TABLE_NAME, RESOURCE_INDEX } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { durable } from "../stack/removal-policy.ts";
import type { StageProps } from "../stack/stage.ts";

/** Whatever changes an entry, takes one away, or writes one without a condition. */
const DENIED = [
  "dynamodb:BatchWriteItem",
  "dynamodb:DeleteItem",
  "dynamodb:PartiQLDelete",
  "dynamodb:PartiQLInsert",
  "dynamodb:PartiQLUpdate",
  "dynamodb:UpdateItem",
  "dynamodb:UpdateTimeToLive",
];

export class AuditLogTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, { settings, keys }: StageProps) {
    super(scope, id);
    this.table = new Table(this, "Table", {
      tableName: physicalName(settings, AUDIT_LOG_TABLE_NAME),
      partitionKey: { name: "day", type: AttributeType.STRING },
      sortKey: { name: "entry", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: keys.data,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: durable(settings),
      resourcePolicy: addOnly(),
    });
    this.table.addGlobalSecondaryIndex({
      indexName: RESOURCE_INDEX,
      partitionKey: { name: "resource", type: AttributeType.STRING },
      sortKey: { name: "entry", type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }

  get resourceIndexArn(): string {
    return `${this.table.tableArn}/index/${RESOURCE_INDEX}`;
  }
}

/** Of this table alone: its own ARN would make the template refer to itself. */
function addOnly(): PolicyDocument {
  const toAll = { effect: Effect.DENY, principals: [new AnyPrincipal()], resources: ["*"] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ sid: "EntriesStay", ...toAll, actions: DENIED }),
      new PolicyStatement({
        sid: "EntriesComeWithTheirActs",
        ...toAll,
        actions: ["dynamodb:PutItem"],
        conditions: { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } },
      }),
    ],
  });
}
