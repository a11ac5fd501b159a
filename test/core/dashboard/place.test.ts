import { describe, expect, it } from "@jest/globals";
import { metricsOf } from "../../../core/dashboard/counted-metrics.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { parsePlace, placeText } from "../../../core/dashboard/place.ts";
import { countedCampaigns } from "../../../core/settings/campaign-metrics.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { physicalLogGroup, physicalName } from "../../../core/settings/physical-names.ts";
import { parseSettings, type SettingsInput } from "../../../core/settings/settings.ts";

const API: SettingsInput = { api: { issuer: "https://issuer.example", audience: ["confirmations"] } };

const placeWith = (given: SettingsInput) => {
  const settings = parseSettings({ ...API, ...given });
  return {
    settings,
    cluster: "cluster",
    service: "service",
    natGateways: ["nat-1", "nat-2"],
    functions: [
      ...Object.values(FUNCTION_NAMES).map((name, index) => ({
        name: physicalName(settings, name),
        memoryMiB: index % 2 === 0 ? 512 : 1024,
      })),
      { name: "somebody-elses", memoryMiB: 128 },
    ],
    logGroups: ["/aws/lambda/somebody-elses", physicalLogGroup(settings, "/confirmation-pipeline/confirmation-worker")],
  };
};

describe("a place as text", () => {
  it.each([
    ["by default", {}],
    ["of a pipeline with a name", { name: "live" }],
    [
      "with all that has panels",
      { events: { enabled: true }, campaigns: ["spring-sale"], insights: { merchants: true } },
    ],
    ["in small-account mode", { delivery: { mode: "lambda" as const }, campaigns: ["spring-sale"] }],
  ])("has the same panels when it is read back, %s", (_what, given) => {
    const place = placeWith(given);
    const { settings } = place;
    const back = parsePlace(placeText(place), {
      campaigns: countedCampaigns(settings),
      channelKinds: settings.channels.kinds,
    });
    const own = place.functions.map(({ name }) => `/aws/lambda/${name}`);
    const all = { ...place, logGroups: [...new Set([...own, ...place.logGroups])] };
    const known = (metrics: ReturnType<typeof metricsOf>) => metrics.map((metric) => JSON.stringify(metric)).toSorted();
    expect(known(metricsOf(sectionsOf(back)))).toEqual(known(metricsOf(sectionsOf(all))));
    const panels = (sections: ReturnType<typeof sectionsOf>) =>
      sections.map(({ title, panels: own_ }) => [title, own_.map(({ id, title: said, help }) => [id, said, help])]);
    expect(panels(sectionsOf(back))).toEqual(panels(sectionsOf(all)));
  });
});

describe("logs in a place as text", () => {
  it.each([undefined, "live"])("are short and the same when they are read back, of a pipeline named %s", (name) => {
    const place = placeWith({ name });
    const text = placeText(place);
    expect(text).toContain('"logs":["~confirmation-worker"]');
    const { logGroups } = parsePlace(text, { campaigns: [], channelKinds: [] });
    expect(logGroups).toEqual(expect.arrayContaining([...place.logGroups]));
  });
});

describe("the metrics of all panels", () => {
  it("are few enough to be read each minute: $0.01 for a thousand", () => {
    const metrics = metricsOf(sectionsOf(placeWith({ events: { enabled: true }, insights: { merchants: true } })));
    expect(metrics.length).toBeLessThanOrEqual(160);
  });

  it("are sums where they are shown over the whole time, as only those can be added up", () => {
    const ranges = sectionsOf(placeWith({})).flatMap(({ panels }) =>
      panels.filter((panel) => panel.kind === "numbers" && panel.over === "range"),
    );
    expect(ranges.length).toBeGreaterThan(0);
    expect(metricsOf([{ title: "", panels: ranges }]).map(({ statistic }) => statistic)).not.toContain("Average");
    for (const { statistic } of metricsOf([{ title: "", panels: ranges }])) expect(statistic).toBe("Sum");
  });
});
