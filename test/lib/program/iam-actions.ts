/**
 * What AWS asks a role for: per call of the SDK the action and the kind of resource, and what roles need beside their
 * program's calls.
 */
import type { ProgramName } from "../../../lib/program/bundle.ts";

/** `<action> on <kind>`, one or more for a call. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  BatchGetItemCommand: ["dynamodb:BatchGetItem on table"],
  // Its permissions are those of its statements.
  BatchExecuteStatementCommand: [],
  "PartiQL INSERT": ["dynamodb:PartiQLInsert on table"],
  "PartiQL UPDATE": ["dynamodb:PartiQLUpdate on table"],
  GetItemCommand: ["dynamodb:GetItem on table"],
  PutItemCommand: ["dynamodb:PutItem on table"],
  PutCommand: ["dynamodb:PutItem on table"],
  UpdateItemCommand: ["dynamodb:UpdateItem on table"],
  DeleteItemCommand: ["dynamodb:DeleteItem on table"],
  QueryCommand: ["dynamodb:Query on index"],
  GetCommand: ["dynamodb:GetItem on table"],
  // Each of its writes needs its own permission; all of them are puts.
  TransactWriteCommand: ["dynamodb:PutItem on table"],
  // The act and its entry of the audit log: acts are puts, updates, and checks of other rows.
  TransactWriteItemsCommand: ["dynamodb:PutItem on table", "dynamodb:UpdateItem on table"],
  // Of the table, or of the index that it names.
  ScanCommand: ["dynamodb:Scan on index", "dynamodb:Scan on table"],
  DescribeTableCommand: ["dynamodb:DescribeTable on table"],
  DescribeTimeToLiveCommand: ["dynamodb:DescribeTimeToLive on table"],
  UpdateTimeToLiveCommand: ["dynamodb:UpdateTimeToLive on table"],
  DescribeStreamCommand: ["dynamodb:DescribeStream on stream"],
  GetShardIteratorCommand: ["dynamodb:GetShardIterator on stream"],
  GetRecordsCommand: ["dynamodb:GetRecords on stream"],
  PutObjectCommand: ["s3:PutObject on bucket"],
  GetObjectCommand: ["s3:GetObject on bucket"],
  // That there is none is told to whoever may list.
  HeadObjectCommand: ["s3:GetObject on bucket", "s3:ListBucket on bucket"],
  CreateMultipartUploadCommand: ["s3:PutObject on bucket"],
  UploadPartCommand: ["s3:PutObject on bucket"],
  CompleteMultipartUploadCommand: ["s3:PutObject on bucket"],
  AbortMultipartUploadCommand: ["s3:AbortMultipartUpload on bucket"],
  ListObjectsV2Command: ["s3:ListBucket on bucket"],
  ReceiveMessageCommand: ["sqs:ReceiveMessage on queue"],
  SendMessageCommand: ["sqs:SendMessage on queue"],
  SendMessageBatchCommand: ["sqs:SendMessage on queue"],
  DeleteMessageBatchCommand: ["sqs:DeleteMessage on queue"],
  ChangeMessageVisibilityBatchCommand: ["sqs:ChangeMessageVisibility on queue"],
  PublishBatchCommand: ["sns:Publish on topic"],
  EncryptCommand: ["kms:Encrypt on key of merchants' secrets"],
  DecryptCommand: ["kms:Decrypt on key of merchants' secrets"],
  GetSecretValueCommand: ["secretsmanager:GetSecretValue on secret"],
  GetQueueAttributesCommand: ["sqs:GetQueueAttributes on queue"],
  DescribeStacksCommand: ["cloudformation:DescribeStacks on stack"],
  DescribeStackEventsCommand: ["cloudformation:DescribeStackEvents on stack"],
  UpdateTableCommand: ["dynamodb:UpdateTable on table"],
  CreateServiceLinkedRoleCommand: ["iam:CreateServiceLinkedRole on service-linked role"],
  ListObjectVersionsCommand: ["s3:ListBucketVersions on bucket"],
  DeleteObjectsCommand: ["s3:DeleteObject on bucket", "s3:DeleteObjectVersion on bucket"],
  GetMetricDataCommand: ["cloudwatch:GetMetricData on anything"],
  DescribeAlarmsCommand: ["cloudwatch:DescribeAlarms on anything"],
  GetInsightRuleReportCommand: ["cloudwatch:GetInsightRuleReport on insight rule"],
  BatchGetTracesCommand: ["xray:BatchGetTraces on anything"],
  GetTraceSummariesCommand: ["xray:GetTraceSummaries on anything"],
};

/** Of a file by its version. */
const READS_VERSIONS = ["s3:GetObject on bucket", "s3:GetObjectVersion on bucket"];

/** Of a file that is locked for a time of its own. */
const LOCKS = ["s3:PutObject on bucket", "s3:PutObjectRetention on bucket"];

