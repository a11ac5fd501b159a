import { describe, it } from "@jest/globals";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize();

describe("the Merchants table", () => {
  it("forgets a deleted merchant when nothing is left to verify with its keys", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Merchants",
      TimeToLiveSpecification: { AttributeName: "purgeAt", Enabled: true },
    });
  });

  it("has an index of ids by how they begin, to which no other change of a merchant writes", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "Merchants",
      GlobalSecondaryIndexes: [
        {
          IndexName: "ids",
          KeySchema: [
            { AttributeName: "idStart", KeyType: "HASH" },
            { AttributeName: "merchantId", KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
    });
  });
});
