import { describe, expect, it } from "@jest/globals";
import { AUDIT_LOG_TABLE_NAME } from "../../../core/settings/names.ts";
import { DELIVERY_MODES } from "../../../core/settings/groups/delivery.ts";
import { WITH_API } from "../program/template-programs.ts";
import { synthesize } from "../synthesized-stack.ts";

const { template } = synthesize(WITH_API);
const [[tableId, table] = ["none", { Properties: {} as never }]] = Object.entries(
  template.findResources("AWS::DynamoDB::Table", { Properties: { TableName: AUDIT_LOG_TABLE_NAME } }),
);

describe("the audit log", () => {
  it("is there with the API alone, outlives the stack, and keeps its logical id", () => {
    synthesize().template.resourcePropertiesCountIs("AWS::DynamoDB::Table", { TableName: AUDIT_LOG_TABLE_NAME }, 0);
    expect(tableId).toBe("AuditLogTableC6C74C5F");
    expect(table).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" });
  });

  it("forgets nothing, and tells its stream what was there before", () => {
    expect(table["Properties"]).not.toHaveProperty("TimeToLiveSpecification");
    expect(table["Properties"]).toMatchObject({
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it("lets nobody change or delete an entry, nor add one but with its act", () => {
    const { Statement: statements } = table["Properties"].ResourcePolicy.PolicyDocument;
    expect(statements).toEqual([
      {
        Sid: "EntriesStay",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Resource: "*",
        Action: [
          "dynamodb:BatchWriteItem",
          "dynamodb:DeleteItem",
          "dynamodb:PartiQLDelete",
          "dynamodb:PartiQLInsert",
          "dynamodb:PartiQLUpdate",
          "dynamodb:UpdateItem",
          "dynamodb:UpdateTimeToLive",
        ],
      },
      {
        Sid: "EntriesComeWithTheirActs",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Resource: "*",
        Action: "dynamodb:PutItem",
        Condition: { StringNotEquals: { "dynamodb:EnclosingOperation": "TransactWriteItems" } },
      },
    ]);
  });

  it.each(DELIVERY_MODES)("is changed and deleted by no role of the mode %s", (mode) => {
    const withApi = synthesize({ ...WITH_API, delivery: { mode } }).template;
    const statements = Object.values(withApi.findResources("AWS::IAM::Policy")).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
    );
    const ofTable = statements.filter(({ Resource }) => JSON.stringify(Resource).includes(`"${tableId}"`));
    const actions = new Set(ofTable.flatMap(({ Action }) => Action));
    expect([...actions].filter((action) => /Update|Delete|PartiQL|Batch|:\*/.test(action))).toEqual([
      // The protection from deletion is an attribute of the table.
      "dynamodb:UpdateTable",
    ]);
    expect(actions.has("dynamodb:PutItem")).toBe(true);
  });

  it("is protected from deletion like every table", () => {
    const [protection] = Object.values(template.findResources("Custom::DeletionProtection"));
    expect(protection?.["Properties"].Tables).toContainEqual({ Ref: tableId });
  });
});
