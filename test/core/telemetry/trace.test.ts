import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Sampler } from "../../../core/telemetry/sampler.ts";
import {
  newRoot,
  newSegmentId,
  parseTrace,
  rootOfVersion,
  traceHeader,
  traceIdOf,
  traceparent,
} from "../../../core/telemetry/trace.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const PARENT = "53995c3f42cd8ad8";
const HEX_DIGITS = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

describe("a trace header", () => {
  it.each([
    [`Root=${ROOT};Parent=${PARENT};Sampled=1`, { root: ROOT, parent: PARENT, isSampled: true }],
    [`Root=${ROOT};Sampled=0`, { root: ROOT, isSampled: false }],
    [`Sampled=?;Self=1-2-3;Root=${ROOT}`, { root: ROOT, isSampled: undefined }],
  ])("is read: %s", (header, expected) => {
    expect(parseTrace(header)).toEqual(expected);
  });

  it.each([undefined, "", "Root=", `Root=${ROOT}0`, `Parent=${PARENT}`, `root=${ROOT}`])("is none: %s", (header) => {
    expect(parseTrace(header)).toBeUndefined();
  });

  it("names the id by which its log lines are found", () => {
    expect(traceIdOf(`Self=1-2-3;Root=${ROOT};Sampled=1`)).toBe(ROOT);
    expect([undefined, "hello"].map(traceIdOf)).toEqual([undefined, undefined]);
  });

  it("is written as it is read", () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...HEX_DIGITS), minLength: length, maxLength: length });
    const trace = fc.record({
      root: fc.tuple(hex(8), hex(24)).map(([seconds, id]) => `1-${seconds}-${id}`),
      parent: hex(16),
      isSampled: fc.boolean(),
    });
    fc.assert(
      fc.property(trace, (one) => {
        expect(parseTrace(traceHeader(one))).toEqual(one);
      }),
    );
  });
});

describe("a traceparent", () => {
  it("has the ids without dashes, and whether the trace is sampled", () => {
    const trace = { root: ROOT, parent: PARENT };
    expect(traceparent({ ...trace, isSampled: true })).toBe(`00-5759e988bd862e3fe1be46a994272793-${PARENT}-01`);
    expect(traceparent({ ...trace, isSampled: false })).toBe(`00-5759e988bd862e3fe1be46a994272793-${PARENT}-00`);
    expect(traceparent({ ...trace, isSampled: undefined })).toMatch(/-00$/);
  });

  it("is not made of what W3C forbids", () => {
    expect(traceparent({ root: ROOT, isSampled: true })).toBeUndefined();
    expect(traceparent({ root: ROOT, parent: "0".repeat(16), isSampled: true })).toBeUndefined();
    const zeros = `1-${"0".repeat(8)}-${"0".repeat(24)}`;
    expect(traceparent({ root: zeros, parent: PARENT, isSampled: true })).toBeUndefined();
  });
});

describe("a root", () => {
  it("says when it began", () => {
    expect(newRoot(1_465_510_280_123)).toMatch(/^1-5759e988-[0-9a-f]{24}$/);
    expect(newSegmentId()).toMatch(/^[0-9a-f]{16}$/);
  });

  it("of a version is the same each time, and another for each version and writing", () => {
    const first = rootOfVersion("t-1", 1, 1_465_510_280_000);
    expect(first).toMatch(/^1-5759e988-[0-9a-f]{24}$/);
    expect(rootOfVersion("t-1", 1, 1_465_510_280_000)).toBe(first);
    const others = [
      rootOfVersion("t-1", 2, 1_465_510_280_000),
      rootOfVersion("t-2", 1, 1_465_510_280_000),
      rootOfVersion("t-1", 1, 1_465_510_280_001),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
    expect(rootOfVersion("t-1", 2, 1_795_334_400_123)).toBe("1-6b02a100-86c3dedc8438721d3d450bc4");
  });
});

describe("the sampler", () => {
  const roots = (count: number, at = 0) =>
    Array.from({ length: count }, (_, index) => rootOfVersion("t", index + 1, at));

  it("keeps the share that it is told, the same ones whoever asks", () => {
    const kept = roots(10_000).filter((root) => new Sampler({ share: 0.05, reservoirPerSecond: 0 }).isSampled(root));
    expect(kept.length).toBeGreaterThan(400);
    expect(kept.length).toBeLessThan(600);
    expect(kept.every((root) => new Sampler({ share: 0.05, reservoirPerSecond: 0 }).isSampled(root))).toBe(true);
  });

  it("keeps all at 1 and none at 0", () => {
    expect(roots(100).every((root) => new Sampler({ share: 1, reservoirPerSecond: 0 }).isSampled(root))).toBe(true);
    expect(roots(100).some((root) => new Sampler({ share: 0, reservoirPerSecond: 0 }).isSampled(root))).toBe(false);
  });

  it("keeps the first of each second besides, and answers the same when it is asked again", () => {
    const sampler = new Sampler({ share: 0, reservoirPerSecond: 2 });
    const [one = "", two = "", three = ""] = roots(3);
    expect([one, two, three, one].map((root) => sampler.isSampled(root))).toEqual([true, true, false, true]);
    expect(roots(3, 1000).map((root) => sampler.isSampled(root))).toEqual([true, true, false]);
  });
});
