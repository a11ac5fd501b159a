import { describe, expect, it } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();
const table = (properties: object) =>
  template.hasResourceProperties("AWS::DynamoDB::Table", { TableName: "Transactions", ...properties });

const indexWith = (IndexName: string, properties: object | undefined) => Match.objectLike({ IndexName, ...properties });

const cold = indexWith("failed", { WarmThroughput: Match.absent() });

function unwarmed(settings: SettingsInput): void {
  synthesize(settings).template.hasResourceProperties("AWS::DynamoDB::Table", {
    TableName: "Transactions",
    WarmThroughput: Match.absent(),
    GlobalSecondaryIndexes: ["due", "merchant", "failed"].map((name) =>
      indexWith(name, { WarmThroughput: Match.absent() }),
    ),
  });
}

describe("the Transactions table", () => {
  it("is keyed by transaction and paid by request", () => {
    table({ KeySchema: [{ AttributeName: "transactionId", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" });
  });

  it("streams new and old images, so that a raised version can be told from the pipeline's own writes", () => {
    table({ StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" } });
  });

  it("can be restored to any second and is encrypted with our own key", () => {
    table({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: {
        SSEEnabled: true,
        SSEType: "KMS",
        KMSMasterKeyId: { "Fn::GetAtt": [Match.stringLikeRegexp("^KeysData"), "Arn"] },
      },
    });
  });

  it("forgets terminal transactions by purgeAt", () => {
    table({ TimeToLiveSpecification: { AttributeName: "purgeAt", Enabled: true } });
  });

  it("finds what is due by shard and time, reading keys only", () => {
    const due = {
      IndexName: "due",
      KeySchema: [
        { AttributeName: "dueKey", KeyType: "HASH" },
        { AttributeName: "dueAt", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    };
    table({
      GlobalSecondaryIndexes: Match.arrayWith([Match.objectLike(due)]),
      AttributeDefinitions: Match.arrayWith([{ AttributeName: "dueAt", AttributeType: "N" }]),
    });
  });

  it("lists a merchant's transactions by time, reading keys only", () => {
    const merchant = {
      IndexName: "merchant",
      KeySchema: [
        { AttributeName: "merchantKey", KeyType: "HASH" },
        { AttributeName: "occurredAt", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    };
    table({ GlobalSecondaryIndexes: Match.arrayWith([Match.objectLike(merchant)]) });
  });

  it("lists a merchant's failed transactions by reason and time, reading keys only", () => {
    const failed = {
      IndexName: "failed",
      KeySchema: [
        { AttributeName: "failedKey", KeyType: "HASH" },
        { AttributeName: "failedAt", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    };
    table({ GlobalSecondaryIndexes: Match.arrayWith([Match.objectLike(failed)]) });
  });

  it("takes the peak at once with the indexes that each confirmation is in, unless it is disposable", () => {
    const [warm, half] = [40_000, 20_000].map((writes) => ({ WarmThroughput: { WriteUnitsPerSecond: writes } }));
    table({ ...warm, GlobalSecondaryIndexes: [indexWith("due", warm), indexWith("merchant", half), cold] });
    unwarmed({ disposable: true });
  });

  it("asks for no warm throughput that DynamoDB refuses: less than a table has anyway", () => {
    unwarmed({ targetRatePerSecond: 1 });
    unwarmed({ targetRatePerSecond: 200 });
    const { template: above } = synthesize({ targetRatePerSecond: 201 });
    above.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Transactions",
      WarmThroughput: { WriteUnitsPerSecond: 4020 },
      GlobalSecondaryIndexes: [
        indexWith("due", { WarmThroughput: { WriteUnitsPerSecond: 4020 } }),
        indexWith("merchant", { WarmThroughput: Match.absent() }),
        cold,
      ],
    });
  });

  it("asks for no less than what was reached before, with any rate", () => {
    const reached = { WarmThroughput: { WriteUnitsPerSecond: 40_000 } };
    const { template: lowered } = synthesize({ targetRatePerSecond: 1, tableWriteFloor: 40_000 });
    lowered.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Transactions",
      ...reached,
      GlobalSecondaryIndexes: [indexWith("due", reached), indexWith("merchant", reached), cold],
    });
  });

  it("survives the deletion of its stack", () => {
    template.hasResource("AWS::DynamoDB::Table", {
      Properties: { TableName: "Transactions" },
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
    });
  });

  it("goes with a disposable stack, which is not protected either", () => {
    const disposable = synthesize({ disposable: true });
    disposable.template.hasResource("AWS::DynamoDB::Table", {
      Properties: { TableName: "Transactions", DeletionProtectionEnabled: Match.absent() },
      DeletionPolicy: "Delete",
    });
    expect(disposable.stack.terminationProtection).toBe(false);
  });
});
