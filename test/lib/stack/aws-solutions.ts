import { describe, expect, it } from "@jest/globals";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Node } from "constructs";
import { synthesize } from "../synthesized-stack.ts";

const { app } = synthesize();

interface Acknowledgment {
  readonly node: Node;
  readonly id: string;
  readonly reason: string;
}

/** Those of this stack; the CDK acknowledges rules of its own in the same place. */
function acknowledgments(): readonly Acknowledgment[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries<string>(data).map(([id, reason]) => ({ node, id: id.replace(/^annotation::/i, ""), reason })),
      )
      .filter(({ id }) => id.startsWith("AwsSolutions-")),
  );
}

const violations = () => new AwsSolutionsChecks().validateScope(app).violations;

describe("the AwsSolutions rules", () => {
  it("find nothing that is not acknowledged", () => {
    expect(violations()).toStrictEqual([]);
  });

  it("are acknowledged with a reason", () => {
    expect(acknowledgments().filter(({ reason }) => reason.split(" ").length < 8)).toStrictEqual([]);
  });

  it("are not acknowledged where they would find nothing", () => {
    const acknowledged = acknowledgments();
    for (const { node } of acknowledged) Reflect.set(node, "_metadata", []);
    const found = violations().flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => ({ ruleName, constructPath })),
    );
    const needless = acknowledged.filter(
      ({ node, id }) =>
        !found.some(({ ruleName, constructPath }) => ruleName === id && constructPath.startsWith(node.path)),
    );
    expect(needless.map(({ node, id }) => `${node.path}: ${id}`)).toStrictEqual([]);
  });
});
