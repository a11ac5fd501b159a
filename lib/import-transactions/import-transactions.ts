/**
 * Import of files: the bucket that they are uploaded to, where exports are too, and `import-transactions`, which the
 * bucket's event starts. It looks each through, cuts it into blocks, and makes a job of it; `run-jobs` works on the
 * blocks. At rest it does nothing.
 */
import { type CfnElement, Duration, Stack, Validations } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct, type IConstruct } from "constructs";
import { EXPORTS_FOLDER, RESULTS_FOLDER, UPLOADS_FOLDER, WORK_FOLDER } from "../../core/imports/file-keys.ts";
import { importTransactionsEnvironment } from "../../lambdas/import-transactions/environment.ts";
import type { Jobs } from "../jobs/jobs.ts";
import { PipelineFunction } from "../program/pipeline-function.ts";
import type { StageProps } from "../stack/stage.ts";
import { ImportsBucket } from "./imports-bucket.ts";

/** The longest that Lambda knows: the largest file is passed through in a minute or two. */
const TIMEOUT = Duration.minutes(15);
/** Time, not memory, is what it wants; it takes a tenth of this whatever the file has. */
const MEMORY_MIB = 1024;
/** A file is looked through again from the start, which comes to the same. */
const RETRY = { retryAttempts: 2, maxEventAge: Duration.hours(6) } as const;

export interface ImportTransactionsProps extends StageProps {
  readonly jobs: Jobs;
}

export class ImportTransactions extends Construct {
  readonly bucket: Bucket;
  readonly function: PipelineFunction;

  constructor(scope: Construct, id: string, props: ImportTransactionsProps) {
    super(scope, id);
    const { keys, jobs } = props;
    this.bucket = new ImportsBucket(this, "Files", props).bucket;
    this.function = new PipelineFunction(this, "Function", {
      ...props,
      program: "importTransactions",
      description: "Cuts a file that was uploaded into blocks, and makes a job of it",
      timeout: TIMEOUT,
      memoryMiB: MEMORY_MIB,
      environment: importTransactionsEnvironment.write({
        jobsTable: jobs.table.tableName,
        jobPartsQueueUrl: jobs.parts.queueUrl,
        importsBucket: this.bucket.bucketName,
      }),
    });
    this.function.allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [jobs.table.tableArn]);
    this.function.allow(["sqs:SendMessage"], [jobs.parts.queueArn]);
    this.function.allow(["s3:GetObject", "s3:GetObjectVersion"], [this.#folder(UPLOADS_FOLDER)]);
    this.function.allow(["s3:PutObject"], [this.#folder(WORK_FOLDER)]);
    keys.grantUse(this.function);
    this.#acknowledge(this, [UPLOADS_FOLDER, WORK_FOLDER]);
    this.function.configureAsyncInvoke(RETRY);
    new Rule(this, "Uploaded", {
      description: "Starts import-transactions",
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [this.bucket.bucketName] }, object: { key: [{ prefix: UPLOADS_FOLDER }] } },
      },
      targets: [new LambdaFunction(this.function, RETRY)],
    });
  }

  /** For the function that works on blocks: reads files, keeps what was rejected, and writes exports. */
  grantWork(program: PipelineFunction, scope: IConstruct): void {
    this.#acknowledge(scope, [UPLOADS_FOLDER, WORK_FOLDER, RESULTS_FOLDER, EXPORTS_FOLDER]);
    program.allow(["s3:GetObject", "s3:GetObjectVersion"], [this.#folder(UPLOADS_FOLDER)]);
    program.allow(["s3:GetObject", "s3:PutObject"], [this.#folder(WORK_FOLDER)]);
    program.allow(["s3:AbortMultipartUpload", "s3:PutObject"], [this.#folder(RESULTS_FOLDER)]);
    // It looks whether a file is there that it has completed before.
    program.allow(["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], [this.#folder(EXPORTS_FOLDER)]);
    // By the folder of an import, of which there may be thousands.
    program.allow(["s3:ListBucket"], [this.bucket.bucketArn]);
  }

  /** For the API, in whose name files are uploaded, and rejected rows and exports are read. */
  grantUpload(program: PipelineFunction, scope: IConstruct): void {
    this.#acknowledge(scope, [UPLOADS_FOLDER, RESULTS_FOLDER, EXPORTS_FOLDER]);
    program.allow(["s3:PutObject"], [this.#folder(UPLOADS_FOLDER)]);
    program.allow(["s3:GetObject"], [this.#folder(RESULTS_FOLDER), this.#folder(EXPORTS_FOLDER)]);
  }

  #acknowledge(scope: IConstruct, folders: readonly string[]): void {
    const logicalId = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnElement);
    for (const folder of folders)
      Validations.of(scope).acknowledge({
        id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${folder}*]`,
        reason: "Files are named by the import, of which each has a name of its own.",
      });
  }

  #folder(name: string): string {
    return this.bucket.arnForObjects(`${name}*`);
  }
}
