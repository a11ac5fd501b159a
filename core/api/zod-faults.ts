/** Faults that a schema found, each with its place. Values are told short: they may be anything, and of any size. */
import type { core } from "zod";
import { type FaultAt, MOST_FAULTS } from "./problem.ts";

/** The first fault of each place, MOST_FAULTS of them. */
export function faultsOfZod({ issues }: { readonly issues: readonly core.$ZodIssue[] }): FaultAt[] {
  const faults = new Map<string, FaultAt>();
  const tell = (path: readonly PropertyKey[], detail: string): void => {
    const pointer = pointerOf(path);
    if (faults.size < MOST_FAULTS && !faults.has(pointer)) faults.set(pointer, { pointer, detail });
  };
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") tell(issue.path, issue.message);
    else
      for (const key of issue.keys.slice(0, MOST_FAULTS))
        tell([...issue.path, key], "is none of the members that are known here");
  }
  return [...faults.values()];
}

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
