import { describe, expect, it } from "@jest/globals";
import { PauseSwitch } from "../../../../containers/confirmation-worker/src/receive/pause-switch.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";

function bench() {
  const healthTable = new MemoryMerchantHealth();
  const logged: string[] = [];
  const warnings: string[] = [];
  const unread = new Set<string>();
  const pauseSwitch = new PauseSwitch({
    table: { read: async (ids) => ({ ...(await healthTable.read(ids)), unread }) },
    log: (message) => void logged.push(message),
    warn: (message) => void warnings.push(message),
  });
  return { healthTable, logged, warnings, unread, pauseSwitch };
}

describe("the switch that pauses everything", () => {
  it("is off where nobody has ever paused", async () => {
    const { pauseSwitch, logged } = bench();
    await pauseSwitch.look();
    expect([pauseSwitch.isPaused, logged]).toEqual([false, []]);
  });

  it("follows everyone's health row, and says so once each time", async () => {
    const { pauseSwitch, healthTable, logged } = bench();
    healthTable.put("*", { pausedAt: 1 });
    await pauseSwitch.look();
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(true);
    healthTable.resume("*");
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(false);
    expect(logged).toEqual(["everything is paused", "everything is resumed"]);
  });

  it("is not moved by a merchant that is paused", async () => {
    const { pauseSwitch, healthTable } = bench();
    healthTable.put("m-1", { pausedAt: 1 });
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(false);
  });

  it("stays as it was while the health row cannot be read", async () => {
    const { pauseSwitch, healthTable, unread, warnings } = bench();
    healthTable.put("*", { pausedAt: 1 });
    await pauseSwitch.look();
    healthTable.isDown = true;
    await pauseSwitch.look();
    expect([pauseSwitch.isPaused, warnings]).toEqual([true, ["gate of everyone not read"]]);
    healthTable.isDown = false;
    healthTable.resume("*");
    unread.add("*");
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(true);
  });
});
