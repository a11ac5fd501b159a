import { describe, expect, it } from "@jest/globals";
import type { TraceHop } from "../../../core/telemetry/trace-hop.ts";
import { TraceStart } from "../../../lambdas/stream-transactions/trace-start.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { transactionRow } from "../../support/rows.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";
const INVOCATION = "1-5759e999-000000000000000000000001";
const MESSAGE = { transactionId: "t-1", version: 1, release: 0 };
const WRITTEN_AT = START_MS - 250;

function bench(isSampled: boolean) {
  const hops: TraceHop[] = [];
  const traces = new TraceStart({
    sampler: { isSampled: () => isSampled },
    sender: { send: (hop) => void hops.push(hop) },
    invocation: () => `Root=${INVOCATION};Parent=${PARENT};Sampled=0`,
    now: () => START_MS,
  });
  const begin = (trace?: string) =>
    traces.begin({ ...MESSAGE, ...(trace !== undefined && { trace }) }, transactionRow(), WRITTEN_AT);
  return { hops, begin };
}

describe("a row without a trace", () => {
  it("that is sampled begins one when it was written, the same each time its batch is repeated", () => {
    const { begin, hops } = bench(true);
    const { message, sent } = begin();
    sent?.(undefined);
    const again = begin();
    again.sent?.(undefined);
    expect(hops[0]?.trace).toEqual({ root: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/), isSampled: true });
    expect(again.message.trace?.slice(0, 40)).toBe(message.trace?.slice(0, 40));
    expect(message.trace).toBe(`Root=${hops[0]?.trace.root};Parent=${hops[0]?.id};Sampled=1`);
  });

  it("that is not sampled takes nothing along", () => {
    const { begin } = bench(false);
    expect(begin()).toEqual({ message: MESSAGE });
  });
});

describe("a row with a trace", () => {
  it("goes on with it: what its producer decided holds, whatever the share is", () => {
    const { begin, hops } = bench(false);
    const { message, sent } = begin(`Root=${ROOT};Parent=${PARENT};Sampled=1`);
    sent?.(undefined);
    expect(hops).toEqual([
      {
        name: "stream-transactions",
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        trace: { root: ROOT, parent: PARENT, isSampled: true },
        startedAt: WRITTEN_AT,
        endedAt: START_MS,
        flags: [],
        annotations: { transaction: "t-1", merchant: "m-1" },
        metadata: { version: 1, invocation: INVOCATION },
        steps: [
          { name: "stream", startedAt: WRITTEN_AT, endedAt: START_MS },
          expect.objectContaining({ name: "SQS", namespace: "aws", aws: { operation: "SendMessageBatch" }, flags: [] }),
        ],
      },
    ]);
    expect(message.trace).toBe(`Root=${ROOT};Parent=${hops[0]?.id};Sampled=1`);
  });

  it("is not traced where its producer decided so", () => {
    const header = `Root=${ROOT};Parent=${PARENT};Sampled=0`;
    expect(bench(true).begin(header)).toEqual({ message: { ...MESSAGE, trace: header } });
  });

  it.each([true, false])("is decided about here where its producer left that open: %s", (isSampled) => {
    const { message, sent } = bench(isSampled).begin(`Root=${ROOT}`);
    expect(message.trace).toMatch(isSampled ? /;Sampled=1$/ : /;Sampled=0$/);
    expect(sent === undefined).toBe(!isSampled);
  });

  it("shows a message that could not be sent as our fault", () => {
    const { begin, hops } = bench(true);
    begin().sent?.("ThrottlingException: slow down");
    expect(hops[0]).toMatchObject({ flags: ["fault"], metadata: { error: "ThrottlingException: slow down" } });
    expect(hops[0]?.steps[1]?.flags).toEqual(["fault"]);
  });
});
