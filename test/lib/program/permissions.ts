import { afterAll, describe, expect, it } from "@jest/globals";
import { PROGRAMS, type ProgramName } from "../../../lib/program/bundle.ts";
import { AwsCalls } from "./aws-calls.ts";
import { PLUMBING, QUEUE_SOURCE, actionsFor } from "./iam-actions.ts";
import { sourcesOf } from "./program-sources.ts";
import { synthesize } from "../synthesized-stack.ts";
import { TemplatePrograms, templateProgramsOf, WITH_API } from "./template-programs.ts";

const programsWith = templateProgramsOf(synthesize);
const calls = new AwsCalls();
afterAll(() => calls[Symbol.dispose]());

/** Which of a program's calls go where, by physical name; the master keys have none. */
const MEANT: Readonly<Record<ProgramName, Readonly<Record<string, readonly string[]>>>> = {
  streamTransactions: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"],
    Merchants: ["dynamodb:BatchGetItem"],
    "confirmations.fifo": ["sqs:SendMessage"],
    "confirmations-ordered.fifo": ["sqs:SendMessage"],
    "confirmations-dl.fifo": ["sqs:SendMessage"],
  },
  releaseDue: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate", "dynamodb:Query"],
    Merchants: ["dynamodb:BatchGetItem"],
    MerchantGates: ["dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    "confirmations.fifo": ["sqs:GetQueueAttributes", "sqs:SendMessage"],
    "confirmations-ordered.fifo": ["sqs:GetQueueAttributes", "sqs:SendMessage"],
    "confirmations-dl.fifo": ["sqs:SendMessage"],
    Jobs: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    "job-parts": ["sqs:SendMessage"],
    anything: ["cloudwatch:GetMetricData"],
  },
  confirmationWorker: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"],
    Merchants: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
    MerchantGates: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
    "confirmations.fifo": [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ],
    "confirmations-ordered.fifo": [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ],
    "confirmations-dl.fifo": ["sqs:SendMessage"],
    Jobs: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    "merchant-calls": ["sqs:DeleteMessage", "sqs:ReceiveMessage"],
    bucket: ["s3:PutObject", "s3:PutObjectRetention"],
    "key of merchants' secrets": ["kms:Decrypt"],
  },
  confirmationTransactions: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"],
    Merchants: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
    MerchantGates: ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
    "confirmations-ordered.fifo": ["sqs:SendMessage"],
    "confirmations-dl.fifo": ["sqs:SendMessage"],
    bucket: ["s3:PutObject", "s3:PutObjectRetention"],
    Jobs: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    "key of merchants' secrets": ["kms:Decrypt"],
    secret: ["secretsmanager:GetSecretValue"],
  },
  confirmationWebhook: {
    Merchants: ["dynamodb:GetItem"],
    ReceivedConfirmations: ["dynamodb:PutItem"],
    "key of merchants' secrets": ["kms:Decrypt"],
    secret: ["secretsmanager:GetSecretValue"],
  },
  signingKeys: {
    Merchants: ["dynamodb:GetItem"],
    secret: ["secretsmanager:GetSecretValue"],
  },
  receiveAcknowledgements: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"],
    bucket: ["s3:PutObject", "s3:PutObjectRetention"],
    Merchants: ["dynamodb:GetItem"],
    "key of merchants' secrets": ["kms:Decrypt"],
    secret: ["secretsmanager:GetSecretValue"],
  },
  receiveReceipts: {
    Transactions: ["dynamodb:BatchGetItem", "dynamodb:PartiQLUpdate"],
    bucket: ["s3:PutObject", "s3:PutObjectRetention"],
    Merchants: ["dynamodb:BatchGetItem"],
  },
  auditTransactions: {
    Transactions: [
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeTable",
      "dynamodb:PartiQLUpdate",
      "dynamodb:Query",
      "dynamodb:Scan",
      "dynamodb:Scan",
    ],
    Merchants: [
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ],
    MerchantGates: ["dynamodb:UpdateItem"],
    Audits: ["dynamodb:GetItem", "dynamodb:PutItem"],
    "audit-parts": ["sqs:SendMessage"],
    bucket: ["s3:PutObject"],
    secret: ["secretsmanager:GetSecretValue"],
    anything: ["cloudwatch:GetMetricData"],
  },
  confirmationsApi: {
    // It looks for tables that were restored from backups, too.
    Transactions: [
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeTable",
      "dynamodb:DescribeTable",
      "dynamodb:GetItem",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLUpdate",
      "dynamodb:Query",
      "dynamodb:Query",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ],
    Merchants: [
      "dynamodb:BatchGetItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:Scan",
      "dynamodb:UpdateItem",
    ],
    MerchantGates: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    AuditLog: ["dynamodb:PutItem", "dynamodb:Query", "dynamodb:Query"],
    Jobs: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    // Manifests, files of rejected rows, and exports; it may put files of the journal, too.
    bucket: ["s3:GetObject", "s3:GetObject", "s3:GetObject", "s3:ListBucket", "s3:PutObjectRetention"],
    "merchant-calls": ["sqs:SendMessage"],
    "job-parts": ["sqs:SendMessage"],
    "confirmations.fifo": ["sqs:SendMessage"],
    anything: [
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetInsightRuleReport",
      "cloudwatch:GetMetricData",
      "xray:BatchGetTraces",
      "xray:GetTraceSummaries",
    ],
  },
  merchantSecrets: {
    Merchants: ["dynamodb:GetItem", "dynamodb:UpdateItem"],
    AuditLog: ["dynamodb:PutItem"],
    "key of merchants' secrets": ["kms:Decrypt", "kms:Encrypt"],
    secret: ["secretsmanager:GetSecretValue"],
  },
  apiAuthorizer: {},
  auditLogChain: { bucket: ["s3:GetObject", "s3:ListBucket", "s3:PutObject"] },
  importTransactions: {
    Jobs: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
    "job-parts": ["sqs:SendMessage"],
    bucket: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
  },
  runJobs: {
    Jobs: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
    // Of its stream too, and of tables that were restored from its backups.
    Transactions: [
      "dynamodb:BatchGetItem",
      "dynamodb:BatchGetItem",
      "dynamodb:DescribeStream",
      "dynamodb:DescribeTable",
      "dynamodb:DescribeTimeToLive",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLUpdate",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:Query",
      "dynamodb:Scan",
      "dynamodb:Scan",
      "dynamodb:UpdateTimeToLive",
    ],
    Merchants: ["dynamodb:BatchGetItem", "dynamodb:Scan"],
    topic: ["sns:Publish"],
    bucket: [
      "s3:AbortMultipartUpload",
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:GetObject",
      "s3:GetObject",
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:ListBucket",
      "s3:ListBucket",
      "s3:PutObject",
      "s3:PutObject",
      "s3:PutObject",
    ],
    "job-parts": ["sqs:SendMessage"],
    // What else it asks of a queue, it may ask of the one that invokes it, too.
    "confirmations.fifo": ["sqs:SendMessage"],
    "confirmations-ordered.fifo": ["sqs:SendMessage"],
  },
  publishEvents: { topic: ["sns:Publish"] },
  canary: {
    Transactions: ["dynamodb:GetItem", "dynamodb:PutItem"],
    Merchants: ["dynamodb:UpdateItem"],
  },
  deploymentGuard: {
    Transactions: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
    Merchants: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
    MerchantGates: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
    Audits: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
    ReceivedConfirmations: ["dynamodb:DescribeTable", "dynamodb:UpdateTable"],
    anything: [
      "cloudformation:DescribeStackEvents",
      "cloudformation:DescribeStacks",
      "iam:CreateServiceLinkedRole",
      "iam:CreateServiceLinkedRole",
    ],
  },
  emptyBuckets: {
    bucket: [
      "s3:DeleteObject",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:DeleteObjectVersion",
      "s3:ListBucketVersions",
      "s3:ListBucketVersions",
    ],
  },
  insertFakeTransactions: {
    Transactions: ["dynamodb:PutItem"],
    Merchants: ["dynamodb:UpdateItem"],
  },
};

