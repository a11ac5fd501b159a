import { describe, expect, it } from "@jest/globals";
import { Stack, Token } from "aws-cdk-lib";
import { SettingsError } from "../../../core/settings/settings.ts";
import { checkEnvironmentSize, MadeLast, MOST_ENVIRONMENT_BYTES } from "../../../lib/program/environment-size.ts";
import { synthesize } from "../synthesized-stack.ts";

const api = { issuer: "https://issuer.example", audience: ["confirmations"] };
const queues = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `arn:aws:sqs:eu-west-1:123456789012:${"orders-of-a-company-".repeat(3)}${index}.fifo`,
  );
const withQueues = (count: number) => () => synthesize({ api, channels: { kinds: ["sqs"], queueArns: queues(count) } });

describe("the variables of a function", () => {
  it("may have as much as Lambda takes, names and values together", () => {
    const rest = MOST_ENVIRONMENT_BYTES - "NAME".length;
    expect(() => checkEnvironmentSize("canary", { NAME: "v".repeat(rest) })).not.toThrow();
    expect(() => checkEnvironmentSize("canary", { NAME: "v".repeat(rest + 1) })).toThrow(SettingsError);
    expect(() => checkEnvironmentSize("canary", { NAME: "é".repeat(rest / 2 + 1) })).toThrow(/4098 bytes/);
  });

  it("count what only a deployment knows as a name of a usual length", () => {
    const unknown = Token.asString({ Ref: "Table" });
    expect(() => checkEnvironmentSize("canary", { A: unknown, B: "v".repeat(4000) })).not.toThrow();
    expect(() => checkEnvironmentSize("canary", { A: unknown, B: "v".repeat(4050) })).toThrow(/about 4132 bytes/);
  });

  it("have room for what is known when all of the stack is made, which may then have no more, names included", () => {
    const name = Token.asString({ Ref: "Cluster" });
    const madeLast = (mostBytes: number) =>
      new MadeLast({ variable: "A", mostBytes, produce: () => `${name},${name}` });
    const room = MOST_ENVIRONMENT_BYTES - "AB".length;
    expect(() => checkEnvironmentSize("canary", { A: String(madeLast(161)), B: "v".repeat(room - 161) })).not.toThrow();
    expect(() => checkEnvironmentSize("canary", { A: String(madeLast(161)), B: "v".repeat(room - 160) })).toThrow(
      /4097/,
    );
    expect(new Stack().resolve(String(madeLast(161)))).toEqual({
      "Fn::Join": ["", [{ Ref: "Cluster" }, ",", { Ref: "Cluster" }]],
    });
    expect(() => new Stack().resolve(String(madeLast(160)))).toThrow(/has about 161 bytes, expected 160 at most/);
  });

  it("are refused at synthesis where the settings list too many queues, with their size and what to do", () => {
    expect(withQueues(10)).not.toThrow();
    expect(withQueues(100)).toThrow(SettingsError);
    expect(withQueues(100)).toThrow(
      /^The environment of confirmations-api would have about \d{5} bytes, expected at most 4096/,
    );
    expect(withQueues(100)).toThrow(/CHANNEL_QUEUE_ARNS \d{4,5}.*List less in channels\.queueArns/);
  });
});
