import { describe, expect, it } from "@jest/globals";
import { allows } from "../../../local/api/policy.ts";

const STAGE = "arn:aws:execute-api:us-east-1:000000000000:local/prod";
const CALL = `${STAGE}/GET/v1/transactions/t-1`;
const statement = (Effect: string, Resource: unknown, Action: unknown = "execute-api:Invoke") => ({
  Effect,
  Action,
  Resource,
});

describe("a policy of an authorizer", () => {
  it.each<[string, object | readonly object[], boolean]>([
    ["the whole stage", statement("Allow", `${STAGE}/*`), true],
    ["one of a list", statement("Allow", ["arn:other", `${STAGE}/GET/*`]), true],
    ["all actions", statement("Allow", "*", "execute-api:*"), true],
    ["this very call", statement("Allow", CALL), true],
    ["one character", statement("Allow", `${STAGE}/GE?/v1/*`), true],
    ["another method", statement("Allow", `${STAGE}/POST/*`), false],
    ["another stage", statement("Allow", `${STAGE}2/*`), false],
    ["another action", statement("Allow", "*", "s3:GetObject"), false],
    ["nothing", [], false],
    ["all, and denies it", [statement("Allow", "*"), statement("Deny", `${STAGE}/*`)], false],
    ["all, and denies another", [statement("Allow", "*"), statement("Deny", `${STAGE}/POST/*`)], true],
  ])("lets a call through, or does not, where it allows %s", (_what, Statement, allowed) => {
    expect(allows({ Version: "2012-10-17", Statement }, CALL)).toBe(allowed);
  });

  it.each([undefined, null, "Allow", {}])("that is none is a fault: %j", (policy) => {
    expect(allows(policy, CALL)).toBeUndefined();
  });
});