describe.each(Object.keys(PROGRAMS) as ProgramName[])("the role of %s", (program) => {
  const programs = programsWith(program);
  const permissions = programs.permissionsOf(program);
  const own = permissions.filter(({ allowed }) => !PLUMBING[program].includes(allowed));

  it("allows every call that its program makes, and no other", () => {
    const allowed = [...new Set(own.map((permission) => permission.allowed))].toSorted();
    const needed = actionsFor(calls.in(sourcesOf(program)), program);
    expect(allowed).toStrictEqual(needed.filter((action) => !PLUMBING[program].includes(action)));
  });

  it("allows each call where it is meant to go, and nowhere else", () => {
    const places = Map.groupBy(own, ({ resource }) => programs.nameOf(resource));
    const actions = [...places].map(([name, allowed]) => [name, allowed.map(({ action }) => action).toSorted()]);
    expect(Object.fromEntries(actions)).toStrictEqual(MEANT[program]);
  });

  it("reaches the tables, queues, buckets and secrets that its program is told of, and no other", () => {
    // The queues that invoke a function are its own affair where it is told of them.
    const ofItsQueues = program === "confirmationTransactions" ? QUEUE_SOURCE : [];
    const reached = permissions
      .filter(({ allowed }) => !PLUMBING[program].includes(allowed) || ofItsQueues.includes(allowed))
      .flatMap(({ resource }) => resource ?? []);
    const reported = programs.dataResourcesIn(Object.values(programs.environmentOf(program)));
    expect([...new Set(reached)].toSorted()).toStrictEqual([...reported].toSorted());
  });

  it("has what encryption, logs, traces and the event source need in its name", () => {
    const granted = new Set(permissions.map(({ allowed }) => allowed));
    expect(PLUMBING[program].filter((allowed) => !granted.has(allowed))).toStrictEqual([]);
  });
});

