import { beforeAll, describe, expect, it } from "@jest/globals";
import { parseSettings, type SettingsInput } from "../../../../core/settings/settings.ts";
import type { Cost } from "../../../../lib/cost/cost-item.ts";
import { type Age, perMillion } from "../../../../lib/cost/per-million/per-million.ts";
import type { Template } from "../../../../lib/cost/template.ts";
import { synthesize } from "../../synthesized-stack.ts";
import { LEAN_SETTINGS, PROVISIONED_SETTINGS } from "../../../../tools/cost/settings.ts";
import { runScenario } from "../../../../tools/simulate/run/run-scenario.ts";

const templates = new Map<string, Template>();
/** Synthesized once for all settings that a template differs by. */
function templateOf(settings: SettingsInput): Template {
  const { retention: _, audit: __, tracing: ___, ...rest } = settings;
  const key = JSON.stringify(rest);
  const template = templates.get(key) ?? (synthesize(rest).template.toJSON() as Template);
  templates.set(key, template);
  return template;
}
const costOf = (settings: SettingsInput, age: Age): Cost =>
  perMillion({ template: templateOf(settings), settings: parseSettings(settings) }, age);
const usdOf = ({ items }: Cost, item: string) => items.find((one) => one.item === item)?.usd ?? 0;

describe("what a million confirmations cost", () => {
  let young: Cost;
  let old: Cost;
  beforeAll(() => {
    young = costOf({}, "young");
    old = costOf({}, "old");
  });

  it("is the sum of its items, each with what it is of", () => {
    for (const { usd, items } of [young, old]) {
      expect(items.reduce((sum, one) => sum + one.usd, 0)).toBeCloseTo(usd, 6);
      expect(items.filter(({ of }) => of === "")).toStrictEqual([]);
    }
  });

  it("has events where they are asked for alone, at a publication for ten of them or less", () => {
    expect([usdOf(young, "Events"), usdOf(young, "publish-events")]).toEqual([0, 0]);
    const events = costOf({ events: { enabled: true } }, "young");
    expect(usdOf(events, "Events")).toBeGreaterThanOrEqual((2 / 10) * 0.5);
    expect(usdOf(events, "publish-events")).toBeGreaterThan(0);
    for (const item of ["Table writes", "Table reads", "Queue requests", "stream-transactions"])
      expect(usdOf(events, item)).toBe(usdOf(young, item));
  });

  it("is five write units on demand, at their price", () => {
    expect(usdOf(young, "Table writes")).toBeCloseTo(5 * 0.625, 4);
  });

  it("is what the simulation counts at the target rate, within a tenth", async () => {
    const options = { scenario: "steady", policy: "pipeline", seed: 1, sample: 100, writesForSeconds: 240 } as const;
    const { result } = await runScenario({ ...options, settings: parseSettings({}) });
    expect(Math.abs(young.usd - result.usdPerMillion)).toBeLessThan(young.usd / 10);
  });

  it("grows with the table: what is kept is stored, backed up and audited, and batches of its stream are small", () => {
    for (const item of ["Storage", "Backups", "Audits", "Manifests"]) {
      expect(usdOf(young, item)).toBe(0);
      expect(usdOf(old, item)).toBeGreaterThan(0);
    }
    expect(usdOf(old, "stream-transactions")).toBeGreaterThan(usdOf(young, "stream-transactions"));
  });

  it("falls with what is kept for less time, audited less often, traced less, gathered longer", () => {
    const lean = (settings: SettingsInput, item: string) => usdOf(costOf(settings, "old"), item) / usdOf(old, item);
    expect(lean({ retention: { settledDays: 14 } }, "Storage")).toBeCloseTo(14 / 90, 3);
    expect(lean({ audit: { tableEveryHours: 168 } }, "Audits")).toBeLessThan(0.4);
    expect(lean({ tracing: { share: 0.01 } }, "Traces")).toBeLessThan(0.3);
    expect(lean({ stream: { batchingWindowSeconds: 2, lanesPerShard: 1 } }, "stream-transactions")).toBeLessThan(0.5);
  });

  it("pays in small-account mode for functions that wait for merchants, for no tasks and no NAT gateways", () => {
    const small = costOf({ delivery: { mode: "lambda" } }, "young");
    expect(usdOf(small, "confirmation-transactions")).toBeGreaterThan(0);
    expect(usdOf(small, "Fargate")).toBe(0);
    expect(usdOf(small, "To merchants")).toBeCloseTo(2400 * 1e-3 * 0.09, 3);
  });

  it("is at most $5.5 in an old table with provisioned capacity, and $3.0 lean", () => {
    expect(costOf(PROVISIONED_SETTINGS, "old").usd).toBeLessThanOrEqual(5.5);
    expect(costOf(LEAN_SETTINGS, "old").usd).toBeLessThanOrEqual(3);
  });

  it("pays for provisioned capacity what is there, more the less of it is to be used", () => {
    const template = templateOf(PROVISIONED_SETTINGS);
    const writes = (utilizationPercent: number) => {
      const settings = parseSettings({ capacity: { mode: "provisioned", utilizationPercent } });
      return usdOf(perMillion({ template, settings }, "young"), "Table writes");
    };
    expect(writes(70)).toBeCloseTo(((5 * 0.00065) / 3600 / 0.7) * 1e6, 3);
    expect(writes(35)).toBeCloseTo(2 * writes(70), 3);
  });
});
