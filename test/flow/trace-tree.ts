/**
 * The documents of one trace as a tree: each hop below the one that it names as its parent, its steps below it, in the
 * order of time.
 */
import { type Document, textIn } from "../../local/tracing/document-faults.ts";
import type { KeptDocument } from "../../local/tracing/trace-file.ts";

export interface TraceNode {
  readonly id: string;
  readonly name: string;
  /** Names one that sent nothing here, such as a producer's own. */
  readonly missingParent?: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly document: Document;
  readonly children: readonly TraceNode[];
}

/** Ids of traces that have a hop of this transaction, oldest first. */
export function tracesOf(kept: readonly KeptDocument[], transactionId: string): string[] {
  const ids = usable(kept)
    .filter(({ annotations }) => (annotations as Document | undefined)?.["transaction"] === transactionId)
    .map((document) => textIn(document, "trace_id"));
  return [...new Set(ids)];
}

/** @returns the hops that have no other before them, with all that came after; one where the trace is connected */
export function traceTree(kept: readonly KeptDocument[], traceId: string): TraceNode[] {
  // A document that is sent again takes the place of the one before.
  const documents = new Map(
    usable(kept)
      .filter((document) => document["trace_id"] === traceId)
      .map((document) => [textIn(document, "id"), document]),
  );
  const parents = new Set([...documents.values()].flatMap(idsIn));
  const byParent = Map.groupBy(documents.values(), (document) => {
    const parent = document["parent_id"];
    return typeof parent === "string" && parents.has(parent) ? parent : "";
  });
  const nodeOf = (document: Document): TraceNode => {
    const id = textIn(document, "id");
    const parent = document["parent_id"];
    const isMissing = typeof parent === "string" && !parents.has(parent);
    const inner = (document["subsegments"] ?? []) as readonly Document[];
    const children = [...inner, ...(byParent.get(id) ?? [])].map(nodeOf);
    return {
      id,
      name: textIn(document, "name"),
      ...(isMissing && { missingParent: parent }),
      startedAt: Number(document["start_time"]) * 1000,
      endedAt: Number(document["end_time"] ?? document["start_time"]) * 1000,
      document,
      children: inTime(children),
    };
  };
  return inTime((byParent.get("") ?? []).map(nodeOf));
}

/** A node and all below it. */
export function allNodes(node: TraceNode): TraceNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

function usable(kept: readonly KeptDocument[]): Document[] {
  return kept.flatMap(({ document, faults }) => (document === undefined || faults.length > 0 ? [] : [document]));
}

function idsIn(document: Document): string[] {
  const inner = (document["subsegments"] ?? []) as readonly Document[];
  return [textIn(document, "id"), ...inner.flatMap(idsIn)];
}

function inTime(nodes: readonly TraceNode[]): TraceNode[] {
  return nodes.toSorted((one, other) => one.startedAt - other.startedAt || one.endedAt - other.endedAt);
}
