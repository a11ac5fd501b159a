/** Settings of several places made into one: those of a project, of this machine, of whoever starts the stack. */
import { inGroups, type SettingsInput } from "../core/settings/settings.ts";
import { LOCAL_SETTINGS } from "./local-settings.ts";

/** Those of this machine, short waits and merchants on loopback, with the ones given over them, group by group. */
export function localSettings(over: SettingsInput = {}): SettingsInput {
  return mergeSettings(LOCAL_SETTINGS, over);
}

/**
 * The second ones over the first ones, group by group; lists are replaced whole, but for `delivery.allowDestinations`:
 * who allows one destination more goes on with those that this machine needs. `refuseDestinations` takes one away.
 */
export function mergeSettings(under: SettingsInput, over: SettingsInput): SettingsInput {
  const [some, more] = [inGroups(under), inGroups(over)] as [SettingsInput, SettingsInput];
  const merged = merge(some, more) as SettingsInput;
  const lists = [some, more].map(({ delivery }) => delivery?.allowDestinations);
  if (!lists.every(Array.isArray)) return merged;
  return { ...merged, delivery: { ...merged.delivery, allowDestinations: [...new Set(lists.flat())] } };
}

function merge(under: unknown, over: unknown): unknown {
  if (!isPlainObject(under) || !isPlainObject(over)) return over === undefined ? under : over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(under[key], over[key])]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
