import { describe, expect, it } from "@jest/globals";
import { isDebugged } from "../../../core/telemetry/debug-sample.ts";

const ids = Array.from({ length: 20_000 }, (_, index) => `t-${index}`);

describe("the transactions that are followed", () => {
  it.each([0, 1, 10, 50, 100])("are %d percent of all, as good as", (percent) => {
    const share = (100 * ids.filter((id) => isDebugged(id, percent)).length) / ids.length;
    expect(Math.abs(share - percent)).toBeLessThan(1);
  });

  it("are the same whoever asks, and all of them at a higher percentage too", () => {
    const few = ids.filter((id) => isDebugged(id, 5));
    expect(few).toEqual(ids.filter((id) => isDebugged(id, 5)));
    expect(few.every((id) => isDebugged(id, 6))).toBe(true);
  });
});
