import { describe, expect, it } from "@jest/globals";
import { documentFaults, type Document } from "../../../local/tracing/document-faults.ts";
import { readDatagram } from "../../../local/tracing/trace-collector.ts";

const NOW = 1_478_293_362_000;
/** The smallest segment of the X-Ray Developer Guide. */
const SEGMENT: Document = {
  name: "example.com",
  id: "70de5b6f19ff9a0a",
  start_time: 1_478_293_361.271,
  trace_id: "1-581cf771-a006649127e371903a2de979",
  end_time: 1_478_293_361.449,
};
const SUBSEGMENT: Document = {
  id: "53995c3f42cd8ad8",
  name: "api.example.com",
  start_time: 1_478_293_361.3,
  end_time: 1_478_293_361.4,
  namespace: "remote",
  http: {
    request: { url: "https://api.example.com/health", method: "POST", traced: true },
    response: { status: 200, content_length: 861 },
  },
};
const faults = (changes: Document) => documentFaults({ ...SEGMENT, ...changes }, 300, NOW);

describe("a document that X-Ray takes", () => {
  it.each<[string, Document]>([
    ["the smallest segment", {}],
    ["one with a subsegment", { subsegments: [SUBSEGMENT] }],
    ["an independent subsegment", { ...SUBSEGMENT, type: "subsegment", parent_id: "70de5b6f19ff9a0a" }],
    ["one in progress", { in_progress: true, end_time: undefined }],
    ["annotations of every kind", { annotations: { a_1: "text", b: 1.5, c: false } }],
  ])("has no faults: %s", (_, changes) => {
    expect(faults(changes)).toEqual([]);
  });
});

describe("a document that X-Ray refuses", () => {
  it.each<[Document, string]>([
    [{ name: "" }, "name: got"],
    [{ name: "a".repeat(201) }, "name: got"],
    [{ name: "shop?" }, "name: got"],
    [{ id: "70DE5B6F19FF9A0A" }, "id: got"],
    [{ parent_id: "1" }, "parent_id: got"],
    [{ trace_id: "581cf771a006649127e371903a2de979" }, "trace_id: got"],
    [{ trace_id: "1-57f00000-a006649127e371903a2de979" }, "expected one of the last 30 days"],
    [{ trace_id: "1-59f00000-a006649127e371903a2de979" }, "not of the future"],
    [{ start_time: "now" }, "start_time: got"],
    [{ end_time: undefined }, "end_time: got nothing"],
    [{ end_time: 1 }, "end_time: got 1"],
    [{ in_progress: true }, "end_time: got"],
    [{ namespace: "local" }, "namespace: got"],
    [{ origin: "a".repeat(251) }, "origin: got"],
    [{ fault: "yes" }, "fault: got"],
    [{ type: "segment" }, "type: got"],
    [{ type: "subsegment" }, "parent_id: got nothing"],
    [{ annotations: [] }, "annotations: got"],
    [{ annotations: { "a-b": 1 } }, "annotations.a-b: expected a key"],
    [{ annotations: { a: "b".repeat(1001) } }, "annotations.a: got"],
    [{ annotations: { a: { b: 1 } } }, "annotations.a: got"],
    [{ annotations: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, n])) }, "annotations: got 51"],
    [{ http: { request: { url: 1 } } }, "http.request.url: got 1"],
    [{ http: { response: { status: "200" } } }, "http.response.status: got"],
    [{ subsegments: [{ ...SUBSEGMENT, id: "x" }] }, "subsegments[0].id: got"],
    [{ subsegments: {} }, "subsegments: got"],
  ])("is told what is wrong with it: %j", (changes, expected) => {
    expect(faults(changes)).toEqual([expect.stringContaining(expected)]);
  });

  it("may be too large", () => {
    expect(documentFaults(SEGMENT, 65_537, NOW)).toEqual(["the document has 65537 bytes, expected at most 65536"]);
  });
});

describe("a datagram", () => {
  const header = '{"format":"json","version":1}';

  it("is a header, a line break and a document", () => {
    expect(readDatagram(`${header}\n${JSON.stringify(SEGMENT)}`, NOW)).toEqual({ document: SEGMENT, faults: [] });
  });

  it.each([JSON.stringify(SEGMENT), header, `${header}\n[]`, `{"format":"xml"}\n{}`, "\n", ""])(
    "is refused: %s",
    (text) => {
      const { document, faults: found } = readDatagram(text, NOW);
      expect(document).toBeUndefined();
      expect(found).toHaveLength(1);
    },
  );
});
