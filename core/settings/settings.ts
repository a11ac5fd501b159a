/**
 * What a user may set. The stack reads nothing else: `cdk deploy -c settings='{"worker":{"maxTasks":40}}'`, `cdk.json`,
 * and the stack on this machine all pass through `parseSettings`, which reports every fault at once.
 */
import type { z } from "zod";
import { PipelineError } from "../errors/pipeline-error.ts";
import { type ApiSettings, withLimits } from "./groups/api.ts";
import { STREAM_DEFAULTS, type StreamDefaults } from "./groups/capacity.ts";
import { defaultsOf } from "./mode-defaults.ts";
import { describeFaults, settingPaths, shortly } from "./settings-faults.ts";
import { settingsSchema } from "./settings-schema.ts";
import { leastRateFor, releaseRateFor, type Sizes, sizesFor } from "./sizes.ts";

type Given = z.infer<typeof settingsSchema>;

/** All settings, filled with their defaults and frozen. */
export type Settings = Readonly<
  Omit<
    Given,
    | "api"
    | "worker"
    | "targetRatePerSecond"
    | "peakRatePerSecond"
    | "dueShards"
    | "release"
    | "canary"
    | "capacity"
    | "stream"
  > & {
    readonly api: ApiSettings;
    readonly targetRatePerSecond: number;
    readonly peakRatePerSecond: number;
    readonly dueShards: number;
    readonly capacity: Omit<Given["capacity"], "leastRatePerSecond"> & { readonly leastRatePerSecond: number };
    readonly stream: Required<StreamDefaults>;
    readonly canary: Omit<Given["canary"], "everyMinutes"> & { readonly everyMinutes: number };
    readonly release: Omit<Given["release"], "ratePerSecond"> & { readonly ratePerSecond: number };
    readonly worker: Omit<Given["worker"], "minTasks" | "maxTasks"> & Pick<Sizes, "minTasks" | "maxTasks">;
  }
>;

/** What a user writes: every setting may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Settings that cannot be used; the message lists every fault with its path. */
export class SettingsError extends PipelineError {
  override readonly name = "SettingsError";
  readonly code = "SETTINGS_INVALID";
}

/**
 * Checks what a user wrote and fills in the defaults.
 *
 * @param input an object, the same as JSON text, nothing for all defaults, or what this has given back before
 * @throws SettingsError that lists every fault
 */
export function parseSettings(input: unknown): Settings {
  if (isParsed(input)) return input;
  const given = input === undefined ? {} : inGroups(fromText(input));
  const parsed = settingsSchema.safeParse(given, { reportInput: true });
  if (parsed.success) {
    const settings = deepFreeze(withSizes(parsed.data));
    parsedOnce.add(settings);
    return settings;
  }
  const faults = describeFaults(parsed.error.issues, settingPaths(settingsSchema));
  throw new SettingsError(
    "These settings cannot be " +
      `used:\n${faults.map((fault) => `  ${fault}`).join("\n")}\nSee docs/operating/settings.md.`,
  );
}

/** `{"delivery":"lambda"}` as the group that it is short for; all else as it is. */
export function inGroups(input: unknown): unknown {
  if (typeof input !== "object" || input === null || !("delivery" in input)) return input;
  return typeof input.delivery === "string" ? { ...input, delivery: { mode: input.delivery } } : input;
}

/** Of this process: what was parsed once is as it is. */
const parsedOnce = new WeakSet<object>();

function isParsed(input: unknown): input is Settings {
  return typeof input === "object" && input !== null && parsedOnce.has(input);
}

function withSizes(given: Given): Settings {
  const defaults = defaultsOf(given.delivery.mode);
  const targetRatePerSecond = given.targetRatePerSecond ?? defaults.targetRatePerSecond;
  const { peakRatePerSecond, minTasks, maxTasks } = sizesFor({ ...given, targetRatePerSecond });
  const ratePerSecond = releaseRateFor(targetRatePerSecond, given.release.ratePerSecond);
  return {
    ...given,
    targetRatePerSecond,
    peakRatePerSecond,
    dueShards: given.dueShards ?? defaults.dueShards,
    api: withLimits(given.api, targetRatePerSecond),
    worker: { ...given.worker, minTasks, maxTasks },
    release: { ...given.release, ratePerSecond },
    capacity: {
      ...given.capacity,
      leastRatePerSecond: given.capacity.leastRatePerSecond ?? leastRateFor(targetRatePerSecond),
    },
    stream: { ...STREAM_DEFAULTS[given.capacity.mode], ...definedOf(given.stream) },
    canary: { ...given.canary, everyMinutes: given.canary.everyMinutes ?? defaults.canaryEveryMinutes },
  };
}

/** Without what was given as undefined. */
function definedOf<Group extends object>(group: Group): { [Name in keyof Group]?: NonNullable<Group[Name]> } {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined)) as never;
}

function fromText(input: unknown): unknown {
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new SettingsError(
      `The settings are not JSON, got ${shortly(input)}. Expected an object such as {"worker":{"maxTasks":40}}.`,
      { cause },
    );
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
