import { describe, expect, it } from "@jest/globals";
import { synthesize } from "../synthesized-stack.ts";

const { stack, template } = synthesize();

/**
 * What holds data or is known outside: a changed logical id would replace it. Change this list only together with a
 * migration.
 */
const LOGICAL_IDS = {
  "AWS::DynamoDB::Table": [
    "AuditAuditsTable022ABFD3",
    "MerchantGatesTable80DC5D9C",
    "MerchantsTableF7BE9598",
    "ReferenceMerchantReceivedTable02BC0934",
    "TransactionsTableB808F8B3",
  ],
  "AWS::SQS::Queue": [
    "AuditPartsQueueDeadLettersD4E8974D",
    "AuditPartsQueuePartsFDF22DF1",
    "QueuesConfirmations34CFAD88",
    "QueuesDeadLettersF0D5D2AD",
    "QueuesOrdered7524FD42",
  ],
  "AWS::KMS::Key": ["KeysDataA2F7C5E6", "KeysImportedSecretsA5E2EA33", "KeysOperations5671B638"],
  "AWS::SecretsManager::Secret": ["SigningKeysMasterKeysB8151411"],
  "AWS::S3::Bucket": ["AuditManifestsBucket3CC81C05", "StreamTransactionsSetAsideBucket25311979"],
  "AWS::EC2::EIP": ["NetworkEgressAddress171076938", "NetworkEgressAddress23124FFE2"],
};

describe("what holds data", () => {
  it.each(Object.entries(LOGICAL_IDS))("keeps its logical id: %s", (type, logicalIds) => {
    expect(Object.keys(template.findResources(type)).toSorted()).toStrictEqual(logicalIds);
  });

  it.each(Object.keys(LOGICAL_IDS))("outlives the stack: %s", (type) => {
    template.allResources(type, { DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
  });

  it("is where no account and no region is written down", () => {
    expect([stack.account, stack.region]).toStrictEqual([
      expect.stringContaining("AWS.AccountId"),
      expect.stringContaining("AWS.Region"),
    ]);
  });
});

describe("the master keys", () => {
  it("begin as one generated key of version 1", () => {
    template.hasResourceProperties("AWS::SecretsManager::Secret", {
      GenerateSecretString: {
        SecretStringTemplate: "{}",
        GenerateStringKey: "1",
        PasswordLength: 64,
        ExcludePunctuation: true,
      },
    });
  });
});

describe("the outputs", () => {
  it("say what producers, merchants and operators need", () => {
    const names = Object.keys(template.findOutputs("*"));
    expect(names).toStrictEqual(
      expect.arrayContaining([
        "TransactionsTableName",
        "MerchantsTableName",
        "ConfirmationsQueueUrl",
        "OrderedQueueUrl",
        "DeadLetterQueueUrl",
        "ConfirmationUrl",
        "AlarmTopicArn",
        "TicketTopicArn",
        "ManifestsBucketName",
        "EgressAddress1",
        "EgressAddress2",
      ]),
    );
  });
});
