import { describe, expect, it } from "@jest/globals";
import { metricsOf } from "../../../core/dashboard/counted-metrics.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { parsePlace } from "../../../core/dashboard/place.ts";
import type { SettingsInput } from "../../../core/settings/settings.ts";
import { ALARMS_BYTES, PLACE_BYTES } from "../../../lib/confirmations-api/live-numbers.ts";
import { synthesize } from "../synthesized-stack.ts";

const API: SettingsInput = { api: { issuer: "https://issuer.example", audience: ["confirmations"] } };

/** What the function is told, with references as `named` has them. @default as what they refer to */
function variablesWith(
  settings: SettingsInput,
  named = (logicalId: string) => logicalId,
): Readonly<Record<string, string>> {
  const { template } = synthesize({ ...API, ...settings });
  const functions = Object.values(template.findResources("AWS::Lambda::Function"));
  const api = functions.find(({ Properties }) => String(Properties["FunctionName"]).endsWith("confirmations-api"));
  const variables = api?.["Properties"].Environment.Variables as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, textOf(value, named)]));
}

interface Intrinsic {
  readonly Ref?: string;
  readonly "Fn::GetAtt"?: readonly string[];
  readonly "Fn::Join"?: readonly [string, readonly unknown[]];
}

function textOf(value: unknown, named: (logicalId: string) => string): string {
  if (typeof value === "string") return value;
  const { Ref, "Fn::GetAtt": attribute, "Fn::Join": joined } = value as Intrinsic;
  if (joined !== undefined) return joined[1].map((part) => textOf(part, named)).join(joined[0]);
  return named(Ref ?? attribute?.[0] ?? "");
}

const placeIn = (variables: Readonly<Record<string, string>>) =>
  parsePlace(variables["LIVE_PLACE"] ?? "", { campaigns: [], channelKinds: [] });

describe("what the API is told for the Live page", () => {
  it("is where the dashboard's metrics are: functions with their memory, log groups, the service, NAT gateways", () => {
    const place = placeIn(variablesWith({}));
    expect(place.functions).toContainEqual({ name: "confirmations-api", memoryMiB: 1024 });
    // Made after the API.
    expect(place.functions.map(({ name }) => name)).toContain("insert-fake-transactions");
    expect(place.logGroups).toContain("/confirmation-pipeline/confirmation-worker");
    expect(place.logGroups).toContain("/aws/lambda/stream-transactions");
    expect(place.service).toMatch(/^ConfirmationWorkerService/);
    expect(place.natGateways).toHaveLength(2);
    expect(metricsOf(sectionsOf(place)).length).toBeGreaterThan(100);
  });

  it("has the names of a pipeline that has one, and no service in small-account mode", () => {
    const { functions, settings, service } = placeIn(variablesWith({ name: "live", delivery: { mode: "lambda" } }));
    expect(functions.map(({ name }) => name)).toContain("live-confirmation-transactions");
    expect([settings.name, service]).toEqual(["live", ""]);
  });

  it("leaves the settings' lists their room, with names as in an account, whatever its own, and the most zones", () => {
    const named = (id: string) =>
      /NATGateway/.test(id) ? "nat-0123456789abcdef0" : `ConfirmationPipeline-${id}-AbCdEfGhIjKl`;
    const insights = { merchants: true, containers: true };
    const most = { name: "a-name-of-16-abc", network: { zones: 3 }, insights, console: { clientId: "console" } };
    for (const settings of [{}, most]) {
      const { LIVE_PLACE = "", LIVE_ALARMS = "" } = variablesWith(settings, named);
      expect(LIVE_PLACE.length).toBeLessThanOrEqual(PLACE_BYTES);
      expect(LIVE_ALARMS.length).toBeLessThanOrEqual(ALARMS_BYTES);
    }
  });

  it("takes so much of the function's variables as decision 88 says, and metrics as its costs are of", () => {
    const variables = variablesWith({});
    const kept: Readonly<Record<string, number>> = { LIVE_PLACE: PLACE_BYTES, LIVE_ALARMS: ALARMS_BYTES };
    const bytes = Object.entries(variables)
      .filter(([name]) => name.startsWith("LIVE_"))
      .reduce((sum, [name, value]) => sum + name.length + (kept[name] ?? value.length), 0);
    expect(bytes).toBe(1046);
    expect(metricsOf(sectionsOf(placeIn(variables)))).toHaveLength(122);
  });

  it("has an alarm on a metric, whose name begins as those of all do, and each that is made of others", () => {
    const { LIVE_ALARMS = "" } = variablesWith({});
    const [plain, ...composite] = LIVE_ALARMS.split(",");
    expect(plain).toMatch(/^Alarms[A-Z]/);
    const names = composite.map((name) => /Alarms([A-Z][A-Za-z]+?)[0-9A-F]{8}$/.exec(name)?.[1]);
    expect(new Set(names)).toEqual(new Set(["HeldUp", "NotGettingThrough"]));
  });
});
