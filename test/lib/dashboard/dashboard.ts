import { describe, expect, it } from "@jest/globals";
import { functionsOf } from "../../../core/settings/mode-programs.ts";
import { FUNCTION_NAMES, INSIGHT_RULES } from "../../../core/settings/names.ts";
import { measuredIn } from "../../../core/dashboard/panel.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { synthesize } from "../synthesized-stack.ts";

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly insightRule?: object;
    readonly alarms?: readonly string[];
    readonly setPeriodToTimeRange?: boolean;
  };
}

const { template } = synthesize({ insights: { merchants: true } });
const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
const { DashboardName, DashboardBody } = (dashboard?.Properties ?? {}) as {
  readonly DashboardName: string;
  readonly DashboardBody: { readonly "Fn::Join": readonly [string, readonly (string | object)[]] };
};
const text = DashboardBody["Fn::Join"][1].map((part) => (typeof part === "string" ? part : "reference")).join("");
const { widgets } = JSON.parse(text) as { readonly widgets: readonly Widget[] };
const widget = (title: string) => widgets.find(({ properties }) => properties.title === title);
const place = {
  settings: parseSettings({ insights: { merchants: true } }),
  cluster: "reference",
  service: "reference",
  natGateways: ["reference", "reference"],
  functions: Object.values(FUNCTION_NAMES).map((name) => ({ name, memoryMiB: 512 })),
  logGroups: ["/confirmation-pipeline/confirmation-worker"],
};
const panels = sectionsOf(place).flatMap((section) => section.panels);

describe("the dashboard", () => {
  it("has a name that people can find it by, and its address in the outputs", () => {
    expect(DashboardName).toBe("ConfirmationPipeline");
    expect(JSON.stringify(template.findOutputs("*"))).toContain("#dashboards:name=ConfirmationPipeline");
  });

  it("has a widget for each panel and no other, as wide as the panel is", () => {
    const titled = widgets.filter(({ type }) => type !== "text");
    expect(titled.map(({ properties, width }) => [properties.title, width])).toEqual(
      panels.map(({ title, columns }) => [title, columns]),
    );
  });

  it("shows the flow from left to right in one row", () => {
    expect(["In", "Queued", "Delivering", "Out"].map((title) => widget(title)?.x)).toEqual([0, 6, 12, 18]);
  });

  it.each(panels.flatMap((panel) => ("series" in panel ? [[panel.title, panel] as const] : [])))(
    "shows every metric of the panel %s",
    (title, panel) => {
      const shown = (widget(title)?.properties.metrics ?? []).map(
        ([namespace, name]) => `${String(namespace)} ${String(name)}`,
      );
      for (const { namespace, name } of panel.series.flatMap(({ value }) => measuredIn(value)))
        expect(shown).toContain(`${namespace} ${name}`);
      const labels = (widget(title)?.properties.metrics ?? []).map(
        (entry) => (entry.at(-1) as { label?: string }).label,
      );
      expect(labels).toEqual(expect.arrayContaining(panel.series.map(({ label }) => label)));
    },
  );

  it("has expressions that name what is in their widget", () => {
    for (const { properties } of widgets) {
      const options = (properties.metrics ?? []).map((entry) => entry.at(-1) as { id?: string; expression?: string });
      const ids = options.flatMap(({ id }) => (id === undefined ? [] : [id]));
      expect(new Set(ids).size).toBe(ids.length);
      for (const { expression = "" } of options)
        for (const [name] of expression.matchAll(/\b[a-z]\w*\b/g)) expect(ids).toContain(name);
    }
  });

  it("counts over the whole time that is shown where a panel says so", () => {
    expect(widget("Out")?.properties.setPeriodToTimeRange).toBe(true);
    expect(widget("Queued")?.properties.setPeriodToTimeRange).toBe(false);
  });

  it("shows merchants by failure from a rule of Contributor Insights that there is", () => {
    expect(widget("Merchants by failure")?.properties.insightRule).toEqual({
      ruleName: INSIGHT_RULES.failedByMerchant,
      orderBy: "Sum",
      maxContributorCount: 10,
    });
    template.hasResourceProperties("AWS::CloudWatch::InsightRule", { RuleName: INSIGHT_RULES.failedByMerchant });
  });

  it("leaves out what only insights know where they are off", () => {
    const titles = (insights: object) =>
      sectionsOf({ ...place, settings: parseSettings({ insights }) }).flatMap((section) =>
        section.panels.flatMap((panel) => [
          panel.title,
          ...("series" in panel ? panel.series.map(({ label }) => `${panel.title}: ${label}`) : []),
        ]),
      );
    const known = ["Merchants by failure", "Workers: Wanted"];
    const all = titles({ containers: true, merchants: true });
    expect(known.filter((title) => !all.includes(title))).toStrictEqual([]);
    expect(titles({})).toStrictEqual(all.filter((title) => !known.includes(title)));
  });

  it("shows the state of each alarm of the stack", () => {
    const alarms = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
      Object.keys(template.findResources(type)),
    );
    expect(widget("Each alarm's state")?.properties.alarms).toHaveLength(alarms.length);
  });

  it("knows every function, log group and NAT gateway of the stack in the costs", () => {
    const cost = JSON.stringify(widget("Cost drivers"));
    for (const key of functionsOf("fargate")) expect(cost).toContain(`"FunctionName","${FUNCTION_NAMES[key]}"`);
    const groups = Object.keys(template.findResources("AWS::Logs::LogGroup")).length;
    expect(new Set(cost.match(/"LogGroupName","[^"]*"/g)).size).toBe(groups);
    const gateways = Object.keys(template.findResources("AWS::EC2::NatGateway")).length;
    expect(cost.match(/"BytesInFromSource"/g)).toHaveLength(gateways);
  });
});
