import { describe, expect, it } from "@jest/globals";
import { readTraceFile, TraceFile } from "../../../local/tracing/trace-file.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const kept = (id: number) => ({ document: { id }, faults: [] });

describe("the file of traces", () => {
  it("gives back what was added, in order, also from another process", async () => {
    const directory = temporaryDirectory();
    const file = new TraceFile(directory);
    for (let id = 0; id < 100; id += 1) file.add(kept(id));
    await file.flush();
    new TraceFile(directory).add(kept(100));
    await file.flush();
    expect(readTraceFile(directory).slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, id) => kept(id)));
  });

  it("keeps the newest only", async () => {
    const directory = temporaryDirectory();
    const file = new TraceFile(directory, 200);
    for (let id = 0; id < 100; id += 1) {
      file.add(kept(id));
      await file.flush();
    }
    const ids = readTraceFile(directory).map(({ document }) => document?.["id"]);
    expect(ids.at(-1)).toBe(99);
    expect(ids.length).toBeLessThan(20);
  });

  it("has nothing where no trace was ever kept", () => {
    expect(readTraceFile(temporaryDirectory())).toEqual([]);
  });
});
