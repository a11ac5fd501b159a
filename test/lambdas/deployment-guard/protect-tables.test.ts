import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import type { CustomResourceEvent } from "../../../core/aws/custom-resource.ts";
import { protectTables } from "../../../lambdas/deployment-guard/protect-tables.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const faked = mockClient(DynamoDBClient);
const dynamodb = new DynamoDBClient({ region: "eu-west-1" });
let isOn: Map<string, boolean>;

beforeEach(() => {
  isOn = new Map([
    ["Transactions", false],
    ["Merchants", false],
  ]);
  faked.reset();
  faked.on(DescribeTableCommand).callsFake(({ TableName }: { TableName: string }) => {
    if (!isOn.has(TableName)) throw new ResourceNotFoundException({ message: "no such table", $metadata: {} });
    return { Table: { DeletionProtectionEnabled: isOn.get(TableName) } };
  });
  faked.on(UpdateTableCommand).callsFake((input: { TableName: string; DeletionProtectionEnabled: boolean }) => {
    isOn.set(input.TableName, input.DeletionProtectionEnabled);
    return {};
  });
});

const properties = (Tables: readonly string[] = ["Transactions", "Merchants"], Protect = "true") => ({
  Tables,
  Protect,
});
const event = (RequestType: CustomResourceEvent["RequestType"], more: Partial<CustomResourceEvent> = {}) => ({
  RequestType,
  ResponseURL: "https://example.com",
  StackId: "stack",
  RequestId: "request",
  LogicalResourceId: "Protection",
  ResourceType: "Custom::DeletionProtection",
  ResourceProperties: properties(),
  ...more,
});
const unasked = {
  dynamodb,
  stackStatus: async () => neverCalled("stackStatus")(),
  statusBeforeDeletion: async () => neverCalled("statusBeforeDeletion")(),
};
const inState = (status: string, before = "CREATE_COMPLETE") => ({
  dynamodb,
  stackStatus: async () => status,
  statusBeforeDeletion: async () => before,
});
const states = () => [...isOn.values()];

describe("the tables", () => {
  it("are protected when all of the stack is there, and again, at no further call", async () => {
    expect(await protectTables(event("Create"), unasked)).toBeUndefined();
    expect(states()).toEqual([true, true]);
    await protectTables(event("Create"), unasked);
    expect(faked.commandCalls(UpdateTableCommand)).toHaveLength(2);
  });

  it("are not protected in a disposable stack, and no longer in one that has become so", async () => {
    await protectTables(event("Create"), unasked);
    await protectTables(event("Update", { ResourceProperties: properties(undefined, "false") }), unasked);
    expect(states()).toEqual([false, false]);
  });

  it("are unprotected when the first creation is rolled back, even if some are gone", async () => {
    await protectTables(event("Create"), unasked);
    isOn.delete("Merchants");
    expect(
      await protectTables(event("Delete"), inState("ROLLBACK_IN_PROGRESS", "ROLLBACK_IN_PROGRESS")),
    ).toBeUndefined();
    expect(states()).toEqual([false]);
  });

  it("survive the deletion of a stack that ran, and the next try too", async () => {
    await protectTables(event("Create"), unasked);
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await protectTables(event("Delete"), inState("DELETE_IN_PROGRESS"))).toMatch(
        /^the stack ran, .* disposable/,
      );
    expect(states()).toEqual([true, true]);
  });

  it("can be deleted after a rollback that failed", async () => {
    await protectTables(event("Create"), unasked);
    expect(await protectTables(event("Delete"), inState("DELETE_IN_PROGRESS", "ROLLBACK_FAILED"))).toBeUndefined();
    expect(states()).toEqual([false, false]);
  });

  it("go with a disposable stack, which nobody is asked about", async () => {
    isOn.set("Transactions", true);
    const deletion = event("Delete", { ResourceProperties: properties(undefined, "false") });
    expect(await protectTables(deletion, unasked)).toBeUndefined();
    expect(states()).toEqual([false, false]);
  });

  it("that an update made are unprotected when it is rolled back, and only then", async () => {
    isOn.set("Jobs", true);
    const back = event("Update", { OldResourceProperties: properties(["Transactions", "Merchants", "Jobs"]) });
    await protectTables(back, inState("UPDATE_IN_PROGRESS"));
    expect(isOn.get("Jobs")).toBe(true);
    await protectTables(back, inState("UPDATE_ROLLBACK_IN_PROGRESS"));
    expect(Object.fromEntries(isOn)).toEqual({ Transactions: true, Merchants: true, Jobs: false });
  });

  it("that are not there cannot be protected: the deployment fails", async () => {
    isOn.delete("Merchants");
    faked.on(UpdateTableCommand, { TableName: "Merchants" }).rejects(new Error("Requested resource not found"));
    await expect(protectTables(event("Create"), unasked)).rejects.toThrow("Requested resource not found");
  });
});
