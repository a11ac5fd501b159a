import { describe, expect, it } from "@jest/globals";
import { describeTrace } from "../../../local/tracing/describe-trace.ts";
import type { Document } from "../../../local/tracing/document-faults.ts";
import { traceTree, tracesOf } from "../../../local/tracing/trace-tree.ts";

const TRACE = "1-5759e988-bd862e3fe1be46a994272793";
const document = (name: string, id: string, at: number, more: Document = {}): Document => ({
  name,
  id,
  trace_id: TRACE,
  start_time: 1_465_510_280 + at,
  end_time: 1_465_510_280 + at + 0.05,
  ...more,
});
const kept = (...documents: Document[]) => documents.map((one) => ({ document: one, faults: [] }));

const annotations = { transaction: "t-1", merchant: "shop" };
const worker = document("confirmation-worker", "b", 0.2, {
  parent_id: "a",
  annotations: { ...annotations, attempt: 1, outcome: "status_5xx" },
  subsegments: [
    document("webhook", "c", 0.21, {
      fault: true,
      http: { request: { method: "POST", url: "https://shop.example/" }, response: { status: 503 } },
    }),
  ],
});
const stream = document("stream-transactions", "a", 0, { annotations });

describe("the documents of a trace", () => {
  it("are shown as a tree, in the order of time whatever the order they came in", () => {
    const all = kept(worker, stream);
    expect(tracesOf(all, "t-1")).toEqual([TRACE]);
    expect(describeTrace(TRACE, traceTree(all, TRACE))).toBe(
      [
        `Trace ${TRACE}: transaction t-1, merchant shop, began 2016-06-09T22:11:20.000Z, took 260 ms, 1 ` +
          "step that failed",
        "     begins      takes",
        "      +0 ms      50 ms  stream-transactions",
        "    +200 ms      50 ms  └─ confirmation-worker  attempt: 1  outcome: status_5xx",
        "    +210 ms      50 ms     └─ webhook  POST https://shop.example/  answered 503  FAULT",
        "",
      ].join("\n"),
    );
  });

  it("may have a hop before them that sent nothing here, and it is named", () => {
    const [root] = traceTree(kept(worker), TRACE);
    expect(root).toMatchObject({ name: "confirmation-worker", missingParent: "a" });
    expect(describeTrace(TRACE, traceTree(kept(worker), TRACE))).toContain("(after a, which sent nothing here)");
  });

  it("cannot steer the terminal, whatever a producer called its merchant", () => {
    const hostile = { ...stream, annotations: { transaction: "t-1", merchant: "\u001B[2Jshop\u202E\n\u009B1m" } };
    expect(describeTrace(TRACE, traceTree(kept(hostile), TRACE))).toContain(
      String.raw`merchant \u{1b}[2Jshop\u{202e}\u{a}\u{9b}1m,`,
    );
  });

  it("that are sent again take the place of the ones before", () => {
    const open = { ...stream, in_progress: true, end_time: undefined };
    const [root, ...others] = traceTree(kept(open, stream), TRACE);
    expect([root?.document, others]).toEqual([stream, []]);
  });

  it("are not those that X-Ray refuses, nor those of another transaction", () => {
    expect(tracesOf([{ document: stream, faults: ["id: got a"] }], "t-1")).toEqual([]);
    expect(tracesOf(kept(stream), "t-2")).toEqual([]);
  });
});
