import { describe, expect, it } from "@jest/globals";
import { ReceiveControl } from "../../../../containers/confirmation-worker/src/receive/receive-control.ts";

type Queue = "ordered" | "others";

describe("whether messages may be received", () => {
  it("they may while no reason is held, whatever reasons there are", () => {
    const control = new ReceiveControl<Queue>();
    control.add({ reason: "clock skew", isHeld: () => false });
    expect([control.mayReceive("others"), control.reasons, control.isHealthy]).toEqual([true, [], true]);
  });

  it("they may not while one of several is held, and may again when it is over", () => {
    const control = new ReceiveControl<Queue>();
    let isPaused = true;
    control.add({ reason: "egress fault", isHeld: () => false });
    control.add({ reason: "everything paused", isHeld: () => isPaused });
    expect([control.mayReceive("others"), control.reasons]).toEqual([false, ["everything paused"]]);
    isPaused = false;
    expect(control.mayReceive("others")).toBe(true);
  });

  it("single receives are granted to a queue by the one that holds", () => {
    const control = new ReceiveControl<Queue>();
    control.add({ reason: "egress fault", isHeld: () => true, grantsOne: (queue) => queue === "ordered" });
    expect([control.mayReceive("others"), control.mayReceive("ordered")]).toEqual([false, true]);
  });

  it("a grant is not used up while another one holds that grants nothing", () => {
    const control = new ReceiveControl<Queue>();
    const granted: Queue[] = [];
    control.add({ reason: "egress fault", isHeld: () => true, grantsOne: (queue) => granted.push(queue) > 0 });
    control.add({ reason: "everything paused", isHeld: () => true });
    expect([control.mayReceive("others"), granted]).toEqual([false, []]);
  });

  it("a task that holds is healthy, so that it is not started anew for nothing", () => {
    const control = new ReceiveControl<Queue>();
    control.add({ reason: "dependency unavailable", isHeld: () => true });
    expect(control.isHealthy).toBe(true);
  });

  it("a reason that a new task would not have fails the health while it is held", () => {
    const control = new ReceiveControl<Queue>();
    let isSkewed = true;
    control.add({ reason: "clock skew", isHeld: () => isSkewed, failsHealth: true });
    expect(control.isHealthy).toBe(false);
    isSkewed = false;
    expect(control.isHealthy).toBe(true);
  });
});
