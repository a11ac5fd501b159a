import { describe, expect, it } from "@jest/globals";
import { MerchantTroubles } from "../../../core/telemetry/merchant-troubles.ts";
import { INSIGHT_RULES, MERCHANT_LINE } from "../../../core/settings/names.ts";
import { synthesize } from "../synthesized-stack.ts";

interface Rule {
  readonly LogGroupNames: readonly string[];
  readonly AggregateOn: string;
  readonly Contribution: {
    readonly Keys: readonly string[];
    readonly ValueOf: string;
    readonly Filters: readonly { readonly Match: string; readonly In?: readonly string[] }[];
  };
}

const { template } = synthesize({ insights: { merchants: true } });
const rules = Object.values(template.findResources("AWS::CloudWatch::InsightRule")).map(({ Properties }) => ({
  name: String(Properties.RuleName),
  state: String(Properties.RuleState),
  body: JSON.parse(String(Properties.RuleBody)) as Rule,
}));
const line = (): Readonly<Record<string, unknown>> => {
  const troubles = new MerchantTroubles();
  troubles.add("m-1", "failedAttempts", "t-1", "503");
  return { message: MERCHANT_LINE, ...troubles.take()[0] };
};

describe("the rankings of merchants", () => {
  it("are there where settings ask for them, as each is paid by the month", () => {
    synthesize().template.resourceCountIs("AWS::CloudWatch::InsightRule", 0);
  });

  it("are those whose names others know, and are switched on", () => {
    expect(rules.map(({ name }) => name).toSorted()).toEqual(Object.values(INSIGHT_RULES).toSorted());
    for (const { state } of rules) expect(state).toBe("ENABLED");
  });

  it.each(rules)("read fields that the worker's line has: $name", ({ body }) => {
    const { Keys, ValueOf, Filters } = body.Contribution;
    expect(body.AggregateOn).toBe("Sum");
    for (const path of [...Keys, ValueOf, ...Filters.map(({ Match }) => Match)])
      expect(line()).toHaveProperty(path.replace("$.", ""));
    expect(Filters[0]?.In).toEqual([line()["message"]]);
  });

  it.each(rules)("read a log group that the stack has: $name", ({ body }) => {
    for (const LogGroupName of body.LogGroupNames)
      template.hasResourceProperties("AWS::Logs::LogGroup", { LogGroupName });
  });
});
