/** What small-account mode watches, and what it pays for that: alarms by the metric, and metrics of its own. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { METRICS, METRICS_NAMESPACE } from "../../../core/settings/names.ts";
import { publishes, SMALL_ACCOUNT_METRICS } from "../../../core/settings/published-metrics.ts";
import { alarmRows } from "./alarm-rows.ts";
import { synthesize } from "../synthesized-stack.ts";

const MOST_ALARMS = 10;
const MOST_METRICS = 8;
const { template } = synthesize({ delivery: { mode: "lambda" } });
const page = readFileSync(new URL("../../../docs/operating/small-account.md", import.meta.url), "utf8");

interface Asked {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

const asked = Object.values(template.findResources("AWS::CloudWatch::Alarm")).flatMap(({ Properties }): Asked[] => [
  Properties,
  ...(Properties.Metrics ?? []).flatMap(
    ({ MetricStat }: { MetricStat?: { Metric: Asked } }) => MetricStat?.Metric ?? [],
  ),
]);

describe("the alarms of small-account mode", () => {
  it("are ten, each told to somebody, and none made of others", () => {
    const told = Object.fromEntries(alarmRows(template).map((row) => [row.id, row.told]));
    expect(told).toEqual({
      Canary: "page",
      SuccessBurn1h: "page",
      Lost: "page",
      OldestMessage: "page",
      StreamBehind: "page",
      NothingReleased: "page",
      LateBurn1h: "ticket",
      AuditSilent: "ticket",
      DeadLetters: "ticket",
      ProtectionOff: "ticket",
    });
    expect(Object.keys(told).length).toBeLessThanOrEqual(MOST_ALARMS);
    template.resourceCountIs("AWS::CloudWatch::CompositeAlarm", 0);
  });

  it("are each on the page of the mode", () => {
    for (const { id } of alarmRows(template)) expect(page).toContain(`\`${id}\``);
  });

  it("ask for a canary as often as there is one", () => {
    expect(alarmRows(template).find(({ id }) => id === "Canary")?.when).toBe("< 1 in 3 of 5 × 300 s");
  });

  it("rest on what the mode's programs publish", () => {
    const own = asked.filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    expect(own.length).toBeGreaterThan(0);
    for (const { MetricName = "", Dimensions = [] } of own) {
      expect(Dimensions.map(({ Name }) => Name)).toEqual(["service"]);
      expect(SMALL_ACCOUNT_METRICS[Dimensions[0]?.Value ?? ""]).toContain(MetricName);
    }
  });
});

describe("the metrics of small-account mode", () => {
  const functions = Object.values(template.findResources("AWS::Lambda::Function")).map(({ Properties }) => ({
    name: String(Properties.FunctionName),
    published: Properties.Environment?.Variables?.PUBLISHED_METRICS as string | undefined,
  }));

  it("are eight at most, with no dimension but the program's name, and one more once SMS cost too much", () => {
    const usual = Object.values(SMALL_ACCOUNT_METRICS)
      .flat()
      .filter((metric) => metric !== METRICS.smsOverCap);
    expect(usual.length).toBeLessThanOrEqual(MOST_METRICS);
  });

  it("are what each program is told to publish, and no program is told nothing", () => {
    // These count nothing.
    const told = functions.filter(({ name }) => name !== "signing-keys" && name !== "deployment-guard");
    expect(Object.fromEntries(told.map(({ name, published }) => [name, published]))).toEqual(
      Object.fromEntries(told.map(({ name }) => [name, (SMALL_ACCOUNT_METRICS[name] ?? []).join(",")])),
    );
  });

  it("are all of them in the standard mode", () => {
    const standard = Object.values(synthesize().template.findResources("AWS::Lambda::Function"));
    for (const { Properties } of standard) {
      const published: string | undefined = Properties.Environment?.Variables?.PUBLISHED_METRICS;
      if (published !== undefined) expect(publishes(published.split(","), "Anything")).toBe(true);
    }
  });
});
