import { describe, expect, it } from "@jest/globals";
import type { TraceHop } from "../../../core/telemetry/trace-hop.ts";
import type { Call } from "../../../core/delivery/attempt.ts";
import { text, transactionRow } from "../../support/rows.ts";
import { workerHarness } from "../../support/worker-harness.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";
const SAMPLED = `Root=${ROOT};Parent=${PARENT};Sampled=1`;
const TRACEPARENT_ROOT = "5759e988bd862e3fe1be46a994272793";

/** A bench whose hops and calls are kept. */
function tracedHarness(row = transactionRow(), more: Parameters<typeof workerHarness>[1] = {}) {
  const hops: TraceHop[] = [];
  const calls: Call[] = [];
  const harness = workerHarness(row, {
    telemetry: { hops: { send: (hop) => void hops.push(hop) } },
    ...more,
    merchants: {
      call: async (call) => {
        calls.push(call);
        return harness.answer();
      },
      ...more.merchants,
    },
  });
  return { harness, hops, calls };
}

describe("a message whose way is traced", () => {
  it("leaves a hop in the name of the program that handles it", async () => {
    const hops: TraceHop[] = [];
    const program = { name: "confirmation-transactions", origin: "AWS::Lambda::Function" };
    const { harness } = tracedHarness(transactionRow(), {
      telemetry: { hops: { send: (hop) => void hops.push(hop) }, program },
    });
    await harness.handle({ trace: SAMPLED });
    expect(hops).toEqual([expect.objectContaining(program)]);
  });

  it("leaves a hop of its attempt: its wait in the queue, the call, the record", async () => {
    const { harness, hops, calls } = tracedHarness();
    await harness.handle({ trace: SAMPLED });

    expect(hops).toEqual([
      expect.objectContaining({
        name: "confirmation-worker",
        origin: "AWS::ECS::Container",
        trace: { root: ROOT, parent: PARENT, isSampled: true },
        flags: [],
        annotations: { transaction: "t-1", merchant: "m-1", attempt: 1, outcome: "delivered" },
        metadata: { version: 1, release: 0 },
      }),
    ]);
    const [, webhook] = hops[0]?.steps ?? [];
    expect(hops[0]?.steps.map(({ name }) => name)).toEqual(["queue", "webhook", "DynamoDB"]);
    expect(webhook).toMatchObject({
      namespace: "remote",
      flags: [],
      http: { request: { method: "POST", url: "https://merchant.example/" }, response: { status: 200 } },
    });
    expect(calls.map(({ traceparent }) => traceparent)).toEqual([`00-${TRACEPARENT_ROOT}-${webhook?.id}-01`]);
  });

  it.each([
    ["status_429", 429, ["error", "throttle"]],
    ["status_4xx", 404, ["error"]],
    ["redirect", 301, ["error"]],
    ["status_5xx", 503, ["fault"]],
    ["timeout", undefined, ["fault"]],
  ] as const)("has its call flagged as X-Ray does: %s", async (failureClass, status, flags) => {
    const { harness, hops } = tracedHarness();
    harness.answer = () => ({
      kind: "failed",
      class: failureClass,
      error: "no",
      ...(status !== undefined && { status }),
    });
    await harness.handle({ trace: SAMPLED });
    expect(hops[0]?.steps.find(({ name }) => name === "webhook")?.flags).toEqual(flags);
    expect(hops[0]?.annotations["outcome"]).toBe(failureClass);
  });

  it("goes on after it was parked: the row holds the hop that parked it", async () => {
    const { harness, hops } = tracedHarness();
    harness.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "no" });
    await harness.handle({ trace: SAMPLED });
    const noted = harness.table.row("t-1")["sampledTrace"]?.S ?? "";
    expect(noted).toBe(`Root=${ROOT};Parent=${hops[0]?.id};Sampled=1`);
  });

  it("takes its trace along into the dead letter", async () => {
    const { harness, hops } = tracedHarness(transactionRow({ amount: text("much") }));
    await harness.handle({ trace: SAMPLED });
    expect(JSON.parse(harness.deadLetters.messages[0]?.body ?? "")).toMatchObject({
      trace: `Root=${ROOT};Parent=${hops[0]?.id};Sampled=1`,
    });
    expect(hops[0]).toMatchObject({ flags: ["fault"], annotations: { outcome: "row_invalid" } });
  });

  it("says why it was left in the queue", async () => {
    const { harness, hops } = tracedHarness(transactionRow(), {
      merchants: { prepare: () => Promise.reject(new Error("throttled")) },
    });
    await harness.handle({ trace: SAMPLED });
    expect(hops[0]).toMatchObject({
      flags: ["fault"],
      annotations: { outcome: "left in the queue" },
      metadata: { error: "Error: throttled" },
    });
  });
});

