import { describe, expect, it } from "@jest/globals";
import { InQueueBudget } from "../../../core/confirmation/in-queue-budget.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("the share of the queue for failing messages", () => {
  it("has room again once the waits are over", () => {
    const clock = new FakeClock();
    const budget = new InQueueBudget(2, clock.now);
    budget.add(5);
    budget.add(10);
    expect(budget.hasRoom).toBe(false);
    clock.advance(4999);
    expect(budget.hasRoom).toBe(false);
    clock.advance(1);
    expect(budget.hasRoom).toBe(true);
    budget.add(100);
    expect(budget.hasRoom).toBe(false);
  });

  it("of 0 parks every failing message", () => {
    expect(new InQueueBudget(0, () => 0).hasRoom).toBe(false);
  });
});
