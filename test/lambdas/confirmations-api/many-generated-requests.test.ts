/** Of `npm run test:long`; `FAST_CHECK_SEED=7 npm run test:long` draws others. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import { hunt } from "../../support/api/hunt.ts";
import { walkTransactions } from "../../support/api/walk-transactions.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { generatedWorld, type GeneratedWorld } from "./generated-world.ts";

const REQUESTS = 8000;
const WALKS = 100;
/** Another one than `npm test` has. */
const seed = 1000 + (fc.readConfigureGlobal().seed ?? 1);

let generated: GeneratedWorld;
beforeAll(async () => {
  generated = await generatedWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await generated[Symbol.asyncDispose]();
});

// First: requests that are generated change merchants too.
it(
  `${WALKS} walks of a client find what they submitted (seed ${seed})`,
  async () => {
    const scopes = ["transactions:read", "transactions:write"];
    const walking = { send: generated.hunting.send, walks: WALKS, seed, merchantId: "acme", scopes, name: "c" };
    expect(await walkTransactions(walking)).toBeUndefined();
  },
  patienceMs(600_000),
);

it(
  `${REQUESTS} requests that are generated from the document find no answer that is outside of it (seed ${seed})`,
  async () => {
    const { fault } = await hunt({ ...generated.hunting, requests: REQUESTS, seed });
    expect(fault).toBeUndefined();
  },
  patienceMs(600_000),
);
