/** A trace for a person: when each hop and step began, how long it took, what it was and what came of it. */
import type { Document } from "./document-faults.ts";
import { allNodes, type TraceNode } from "./trace-tree.ts";

const TIME_WIDTH = 11;
const SHOWN_ELSEWHERE = new Set(["transaction", "merchant"]);

/** @param roots of one trace */
export function describeTrace(traceId: string, roots: readonly TraceNode[]): string {
  const nodes = roots.flatMap(allNodes);
  const startedAt = Math.min(...nodes.map((node) => node.startedAt));
  const endedAt = Math.max(...nodes.map((node) => node.endedAt));
  const values = (name: string) => [
    ...new Set(nodes.flatMap(({ document }) => annotation(document, name) ?? []).filter((value) => value !== "")),
  ];
  const faults = nodes.filter(({ document }) => flagsOf(document).length > 0).length;
  const summary = [
    `transaction ${values("transaction").join(", ")}`,
    ...values("merchant").map((merchant) => `merchant ${merchant}`),
    `began ${new Date(startedAt).toISOString()}`,
    `took ${took(endedAt - startedAt)}`,
    faults === 0 ? "nothing failed" : `${faults} step${faults === 1 ? "" : "s"} that failed`,
  ];
  const lines = roots.flatMap((root, index) => linesOf(root, startedAt, "", index === roots.length - 1, true));
  return (
    `Trace ${traceId}: ` +
    `${summary.join(", ")}\n${"begins".padStart(TIME_WIDTH)}${"takes".padStart(TIME_WIDTH)}\n${lines.join("\n")}\n`
  );
}

function linesOf(node: TraceNode, from: number, indent: string, isLast: boolean, isRoot = false): string[] {
  const times = [`+${took(node.startedAt - from)}`, took(node.endedAt - node.startedAt)];
  const branch = isRoot ? "" : isLast ? "└─ " : "├─ ";
  const below = isRoot ? indent : `${indent}${isLast ? "   " : "│  "}`;
  const line = `${times.map((time) => time.padStart(TIME_WIDTH)).join("")}  ${indent}${branch}${describe(node)}`;
  return [
    line,
    ...node.children.flatMap((child, index) => linesOf(child, from, below, index === node.children.length - 1)),
  ];
}

function describe({ name, document, missingParent }: TraceNode): string {
  const details = [...calls(document), ...annotations(document)];
  const outside = missingParent === undefined ? [] : [`(after ${missingParent}, which sent nothing here)`];
  return [name, ...details, ...flagsOf(document).map((flag) => flag.toUpperCase()), ...outside].join("  ");
}

function calls({ http, aws }: Document): string[] {
  const operation = (aws as { operation?: string } | undefined)?.operation;
  const { request, response } = (http ?? {}) as {
    request?: { method?: string; url?: string };
    response?: { status?: number };
  };
  const answer = response?.status === undefined ? "no answer" : `answered ${response.status}`;
  return [
    ...(operation === undefined ? [] : [operation]),
    ...(request === undefined ? [] : [`${request.method ?? ""} ${request.url ?? ""}`, answer]),
  ];
}

function annotations(document: Document): string[] {
  return Object.entries((document["annotations"] ?? {}) as Document).flatMap(([name, value]) =>
    SHOWN_ELSEWHERE.has(name) ? [] : [`${name}: ${shown(value)}`],
  );
}

function annotation(document: Document, name: string): string | undefined {
  const value = (document["annotations"] as Document | undefined)?.[name];
  return value === undefined ? undefined : shown(value);
}

function shown(value: unknown): string {
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

/** Ids are whatever a producer wrote: what would steer the terminal is shown as its code. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`);
}

function flagsOf(document: Document): string[] {
  return ["error", "throttle", "fault"].filter((flag) => document[flag] === true);
}

function took(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
