/** Faults that a schema found, each with its place. Values are told short: they may be anything, and of any size. */
import type { core } from "zod";
import type { FaultAt } from "./problem.ts";

/** One fault for each place. */
export function faultsOfZod({ issues }: { readonly issues: readonly core.$ZodIssue[] }): FaultAt[] {
  const faults = issues.flatMap((issue): FaultAt[] => {
    if (issue.code !== "unrecognized_keys") return [{ pointer: pointerOf(issue.path), detail: issue.message }];
    return issue.keys.map((key) => ({
      pointer: pointerOf([...issue.path, key]),
      detail: "is none of the members that are known here",
    }));
  });
  return faults.filter(({ pointer }, index) => faults.findIndex((fault) => fault.pointer === pointer) === index);
}

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
