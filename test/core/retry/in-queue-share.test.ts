import { describe, expect, it } from "@jest/globals";
import { inQueueFailingMax } from "../../../core/retry/in-queue-share.ts";
import { parseSettings } from "../../../core/settings/settings.ts";

describe("the share of the queue that failing messages may have", () => {
  it("is one percent of what may be in flight, over all tasks that may run", () => {
    expect(inQueueFailingMax(parseSettings({ worker: { maxTasks: 40 } }))).toBe(30);
    expect(inQueueFailingMax(parseSettings({ worker: { minTasks: 1, maxTasks: 1000 } }))).toBe(1);
  });

  it("is none where a merchant's confirmations are one group: one that waited would hold up all behind it", () => {
    expect(inQueueFailingMax(parseSettings({ order: "merchant" }))).toBe(0);
  });
});
