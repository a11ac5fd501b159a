/** Of `npm run test:long`: each fault that is planted in the API is found by requests generated from its document. */
import { beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { huntPlanted } from "../../support/api/hunt.ts";
import { PLANTED_FAULTS } from "../../support/api/planted-faults.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { generatedWorld } from "./generated-world.ts";

/** Within which each is found, in one of a few worlds: what changes in one hides some faults in it. */
const BUDGET = 6000;
const WORLDS = 6;
const { seed = 1 } = fc.readConfigureGlobal();

describe("requests that are generated from the document, with a fault planted in the API", () => {
  const found = new Map<string, number>();
  beforeAll(async () => {
    for (let worlds = 0; worlds < WORLDS; worlds += 1) {
      const missing = Object.fromEntries(Object.entries(PLANTED_FAULTS).filter(([name]) => !found.has(name)));
      if (Object.keys(missing).length === 0) return;
      // Each of its own: what others changed, such as a merchant's URL, may keep requests from succeeding.
      await using world = await generatedWorld();
      const options = { ...world.hunting, requests: BUDGET, seed: seed + worlds };
      for (const [name, at] of await huntPlanted(options, missing)) found.set(name, at);
    }
  }, patienceMs(240_000));

  it.each(Object.keys(PLANTED_FAULTS))("find %s", (name) => {
    expect(found.get(name)).toEqual(expect.any(Number));
  });
});
