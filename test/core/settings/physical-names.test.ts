import { describe, expect, it } from "@jest/globals";
import {
  fittedName,
  physicalDimensions,
  physicalLogGroup,
  physicalName,
  physicalNamespace,
} from "../../../core/settings/physical-names.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

const acme = { name: "acme" };

describe("a pipeline's names in AWS", () => {
  it("are those in the code where it has none", () => {
    expect(physicalName({}, "Transactions")).toBe("Transactions");
    expect(physicalLogGroup({}, "/aws/lambda/canary")).toBe("/aws/lambda/canary");
    expect(physicalDimensions({}, { TableName: "Transactions" })).toEqual({ TableName: "Transactions" });
  });

  it("begin with its own", () => {
    expect(physicalName(acme, "confirmations.fifo")).toBe("acme-confirmations.fifo");
    expect(physicalLogGroup(acme, "/aws/lambda/canary")).toBe("/aws/lambda/acme-canary");
    expect(physicalLogGroup(acme, "/confirmation-pipeline/api-access")).toBe("/acme-confirmation-pipeline/api-access");
    expect(physicalNamespace(acme, "ConfirmationPipeline")).toBe("acme-ConfirmationPipeline");
  });

  it("stand in dimensions for those in the code, and for nothing else", () => {
    const dimensions = {
      QueueName: "confirmations.fifo",
      TableName: "${Token[TOKEN.1]}",
      FunctionName: "acme-canary",
      LogGroupName: "/aws/lambda/release-due",
      service: "release-due",
    };
    expect(physicalDimensions(acme, dimensions)).toEqual({
      ...dimensions,
      QueueName: "acme-confirmations.fifo",
      LogGroupName: "/aws/lambda/acme-release-due",
    });
    expect(physicalNamespace(acme, "AWS/SQS")).toBe("AWS/SQS");
  });

  it("are shortened to what AWS takes, each to another one", () => {
    const long = { name: "a-quite-long-one" };
    const fitted = ["insert-fake-transactions", "insert-fake-transactionz"].map((name) => fittedName(long, name, 32));
    expect(fitted.map(({ length }) => length)).toEqual([32, 32]);
    expect(new Set(fitted).size).toBe(2);
    expect(fittedName(acme, "canary", 32)).toBe("acme-canary");
  });

  it.each(["Acme", "-acme", "acme-", "1acme", "acme_1", "", "a".repeat(17)])("are not made of %j", (name) => {
    expect(() => parseSettings({ name })).toThrow(/settings\.name: expected at most 16 of a-z, 0-9 and -/);
  });
});
