import { describe, expect, it } from "@jest/globals";
import { type Meanings, NO_VALUE, resolveIntrinsics } from "../../local/assembly/intrinsics.ts";

const meanings: Meanings = {
  ref: (name) => (name === "AWS::NoValue" ? NO_VALUE : `ref-${name}`),
  attribute: (logicalId, name) => `${logicalId}/${name}`,
  condition: (name) => name === "Yes",
  mapped: (...keys) => keys.join("-"),
  zones: ["zone-a", "zone-b"],
};

const resolve = (value: unknown): unknown => resolveIntrinsics(value, meanings, "Resource");

describe("intrinsic functions of a template", () => {
  it.each([
    [{ Ref: "Table" }, "ref-Table"],
    [{ "Fn::GetAtt": ["Table", "Arn"] }, "Table/Arn"],
    [{ "Fn::GetAtt": "Table.Stream.Arn" }, "Table/Stream.Arn"],
    [{ "Fn::Join": ["-", ["a", { Ref: "B" }]] }, "a-ref-B"],
    [{ "Fn::Sub": "x/${A}/${B.Arn}/${!C}" }, "x/ref-A/B/Arn/${C}"],
    [{ "Fn::Sub": ["${A}/${B}", { A: { Ref: "Own" } }] }, "ref-Own/ref-B"],
    [{ "Fn::Select": [1, { "Fn::Split": ["/", "a/b/c"] }] }, "b"],
    [{ "Fn::Select": ["0", { "Fn::GetAZs": "" }] }, "zone-a"],
    [{ "Fn::FindInMap": ["Map", { Ref: "Top" }, "second"] }, "Map-ref-Top-second"],
    [{ "Fn::Base64": "hello" }, "aGVsbG8="],
    [{ "Fn::If": ["Yes", 1, 2] }, 1],
    [{ "Fn::If": ["No", 1, 2] }, 2],
    [{ "Fn::And": [{ Condition: "Yes" }, { "Fn::Not": [{ Condition: "No" }] }] }, true],
    [{ "Fn::Or": [{ Condition: "No" }, { "Fn::Equals": ["a", "a"] }] }, true],
  ])("%j is resolved", (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it("are resolved at any depth, and everything else stays as it is", () => {
    expect(resolve({ Environment: [{ Name: "A", Value: { Ref: "B" } }], Number: 1, Flag: true })).toEqual({
      Environment: [{ Name: "A", Value: "ref-B" }],
      Number: 1,
      Flag: true,
    });
  });

  it("AWS::NoValue leaves the property or the element out", () => {
    expect(resolve({ A: { Ref: "AWS::NoValue" }, B: [{ Ref: "AWS::NoValue" }, 1] })).toEqual({ B: [1] });
  });

  it("that are not known are an error that says where", () => {
    expect(() => resolve({ Name: { "Fn::Cidr": [] } })).toThrow(/Resource\.Name: Fn::Cidr is not known/);
  });

  it("a policy statement's Condition is no intrinsic", () => {
    const statement = { Condition: { StringEquals: { a: "b" } } };
    expect(resolve(statement)).toEqual(statement);
  });
});