describe("the role of confirmationsApi where merchants are not ranked", () => {
  it("may not read rankings", () => {
    const permissions = new TemplatePrograms(synthesize(WITH_API).template).permissionsOf("confirmationsApi");
    expect(permissions.map(({ action }) => action)).not.toContain("cloudwatch:GetInsightRuleReport");
  });
});

describe("a call that no permission is known for", () => {
  it("fails until somebody says which one it needs", () => {
    expect(() => actionsFor(new Set(["DeleteTableCommand"]))).toThrow(/DeleteTableCommand.*iam-actions/);
  });
});

describe("the key of merchants' secrets", () => {
  const { template } = synthesize();
  const keyId = Object.keys(template.findResources("AWS::KMS::Key")).find((id) => id.startsWith("KeysImportedSecrets"));

  it("opens what was sealed to be signed with for who verifies, and connections only for who calls merchants", () => {
    const statements = Object.values(template.findResources("AWS::IAM::Policy")).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Resource: unknown }[],
    );
    const ofKey = statements.filter(({ Resource }) => JSON.stringify(Resource).includes(`"${keyId}"`));
    const opening = (purpose: unknown) => ({
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: { "Fn::GetAtt": [keyId, "Arn"] },
      Condition: {
        StringEquals: { "kms:EncryptionContext:purpose": purpose },
        Null: { "kms:EncryptionContext:merchantId": "false" },
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["merchantId", "purpose"] },
      },
    });
    const toVerify = expect.objectContaining(opening("signing-secret"));
    // The reference merchant, and what takes acknowledgements.
    expect(ofKey).toHaveLength(3);
    expect(ofKey.filter((one) => JSON.stringify(one).includes('"signing-secret"}'))).toEqual([toVerify, toVerify]);
    expect(ofKey).toContainEqual(opening(["signing-secret", "client-key", "client-secret", "secret-headers"]));
  });

  it("is left to the account's own permissions for whoever imports secrets, and to nobody else", () => {
    const [policy] = Object.values(template.findResources("AWS::KMS::Key", {}))
      .filter(({ Properties }) => /secrets that merchants brought/.test(Properties.Description))
      .map(({ Properties }) => Properties.KeyPolicy.Statement);
    expect(policy).toHaveLength(1);
    expect(JSON.stringify(policy[0].Principal)).toContain(":root");
  });
});
