import { describe, expect, it } from "@jest/globals";
import { type EndpointOutcome, OutcomeWindow } from "../../../../core/delivery/admission/outcome-window.ts";

const OUTCOMES: Readonly<Record<string, EndpointOutcome>> = { ".": "healthy", i: "failing", x: "no response" };

/** @returns how many calls there were when the endpoint was to be left alone, undefined for never */
function openedAt(outcomes: string, window = new OutcomeWindow(0), now = 0): number | undefined {
  const index = outcomes.split("").findIndex((outcome) => window.add(OUTCOMES[outcome] as EndpointOutcome, now));
  return index < 0 ? undefined : index + 1;
}

describe("the window of a merchant's outcomes", () => {
  it("leaves an endpoint alone at the tenth call when seven in ten got no response, not before", () => {
    expect(openedAt("...xxxxxxx")).toBe(10);
    expect(openedAt("xxxxxxxxxx")).toBe(10);
    expect(openedAt("....xxxxxx")).toBeUndefined();
  });

  it("leaves an endpoint alone at the twentieth call when nineteen in twenty were failing", () => {
    expect(openedAt(".iiiiiiiiiiiiiiiiiii")).toBe(20);
    expect(openedAt("iiiiiiiiiiiiiiiiiiiiiiii")).toBe(20);
  });

  it("lets an endpoint go on that fails each first delivery and takes the second one", () => {
    expect(openedAt(`iiiiiiiiii${"i.".repeat(200)}`)).toBeUndefined();
  });

  it("never stops at a good answer", () => {
    expect(openedAt("xxxxxxxxx.")).toBeUndefined();
  });

  it("forgets what is more than half a minute ago", () => {
    const window = new OutcomeWindow(0);
    openedAt("xxxxxxxxx", window);
    expect(openedAt("x", window, 30_000)).toBeUndefined();
  });

  it("still knows what was a quarter of a minute ago", () => {
    const window = new OutcomeWindow(0);
    openedAt("xxxxxxxxx", window);
    expect(openedAt("x", window, 20_000)).toBe(1);
  });

  it("starts anew when the clock was put back", () => {
    const window = new OutcomeWindow(100_000);
    openedAt("xxxxxxxxx", window, 100_000);
    expect(openedAt("x", window, 0)).toBeUndefined();
  });

  it("lets one call in ten be sent twice, and always one", () => {
    const window = new OutcomeWindow(0);
    expect([window.mayResend(0), window.mayResend(0)]).toEqual([true, false]);
    let resent = 1;
    for (let call = 0; call < 200; call += 1) {
      window.add("healthy", 1000);
      if (window.mayResend(1000)) resent += 1;
    }
    expect(resent).toBe(20);
  });

  it("forgets what was sent twice with the calls of its time", () => {
    const window = new OutcomeWindow(0);
    expect(window.mayResend(0)).toBe(true);
    expect(window.mayResend(20_000)).toBe(false);
    expect(window.mayResend(40_000)).toBe(true);
  });
});
