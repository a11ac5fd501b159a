import { describe, expect, it } from "@jest/globals";
import { PauseSwitch } from "../../../../containers/confirmation-worker/src/receive/pause-switch.ts";
import { MemoryGates } from "../../../support/memory-gates.ts";

function bench() {
  const gates = new MemoryGates();
  const logged: string[] = [];
  const warnings: string[] = [];
  const unread = new Set<string>();
  const pauseSwitch = new PauseSwitch({
    table: { read: async (ids) => ({ ...(await gates.read(ids)), unread }) },
    log: (message) => void logged.push(message),
    warn: (message) => void warnings.push(message),
  });
  return { gates, logged, warnings, unread, pauseSwitch };
}

describe("the switch that pauses everything", () => {
  it("is off where nobody has ever paused", async () => {
    const { pauseSwitch, logged } = bench();
    await pauseSwitch.look();
    expect([pauseSwitch.isPaused, logged]).toEqual([false, []]);
  });

  it("follows the gate of everyone, and says so once each time", async () => {
    const { pauseSwitch, gates, logged } = bench();
    gates.put("*", { pausedAt: 1 });
    await pauseSwitch.look();
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(true);
    gates.resume("*");
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(false);
    expect(logged).toEqual(["everything is paused", "everything is resumed"]);
  });

  it("is not moved by a merchant that is paused", async () => {
    const { pauseSwitch, gates } = bench();
    gates.put("m-1", { pausedAt: 1 });
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(false);
  });

  it("stays as it was while the gate cannot be read", async () => {
    const { pauseSwitch, gates, unread, warnings } = bench();
    gates.put("*", { pausedAt: 1 });
    await pauseSwitch.look();
    gates.isDown = true;
    await pauseSwitch.look();
    expect([pauseSwitch.isPaused, warnings]).toEqual([true, ["gate of everyone not read"]]);
    gates.isDown = false;
    gates.resume("*");
    unread.add("*");
    await pauseSwitch.look();
    expect(pauseSwitch.isPaused).toBe(true);
  });
});
