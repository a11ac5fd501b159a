import { describe, expect, it } from "@jest/globals";
import { mostKept } from "../../delivery/most-kept.ts";

const MIB = 1024 * 1024;

describe("merchants that a task remembers", () => {
  it("are as many as fit its memory, and no more than 200,000", () => {
    expect([256, 512, 1024, 4096].map((mib) => mostKept(mib * MIB))).toEqual([52_428, 104_857, 200_000, 200_000]);
  });
});
