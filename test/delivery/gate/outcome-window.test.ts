import { describe, expect, it } from "@jest/globals";
import { OutcomeWindow } from "../../../delivery/gate/outcome-window.ts";

const add = (window: OutcomeWindow, outcomes: string, now: number): boolean[] =>
  outcomes.split("").map((outcome) => window.add(outcome === "x", now));

describe("the window of a merchant's outcomes", () => {
  it("leaves an endpoint alone at the tenth outcome when seven in ten are ill, not before", () => {
    expect(add(new OutcomeWindow(0), "...xxxxxxx", 0).indexOf(true)).toBe(9);
    expect(add(new OutcomeWindow(0), "xxxxxxxxxx", 0).indexOf(true)).toBe(9);
  });

  it("goes on when fewer than seven in ten are ill, and never stops at a good answer", () => {
    expect(add(new OutcomeWindow(0), "....xxxxxx", 0)).not.toContain(true);
    expect(add(new OutcomeWindow(0), "xxxxxxxxx.", 0)).not.toContain(true);
  });

  it("forgets what is more than half a minute ago", () => {
    const window = new OutcomeWindow(0);
    add(window, "xxxxxxxxx", 0);
    expect(window.add(true, 30_000)).toBe(false);
  });

  it("still knows what was a quarter of a minute ago", () => {
    const window = new OutcomeWindow(0);
    add(window, "xxxxxxxxx", 0);
    expect(window.add(true, 20_000)).toBe(true);
  });

  it("starts anew when the clock was put back", () => {
    const window = new OutcomeWindow(100_000);
    add(window, "xxxxxxxxx", 100_000);
    expect(window.add(true, 0)).toBe(false);
  });
});
