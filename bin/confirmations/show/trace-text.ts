/**
 * A trace for a person: each hop below the one that it names as the one before, its steps below it, in the order of
 * time; when it began, how long it took, what it was and what came of it.
 */
import type { components } from "../api/api-types.ts";
import { printable } from "./printable.ts";

type Trace = components["schemas"]["TransactionTrace"]["traces"][number];
type Hop = components["schemas"]["TraceHop"];

const TIME_WIDTH = 11;
const SHOWN_ELSEWHERE = new Set(["transaction", "merchant"]);

export function traceText({ traceId, isComplete, hops }: Trace): string {
  const ids = new Set(hops.map(({ id }) => id));
  const below = Map.groupBy(hops, ({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : ""));
  const startedAt = Math.min(...hops.map(({ beganAt }) => Date.parse(beganAt)));
  const endedAt = Math.max(...hops.map(({ beganAt, durationMs }) => Date.parse(beganAt) + durationMs));
  const values = (name: string) => [...new Set(hops.flatMap(({ annotations = {} }) => annotations[name] ?? []))];
  const failed = hops.filter(({ flags = [] }) => flags.length > 0).length;
  const summary = [
    `transaction ${values("transaction").map(shown).join(", ")}`,
    ...values("merchant").map((merchant) => `merchant ${shown(merchant)}`),
    `began ${new Date(startedAt).toISOString()}`,
    `took ${took(endedAt - startedAt)}`,
    failed === 0 ? "nothing failed" : `${failed} step${failed === 1 ? "" : "s"} that failed`,
    ...(isComplete ? [] : ["not all of it"]),
  ];
  const drawn = new Set<string>();
  const draw = (hop: Hop, indent: string, isLast: boolean, isRoot: boolean): string[] => {
    // Whatever a document says of its parents, each is drawn once.
    if (drawn.has(hop.id)) return [];
    drawn.add(hop.id);
    const times = [`+${took(Date.parse(hop.beganAt) - startedAt)}`, hop.isOpen === true ? "…" : took(hop.durationMs)];
    const branch = isRoot ? "" : isLast ? "└─ " : "├─ ";
    const inner = isRoot ? indent : `${indent}${isLast ? "   " : "│  "}`;
    const children = below.get(hop.id) ?? [];
    return [
      `${times.map((time) => time.padStart(TIME_WIDTH)).join("")}  ${indent}${branch}${describe(hop, ids)}`,
      ...children.flatMap((child, index) => draw(child, inner, index === children.length - 1, false)),
    ];
  };
  const roots = below.get("") ?? [];
  const lines = roots.flatMap((root, index) => draw(root, "", index === roots.length - 1, true));
  const head = `${"begins".padStart(TIME_WIDTH)}${"takes".padStart(TIME_WIDTH)}`;
  return `Trace ${printable(traceId)}: ${summary.join(", ")}\n${head}\n${lines.join("\n")}\n`;
}

function describe(
  { name, parentId, operation, request, status, annotations = {}, flags = [] }: Hop,
  ids: Set<string>,
): string {
  const called = request && `${request.method ?? ""} ${request.url ?? ""}`.trim();
  const told = Object.entries(annotations).filter(([key]) => !SHOWN_ELSEWHERE.has(key));
  const parts = [
    name,
    ...(operation === undefined ? [] : [operation]),
    ...(called === undefined ? [] : [called, status === undefined ? "no answer" : `answered ${status}`]),
    ...told.map(([key, value]) => `${key}: ${String(value)}`),
    ...flags.map((flag) => flag.toUpperCase()),
    ...(parentId === undefined || ids.has(parentId) ? [] : [`(after ${parentId}, which sent nothing here)`]),
  ];
  return parts.map(printable).join("  ");
}

function shown(value: string | number | boolean): string {
  return printable(String(value));
}

function took(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
