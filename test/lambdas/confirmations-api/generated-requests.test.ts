import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { hunt, huntPlanted } from "../../support/api/hunt.ts";
import { type Plant, PLANTED_FAULTS, REPEATING_CURSOR } from "../../support/api/planted-faults.ts";
import type { Send } from "../../support/api/request-plan.ts";
import { walkTransactions } from "../../support/api/walk-transactions.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { generatedWorld, type GeneratedWorld } from "./generated-world.ts";

/** `npm run test:long` sends thousands, of a seed that nobody chose: `many-generated-requests.test.ts`. */
const REQUESTS = 400;
/** Of the faults that are planted. The others take thousands of requests: `planted-faults.test.ts`. */
const SOON_FOUND = ["a scope that is not asked for", "a status that the document does not list"];
const WALKS = 12;
const { seed = 1 } = fc.readConfigureGlobal();

let generated: GeneratedWorld;
beforeAll(async () => {
  generated = await generatedWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await generated[Symbol.asyncDispose]();
});

// First: requests that are generated change merchants too.
describe("a client with generated transactions", () => {
  const walking = () => ({
    send: generated.hunting.send,
    seed,
    merchantId: "acme",
    scopes: ["transactions:read", "transactions:write"],
  });

  it(
    "finds each as it was submitted, once in all pages, and its answers the same when it asks again",
    async () => {
      expect(await walkTransactions({ ...walking(), walks: WALKS, name: "a" })).toBeUndefined();
    },
    patienceMs(120_000),
  );

  it(
    "finds a cursor that gives an entry twice",
    async () => {
      const send = REPEATING_CURSOR(generated.hunting.send);
      const fault = await walkTransactions({ ...walking(), send, walks: WALKS, name: "b" });
      expect(fault).toEqual(expect.stringContaining("once"));
    },
    patienceMs(120_000),
  );
});

describe("requests that are generated from the document", () => {
  it(
    "find no answer that is outside of it",
    async () => {
      const { fault, tally } = await hunt({ ...generated.hunting, requests: REQUESTS, seed });
      expect(fault).toBeUndefined();
      expect([...tally.values()].reduce((sum, one) => sum + one, 0)).toBe(REQUESTS);
    },
    patienceMs(120_000),
  );

  it(
    "find a fault that is planted in the API",
    async () => {
      const some = Object.fromEntries(SOON_FOUND.map((name) => [name, PLANTED_FAULTS[name] as Plant]));
      const found = await huntPlanted({ ...generated.hunting, requests: REQUESTS, seed }, some);
      expect([...found.keys()].toSorted()).toEqual(SOON_FOUND);
    },
    patienceMs(120_000),
  );

  it("find nothing in a fault that is none", async () => {
    const none = { nothing: (send: Send) => send };
    expect(await huntPlanted({ ...generated.hunting, requests: 50, seed }, none)).toEqual(new Map());
  });
});