/** Where a program's call is for something else than others' of the same name. */
const ACTIONS_OF: Readonly<Partial<Record<ProgramName, typeof ACTIONS>>> = {
  confirmationWorker: { PutObjectCommand: LOCKS },
  confirmationTransactions: { PutObjectCommand: LOCKS },
  receiveAcknowledgements: { PutObjectCommand: LOCKS },
  receiveReceipts: { PutObjectCommand: LOCKS },
  confirmationsApi: {
    PutObjectCommand: LOCKS,
    QueryCommand: ["dynamodb:Query on index", "dynamodb:Query on table"],
    ScanCommand: ["dynamodb:Scan on table"],
  },
  // Of tables alone, never of the due index.
  runJobs: { ScanCommand: ["dynamodb:Scan on table"], GetObjectCommand: READS_VERSIONS },
  importTransactions: { GetObjectCommand: READS_VERSIONS },
};

export function actionsFor(calls: ReadonlySet<string>, program?: ProgramName): readonly string[] {
  const own = program === undefined ? undefined : ACTIONS_OF[program];
  const actions = [...calls].flatMap((call) => {
    const needed = own?.[call] ?? ACTIONS[call];
    if (needed === undefined) {
      throw new Error(
        `No permission is known for the call ${call}. Expected it in ACTIONS of test/lib/program/iam-actions.ts: ` +
          "add it there and allow its action in lib/.",
      );
    }
    return needed;
  });
  return [...new Set(actions)].toSorted();
}

/** Tables, queues and secrets are encrypted with the data key, which is used in the name of whoever calls. */
const ENCRYPTION = [
  "kms:Decrypt on key",
  "kms:DescribeKey on key",
  "kms:Encrypt on key",
  "kms:GenerateDataKey on key",
  "kms:ReEncryptFrom on key",
  "kms:ReEncryptTo on key",
];
/** Lambda logs and traces in the name of the function. */
const LOGS_AND_TRACES = [
  "logs:CreateLogStream on log group",
  "logs:PutLogEvents on log group",
  "xray:PutTelemetryRecords on anything",
  "xray:PutTraceSegments on anything",
];
/** Lambda reads the stream, and sets aside what it gives up on, in the name of the function. */
const STREAM = [
  "dynamodb:DescribeStream on stream",
  "dynamodb:GetRecords on stream",
  "dynamodb:GetShardIterator on stream",
  "dynamodb:ListStreams on anything",
];
const EVENT_SOURCE = [...STREAM, "s3:ListBucket on bucket", "s3:PutObject on bucket"];

/** Lambda takes the messages of the queue that triggers the function in the function's name. */
export const QUEUE_SOURCE: readonly string[] = [
  "sqs:ChangeMessageVisibility on queue",
  "sqs:DeleteMessage on queue",
  "sqs:GetQueueAttributes on queue",
  "sqs:GetQueueUrl on queue",
  "sqs:ReceiveMessage on queue",
];

export const PLUMBING: Readonly<Record<ProgramName, readonly string[]>> = {
  streamTransactions: [...ENCRYPTION, ...LOGS_AND_TRACES, ...EVENT_SOURCE],
  confirmationTransactions: [...ENCRYPTION, ...LOGS_AND_TRACES, ...QUEUE_SOURCE],
  releaseDue: [...ENCRYPTION, ...LOGS_AND_TRACES],
  confirmationWebhook: [...ENCRYPTION, ...LOGS_AND_TRACES],
  insertFakeTransactions: [...ENCRYPTION, ...LOGS_AND_TRACES],
  signingKeys: [...ENCRYPTION, ...LOGS_AND_TRACES],
  receiveAcknowledgements: [...ENCRYPTION, ...LOGS_AND_TRACES],
  receiveReceipts: [...ENCRYPTION, ...LOGS_AND_TRACES, ...QUEUE_SOURCE],
  auditTransactions: [...ENCRYPTION, ...LOGS_AND_TRACES, ...QUEUE_SOURCE],
  // S3 takes a file in the name of whoever signed the form that it came with.
  confirmationsApi: [...ENCRYPTION, ...LOGS_AND_TRACES, "s3:PutObject on bucket"],
  merchantSecrets: [...ENCRYPTION, ...LOGS_AND_TRACES],
  apiAuthorizer: LOGS_AND_TRACES,
  publishEvents: [...ENCRYPTION, ...LOGS_AND_TRACES, ...EVENT_SOURCE],
  auditLogChain: [...ENCRYPTION, ...LOGS_AND_TRACES, ...STREAM],
  runJobs: [...ENCRYPTION, ...LOGS_AND_TRACES, ...QUEUE_SOURCE],
  importTransactions: [...ENCRYPTION, ...LOGS_AND_TRACES],
  canary: [...ENCRYPTION, ...LOGS_AND_TRACES],
  deploymentGuard: LOGS_AND_TRACES,
  emptyBuckets: LOGS_AND_TRACES,
  confirmationWorker: [...ENCRYPTION, "xray:PutTelemetryRecords on anything", "xray:PutTraceSegments on anything"],
};
