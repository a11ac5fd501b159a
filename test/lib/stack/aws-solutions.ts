import { describe, expect, it } from "@jest/globals";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Node } from "constructs";
import { DELIVERY_MODES } from "../../../core/settings/groups/delivery.ts";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { WITH_API } from "../program/template-programs.ts";
import { type Synthesized, synthesizeAnew } from "../synthesized-stack.ts";

interface Acknowledgment {
  readonly node: Node;
  readonly id: string;
  readonly reason: string;
}

/** Those of this stack; the CDK acknowledges rules of its own in the same place. */
function acknowledgments({ app }: Synthesized): readonly Acknowledgment[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries<string>(data).map(([id, reason]) => ({ node, id: id.replace(/^annotation::/i, ""), reason })),
      )
      .filter(({ id }) => id.startsWith("AwsSolutions-")),
  );
}

const violations = ({ app }: Synthesized) => new AwsSolutionsChecks().validateScope(app).violations;

const STACKS: readonly (readonly [string, SettingsInput])[] = [
  ...DELIVERY_MODES.map((mode) => [`in the mode ${mode}`, { delivery: { mode } }] as const),
  ["with the API", WITH_API],
  ["with the API, a user pool and a web ACL", { api: { cognito: true, waf: true } }],
  ["with the console", { ...WITH_API, console: { clientId: "console" } }],
  ["with the console and a user pool", { api: { cognito: true }, console: { enabled: true } }],
  ["of a trial with the API", { ...WITH_API, disposable: true }],
];

describe.each(STACKS)("the AwsSolutions rules, %s", (_stack, settings) => {
  const synthesized = synthesizeAnew(settings);

  it("find nothing that is not acknowledged", () => {
    expect(violations(synthesized)).toStrictEqual([]);
  });

  it("are acknowledged with a reason", () => {
    expect(acknowledgments(synthesized).filter(({ reason }) => reason.split(" ").length < 8)).toStrictEqual([]);
  });

  it("are not acknowledged where they would find nothing", () => {
    const acknowledged = acknowledgments(synthesized);
    for (const { node } of acknowledged) Reflect.set(node, "_metadata", []);
    const found = violations(synthesized).flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => ({ ruleName, constructPath })),
    );
    const needless = acknowledged.filter(
      ({ node, id }) =>
        !found.some(({ ruleName, constructPath }) => ruleName === id && constructPath.startsWith(node.path)),
    );
    expect(needless.map(({ node, id }) => `${node.path}: ${id}`)).toStrictEqual([]);
  });
});
