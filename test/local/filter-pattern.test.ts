import { describe, expect, it } from "@jest/globals";
import { compileFilter } from "../../local/stream/filter-pattern.ts";

const passes = (record: unknown, ...patterns: unknown[]): boolean =>
  compileFilter(patterns.map((pattern) => JSON.stringify(pattern)))(record);

const record = {
  eventName: "MODIFY",
  dynamodb: { NewImage: { state: { S: "OPEN" }, size: { N: "5" } }, ApproximateCreationDateTime: 7 },
};

describe("filter patterns", () => {
  it("without any, everything passes", () => {
    expect(passes(record)).toBe(true);
  });

  it.each([
    ["a value in the list", { eventName: ["INSERT", "MODIFY"] }, true],
    ["no value of the list", { eventName: ["REMOVE"] }, false],
    ["all properties", { eventName: ["MODIFY"], dynamodb: { NewImage: { state: { S: ["OPEN"] } } } }, true],
    [
      "one property of several wrong",
      { eventName: ["MODIFY"], dynamodb: { NewImage: { state: { S: ["SHUT"] } } } },
      false,
    ],
    ["a leaf that is there", { dynamodb: { NewImage: { state: { S: [{ exists: true }] } } } }, true],
    ["a leaf that is missing", { dynamodb: { NewImage: { other: { S: [{ exists: false }] } } } }, true],
    ["a leaf of a missing parent", { dynamodb: { OldImage: { state: { S: ["OPEN"] } } } }, false],
    ["a prefix", { eventName: [{ prefix: "MOD" }] }, true],
    ["a suffix", { eventName: [{ suffix: "FY" }] }, true],
    ["another case", { eventName: [{ "equals-ignore-case": "modify" }] }, true],
    ["anything but", { eventName: [{ "anything-but": ["REMOVE"] }] }, true],
    ["anything but this", { eventName: [{ "anything-but": ["MODIFY"] }] }, false],
    ["anything but a prefix", { eventName: [{ "anything-but": { prefix: "MOD" } }] }, false],
    ["a number in a range", { dynamodb: { ApproximateCreationDateTime: [{ numeric: [">", 5, "<=", 7] }] } }, true],
    [
      "a number of DynamoDB, which is text",
      { dynamodb: { NewImage: { size: { N: [{ numeric: [">", 0] }] } } } },
      false,
    ],
    [
      "one branch of $or",
      { $or: [{ eventName: ["REMOVE"] }, { dynamodb: { NewImage: { state: { S: ["OPEN"] } } } }] },
      true,
    ],
    ["null, which is not absence", { eventName: [null] }, false],
  ])("%s", (_name, pattern, expected) => {
    expect(passes(record, pattern)).toBe(expected);
  });

  it("one of several patterns is enough", () => {
    expect(passes(record, { eventName: ["REMOVE"] }, { eventName: ["MODIFY"] })).toBe(true);
  });

  it("an operator that is not known is an error when the filter is made", () => {
    expect(() => compileFilter(['{"eventName":[{"cidr":"10.0.0.0/8"}]}'])).toThrow(/operator cidr is not known/);
  });
});
