/**
 * `audit-log-chain`: what comes into the audit log, and what somebody does to it in spite of all, goes into a chain of
 * blocks in the bucket of manifests, which locks them. A change is handed over until it is in.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { CHAIN_FOLDER } from "../../core/audit-log/chain.ts";
import { auditLogChainEnvironment } from "../../lambdas/audit-log-chain/environment.ts";
import type { AuditLogTable } from "../audit-log/audit-log-table.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";

const TIMEOUT = Duration.seconds(60);
/** An entry has a few hundred bytes; whoever reads the chain reads whole blocks. */
const BATCH_SIZE = 100;
const WITHOUT_LIMIT = -1;
/** People do a few things at once: one block tells of them. */
const GATHERED = Duration.seconds(1);

export interface AuditLogChainProps extends StageProps {
  readonly auditLog: AuditLogTable;
  readonly manifests: Bucket;
}

export class AuditLogChain extends Construct {
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: AuditLogChainProps) {
    super(scope, id);
    const { auditLog, manifests, keys } = props;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "auditLogChain",
      description: "Chains the entries of the audit log by hash, in a bucket that locks them",
      timeout: TIMEOUT,
      environment: auditLogChainEnvironment.write({ chainBucket: manifests.bucketName }),
    });
    const blocks = manifests.arnForObjects(`${CHAIN_FOLDER}*`);
    this.function.allow(["s3:GetObject", "s3:PutObject"], [blocks]);
    // Without it S3 answers that there is no such block as if it were forbidden.
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:ListBucket"],
        resources: [manifests.bucketArn],
        conditions: { StringLike: { "s3:prefix": `${CHAIN_FOLDER}*` } },
      }),
    );
    keys.grantUse(this.function);
    this.function.addEventSource(
      new DynamoEventSource(auditLog.table as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: BATCH_SIZE,
        maxBatchingWindow: GATHERED,
        retryAttempts: WITHOUT_LIMIT,
      }),
    );
    const logicalId = Stack.of(this).getLogicalId(manifests.node.defaultChild as CfnElement);
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${CHAIN_FOLDER}*]`,
      reason: "Blocks are named by their number; nothing else is in the folder, and what is there is locked.",
    });
  }
}
