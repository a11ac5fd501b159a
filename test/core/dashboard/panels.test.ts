import { describe, expect, it } from "@jest/globals";
import { METRICS, METRICS_NAMESPACE } from "../../../core/settings/names.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { compileMath } from "../../../core/dashboard/metric-math.ts";
import { isCalculated, measuredIn, type Series, type Value } from "../../../core/dashboard/panel.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { shortNumber, TONE_COLOURS } from "../../../core/dashboard/show.ts";

const place = {
  settings: parseSettings({ campaigns: ["spring-sale"] }),
  cluster: "c",
  service: "s",
  natGateways: ["nat-1"],
  functions: [{ name: "stream-transactions", memoryMiB: 512 }],
  logGroups: ["/logs"],
};
const panels = sectionsOf(place).flatMap((section) => section.panels);
const series: readonly Series[] = panels.flatMap((panel) => ("series" in panel ? panel.series : []));

function expressionsIn(value: Value): readonly (readonly [string, readonly string[]])[] {
  if (!isCalculated(value)) return [];
  return [[value.expression, Object.keys(value.using)], ...Object.values(value.using).flatMap(expressionsIn)];
}

describe("the panels", () => {
  it("have ids of their own, and rows that are full", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { panels: row } of sectionsOf(place))
      expect(row.reduce((sum, { columns }) => sum + columns, 0) % 24).toBe(0);
  });

  it("begin with the flow from left to right", () => {
    expect(panels.slice(0, 4).map(({ title }) => title)).toEqual(["In", "Queued", "Delivering", "Out"]);
  });

  it("have jobs where there is an API to ask for some, and no metric that is paid for", () => {
    const titlesOf = (api: object) =>
      sectionsOf({ ...place, settings: parseSettings({ api }) }).map(({ title }) => title);
    expect([titlesOf({}).includes("Jobs"), titlesOf({ cognito: true }).includes("Jobs")]).toEqual([false, true]);
    const withApi = sectionsOf({ ...place, settings: parseSettings({ api: { cognito: true } }) });
    const jobs = withApi.find(({ title }) => title === "Jobs");
    const measured = (jobs?.panels ?? []).flatMap((panel) =>
      "series" in panel ? panel.series.flatMap(({ value }) => measuredIn(value)) : [],
    );
    expect(measured.length).toBeGreaterThan(0);
    for (const { namespace } of measured) expect(namespace).toMatch(/^AWS\//);
  });

  it("ask for metrics that the pipeline publishes", () => {
    const own = series
      .flatMap(({ value }) => measuredIn(value))
      .filter(({ namespace }) => namespace === METRICS_NAMESPACE)
      .map(({ name }) => name);
    expect(own.length).toBeGreaterThan(10);
    expect(Object.values(METRICS) as string[]).toEqual(expect.arrayContaining(own));
  });

  it("have expressions that can be calculated, which name all that they are given", () => {
    for (const [expression, names] of series.flatMap(({ value }) => expressionsIn(value))) {
      expect(() => compileMath(expression)).not.toThrow();
      for (const name of names) expect(expression).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });

  it("ask PERIOD of metrics alone, as CloudWatch wants it", () => {
    for (const { value } of series)
      for (const of of [value, ...(isCalculated(value) ? Object.values(value.using) : [])])
        if (isCalculated(of))
          for (const [, name = ""] of of.expression.matchAll(/PERIOD\((\w+)\)/g))
            expect(isCalculated(of.using[name] as Value)).toBe(false);
  });
});

describe("the panels of campaigns", () => {
  const labels = Array.from({ length: 20 }, (_, index) => `label-${index}`);
  const sections = (input: unknown) =>
    sectionsOf({ ...place, settings: parseSettings(input) }).filter(({ title }) => title === "Campaigns");

  it("are there where labels are counted: each step by label, and the rest as other", () => {
    expect(sections({})).toEqual([]);
    expect(sections({ delivery: "lambda", campaigns: labels })).toEqual([]);
    const [section] = sections({ campaigns: labels });
    expect(section?.panels.map(({ title }) => title)).toEqual(["Sent", "Delivered", "Failed", "Acknowledged"]);
    for (const panel of section?.panels ?? [])
      expect("series" in panel && panel.series.map(({ label }) => label)).toEqual([...labels, "other"]);
  });

  it("have the metrics that are published, with a namespace of their own where the pipeline has a name", () => {
    const [section] = sections({ name: "acme", campaigns: ["reminder"] });
    const [sent] = section?.panels ?? [];
    const [first] = sent !== undefined && "series" in sent ? sent.series : [];
    expect(first && measuredIn(first.value)).toEqual([
      {
        namespace: "acme-ConfirmationPipeline",
        name: "CampaignSent",
        dimensions: { campaign: "reminder", channel: "webhook" },
        statistic: "Sum",
      },
    ]);
  });
});

describe("the colours", () => {
  const luminance = (colour: string): number => {
    const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
    const [red = 0, green = 0, blue = 0] = parts.map((part) =>
      part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((left, right) => left - right);
    return (high + 0.05) / (low + 0.05);
  };

  it.each(Object.entries(TONE_COLOURS))(
    "%s stands out from both grounds (WCAG 2.2, 1.4.11)",
    (_tone, { light, dark }) => {
      expect(contrast(light, "#ffffff")).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, "#181e27")).toBeGreaterThanOrEqual(3);
    },
  );
});

describe("numbers as text", () => {
  it.each([
    [undefined, "count", "–"],
    [0, "perSecond", "0/s"],
    [0.0432, "usdPerHour", "$0.043/h"],
    [12.345, "milliseconds", "12.3 ms"],
    [12_345, "milliseconds", "12.3 s"],
    [999_999, "count", "999,999"],
    [6_773_234, "count", "6.77 M"],
    [33.33, "percent", "33.3 %"],
  ] as const)("%d %s is %j", (value, unit, text) => {
    expect(shortNumber(value, unit)).toBe(text);
  });
});
