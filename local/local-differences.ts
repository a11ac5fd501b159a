/**
 * What `npm start` has other than a deployment by default: said at its start, so that nobody takes the waits and
 * deadlines of this machine for those of an account.
 */
import { parseSettings, type Settings } from "../core/settings/settings.ts";
import { LOCAL_SETTINGS } from "./local-settings.ts";

/** `delivery.deadlineMs 5000 (deployed: 10000)`, …, as the stack runs; nothing of what is as in a deployment. */
export function localDifferences(settings: Settings): string[] {
  const deployed = parseSettings({});
  return pathsOf(LOCAL_SETTINGS, []).flatMap((path) => {
    const [here, there] = [valueAt(settings, path), valueAt(deployed, path)].map((value) => JSON.stringify(value));
    return here === there ? [] : [`${path.join(".")} ${here} (deployed: ${there ?? "none"})`];
  });
}

function pathsOf(value: unknown, path: readonly string[]): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

function valueAt(settings: unknown, path: readonly string[]): unknown {
  return path.reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
}
