/**
 * Settings that were given and that nothing reads in the mode that was chosen, or without the API, by name: who set one
 * is told rather than left to wonder. What is given as its default is not told.
 */
import { countedCampaigns } from "./campaign-metrics.ts";
import { hasApi } from "./groups/api.ts";
import { parseSettings, type Settings } from "./settings.ts";

/** Groups that one mode alone reads. */
const READ_BY = { fargate: ["worker", "network"], lambda: ["lambda"] } as const;

/** @returns paths, such as `worker.cpu` */
export function ignoredSettings(settings: Settings): readonly string[] {
  const { delivery, targetRatePerSecond, peakRatePerSecond, network } = settings;
  const unset = parseSettings({ delivery: { mode: delivery.mode }, targetRatePerSecond, peakRatePerSecond });
  // Numbers of tasks follow from the zones too.
  const { worker } = parseSettings({ targetRatePerSecond, peakRatePerSecond, network: { zones: network.zones } });
  const plain = { ...unset, worker };
  const ofApi = hasApi(settings)
    ? []
    : [...changed("api", settings.api, plain.api), ...changed("console", settings.console, plain.console)];
  const groups = READ_BY[delivery.mode === "lambda" ? "fargate" : "lambda"];
  const ofLabels = settings.campaigns.length > 0 && countedCampaigns(settings).length === 0 ? ["campaigns"] : [];
  return [...ofApi, ...ofLabels, ...groups.flatMap((group) => changed(group, settings[group], plain[group]))];
}

function changed(group: string, settings: object, plain: object): string[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    JSON.stringify(value) === JSON.stringify(plain[name as never]) ? [] : [`${group}.${name}`],
  );
}