describe("a message whose way is not traced", () => {
  it.each([
    ["without a trace", undefined, undefined],
    ["decided against", `Root=${ROOT};Parent=${PARENT};Sampled=0`, `00-${TRACEPARENT_ROOT}-${PARENT}-00`],
    ["undecided", `Root=${ROOT};Parent=${PARENT}`, `00-${TRACEPARENT_ROOT}-${PARENT}-00`],
    ["with a header that is none", "Root=1-2-3\r\nx: y;Sampled=1", undefined],
  ])("leaves nothing, and its merchant learns at most that: %s", async (_, trace, traceparent) => {
    const { harness, hops, calls } = tracedHarness();
    harness.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "no" });
    await harness.handle(trace === undefined ? {} : { trace });
    expect(hops).toEqual([]);
    expect(calls.map((call) => call.traceparent)).toEqual([traceparent]);
    expect(harness.table.row("t-1")).not.toHaveProperty("sampledTrace");
  });
});

describe("a row that is called in the place of one behind it", () => {
  const ordered = { orderingKey: text("k") };
  const behind = transactionRow({ transactionId: text("t-2"), ...ordered, orderingAfter: text("t-1") });

  async function handled(trace: string, own: Parameters<typeof transactionRow>[0] = {}) {
    const traced = tracedHarness(behind, { isOrdered: true });
    traced.harness.table.rows.set("t-1", transactionRow({ ...ordered, ...own }));
    await traced.harness.handle({ transactionId: "t-2", trace });
    return traced;
  }

  it("has a hop of its own for its attempt in the trace of that one, and the merchant is told of it", async () => {
    const { hops, calls } = await handled(SAMPLED);
    expect(hops.map(({ annotations }) => [annotations["transaction"], annotations["outcome"]])).toEqual([
      ["t-1", "delivered"],
      ["t-2", "delivered"],
    ]);
    expect(hops.map(({ trace }) => trace.root)).toEqual([ROOT, ROOT]);
    const webhooks = hops.map(({ steps }) => steps.find(({ name }) => name === "webhook")?.id);
    expect(calls.map(({ traceparent }) => traceparent)).toEqual(
      webhooks.map((id) => `00-${TRACEPARENT_ROOT}-${id}-01`),
    );
  });

  it("keeps the trace that its producer gave it", async () => {
    const own = "1-6759e988-bd862e3fe1be46a994272793";
    const { hops } = await handled(SAMPLED, { traceHeader: text(`Root=${own};Parent=${PARENT};Sampled=1`) });
    expect(hops.map(({ trace }) => trace.root)).toEqual([own, ROOT]);
  });

  it("hands on a trace that is not sampled, and leaves no hop", async () => {
    const { hops, calls } = await handled(`Root=${ROOT};Parent=${PARENT};Sampled=0`);
    expect(hops).toEqual([]);
    const traceparent = `00-${TRACEPARENT_ROOT}-${PARENT}-00`;
    expect(calls.map((call) => call.traceparent)).toEqual([traceparent, traceparent]);
  });
});
