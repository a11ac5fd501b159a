import { describe, expect, it } from "@jest/globals";
import { EgressProbe } from "../../../core/delivery/egress-probe.ts";
import { endpointOf } from "../../../core/http/dial.ts";
import { TimedClock } from "../../support/timed-clock.ts";

const endpoint = (site: number) => endpointOf(`https://merchant-${site}.example`);
const nobody = new Set<string>();

/** A probe after connections to so many sites; `well` of them can be reached, the others are silent or refuse. */
function probing(sites: number, well: readonly number[] = [], others: "silent" | "refuse" = "refuse") {
  const clock = new TimedClock();
  const asked: string[] = [];
  const origins = new Set(well.map((site) => endpoint(site).origin));
  const probe = new EgressProbe({
    now: clock.now,
    pause: clock.pause,
    reach: async ({ origin }) => {
      asked.push(origin);
      if (!origins.has(origin) && others === "silent") await new Promise(() => undefined);
      return origins.has(origin);
    },
  });
  for (let site = 1; site <= sites; site += 1) probe.connected(endpoint(site));
  return { clock, asked, probe };
}

describe("a probe of the egress", () => {
  it("asks the five sites that were reached last", async () => {
    const { probe, asked } = probing(9);
    expect(await probe.probe(nobody)).toBe("nobody");
    expect(asked).toEqual([9, 8, 7, 6, 5].map((site) => endpoint(site).origin));
  });

  it("has reached somebody when one of them takes the connection, though others are silent", async () => {
    const { probe } = probing(9, [6], "silent");
    expect(await probe.probe(nobody)).toBe("reached");
  });

  it("has reached nobody when all are silent for 1.4 seconds", async () => {
    const { probe, clock } = probing(9, [], "silent");
    const results: string[] = [];
    const asking = probe.probe(nobody).then((result) => results.push(result));
    await clock.pass(1399);
    expect(results).toEqual([]);
    await clock.pass(1);
    await asking;
    expect(results).toEqual(["nobody"]);
  });

  it("asks none of those that are in question, and tells nothing where fewer than three are left", async () => {
    const { probe, asked } = probing(4);
    expect(await probe.probe(new Set(["merchant-4.example"]))).toBe("nobody");
    expect(asked).not.toContain(endpoint(4).origin);
    asked.length = 0;
    expect(await probe.probe(new Set(["merchant-4.example", "merchant-3.example"]))).toBe("unknown");
    expect(asked).toEqual([]);
  });

  it("asks nobody who was not reached within ten minutes: such a one may be gone", async () => {
    const { probe, clock } = probing(5);
    await clock.pass(600_001);
    expect(await probe.probe(nobody)).toBe("unknown");
  });
});
