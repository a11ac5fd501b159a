import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { readTraceFile, TraceFile } from "../../../local/tracing/trace-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const [first = "", second = "", third = "", fourth = ""] = Array.from({ length: 4 }, temporaryDirectory);
const kept = (id: number) => ({ document: { id }, faults: [] });

describe("the file of traces", () => {
  it("gives back what was added, in order, also what was there before it was opened", async () => {
    const file = new TraceFile(first);
    for (let id = 0; id < 100; id += 1) file.add(kept(id));
    await file.flush();
    const next = new TraceFile(first);
    next.add(kept(100));
    await next.flush();
    expect(readTraceFile(first)).toEqual(Array.from({ length: 101 }, (_, id) => kept(id)));
  });

  it("keeps the newest only", async () => {
    const file = new TraceFile(second, 200);
    for (let id = 0; id < 100; id += 1) {
      file.add(kept(id));
      await file.flush();
    }
    const ids = readTraceFile(second).map(({ document }) => document?.["id"]);
    expect(ids.at(-1)).toBe(99);
    expect(ids.length).toBeLessThan(20);
  });

  it("is read without the line that a killed stack broke off", async () => {
    const file = new TraceFile(fourth);
    file.add(kept(1));
    await file.flush();
    await appendFile(join(fourth, "traces", "newer.jsonl"), '{"document":{"id":');
    const next = new TraceFile(fourth);
    next.add(kept(2));
    next.add(kept(3));
    await next.flush();
    next.add(kept(4));
    await next.flush();
    expect(readTraceFile(fourth)).toContainEqual(kept(4));
  });

  it("has nothing where no trace was ever kept", () => {
    expect(readTraceFile(third)).toEqual([]);
  });
});
