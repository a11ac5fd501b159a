/**
 * What panels have to know of where the pipeline runs: names and sizes that differ from one deployment to the next. As
 * a text it is what the API's function is told of it.
 */
import type { CampaignSettings } from "../settings/campaign-metrics.ts";
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES } from "../settings/names.ts";
import { FUNCTION_LOGS, type Named, OTHER_LOGS, physicalLogGroup, physicalName } from "../settings/physical-names.ts";
import type { Settings } from "../settings/settings.ts";

export interface Place {
  readonly settings: PlaceSettings & CampaignSettings;
  readonly cluster: string;
  readonly service: string;
  readonly natGateways: readonly string[];
  readonly functions: readonly { readonly name: string; readonly memoryMiB: number }[];
  /** With what the pipeline writes into them. */
  readonly logGroups: readonly string[];
}

interface PlaceSettings {
  readonly name?: string | undefined;
  readonly worker: Readonly<Record<"cpu" | "memoryMiB" | "minTasks" | "maxTasks", number>>;
  readonly insights: Pick<Settings["insights"], "merchants" | "containers">;
  readonly events: Pick<Settings["events"], "enabled">;
  readonly api: Pick<Settings["api"], "issuer" | "cognito">;
}

type Mode = Settings["delivery"]["mode"];

/** Labels and kinds of channel, which a function is told apart. */
export interface CountedApart {
  readonly campaigns: readonly string[];
  readonly channelKinds: Settings["channels"]["kinds"];
}

/** Short, as a function's variables together have 4 KB. */
interface Written {
  readonly name?: string | undefined;
  readonly mode: Mode;
  readonly worker: readonly [cpu: number, memoryMiB: number, minTasks: number, maxTasks: number];
  readonly insights: readonly [merchants: boolean, containers: boolean];
  readonly events: boolean;
  readonly service: readonly [cluster: string, service: string];
  readonly nat: readonly string[];
  /** By memory in MiB; those of the pipeline by their places in the list of all, which is the same in one build. */
  readonly functions: Readonly<Record<number, readonly (number | string)[]>>;
  /** Those that are not of a function of the list. */
  readonly logs: readonly string[];
}

const FUNCTIONS: readonly string[] = Object.values({ ...FUNCTION_NAMES, ...DEPLOYMENT_FUNCTION_NAMES });
/** In the place of what names of other logs begin with; no name of a log begins with it. */
const OTHER_LOGS_WRITTEN = "~";

/** @returns JSON, with what only a deployment knows as the CDK's tokens */
export function placeText({ settings, ...place }: Place): string {
  const { worker, insights } = settings;
  const ofFunctions = new Set(place.functions.map(({ name }) => FUNCTION_LOGS + name));
  const written: Written = {
    ...(settings.name !== undefined && { name: settings.name }),
    mode: settings.delivery.mode,
    worker: [worker.cpu, worker.memoryMiB, worker.minTasks, worker.maxTasks],
    insights: [insights.merchants, insights.containers],
    events: settings.events.enabled,
    service: [place.cluster, place.service],
    nat: place.natGateways,
    functions: Object.fromEntries(
      [...Map.groupBy(place.functions, ({ memoryMiB }) => memoryMiB)].map(([memoryMiB, functions]) => [
        memoryMiB,
        functions.map(({ name }) => placeInList(settings, name)),
      ]),
    ),
    logs: place.logGroups.filter((group) => !ofFunctions.has(group)).map((group) => shortLog(settings, group)),
  };
  return JSON.stringify(written);
}

/** Of a stack that has the API, which alone asks. */
export function parsePlace(text: string, { campaigns, channelKinds }: CountedApart): Place {
  const { name, mode, worker, insights, events, service, nat, functions, logs } = JSON.parse(text) as Written;
  const [cpu, memoryMiB, minTasks, maxTasks] = worker;
  const [merchants, containers] = insights;
  const known = Object.entries(functions).flatMap(([memory, ones]) =>
    ones.map((one) => ({ name: nameInList({ name }, one), memoryMiB: Number(memory) })),
  );
  return {
    settings: {
      ...(name !== undefined && { name }),
      worker: { cpu, memoryMiB, minTasks, maxTasks },
      insights: { merchants, containers },
      events: { enabled: events },
      api: { cognito: true },
      campaigns: [...campaigns],
      delivery: { mode },
      // Where nothing is counted there are no labels.
      lambda: { campaignMetrics: true },
      channels: { kinds: channelKinds },
    },
    cluster: service[0],
    service: service[1],
    natGateways: nat,
    functions: known,
    logGroups: [...known.map((one) => FUNCTION_LOGS + one.name), ...logs.map((written) => wholeLog({ name }, written))],
  };
}

/** @returns the name itself where it is none of the pipeline's */
function placeInList(named: Named, name: string): number | string {
  const index = FUNCTIONS.findIndex((inCode) => physicalName(named, inCode) === name);
  return index < 0 ? name : index;
}

function nameInList(named: Named, one: number | string): string {
  return typeof one === "string" ? one : physicalName(named, FUNCTIONS[one] ?? "");
}

function shortLog(named: Named, group: string): string {
  const beginning = physicalLogGroup(named, OTHER_LOGS);
  return group.startsWith(beginning) ? OTHER_LOGS_WRITTEN + group.slice(beginning.length) : group;
}

function wholeLog(named: Named, written: string): string {
  return written.startsWith(OTHER_LOGS_WRITTEN)
    ? physicalLogGroup(named, OTHER_LOGS) + written.slice(OTHER_LOGS_WRITTEN.length)
    : written;
}
