import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { responseFor } from "../../../local/demo/fleet/behaviour.ts";
import { MERCHANTS, merchantFor } from "../../../local/demo/merchants.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { demoSettings } from "../../../local/demo/settings.ts";
import { BEHAVIOURS } from "../../../local/demo/fleet/response.ts";

const LISTENING = BEHAVIOURS.filter((behaviour) => behaviour !== "gone");

test("no merchant finishes an answer within 0.5 to 2 × the deadline", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LISTENING),
      fc.nat({ max: 5 }),
      fc.integer({ min: 50, max: 60_000 }),
      fc.nat(),
      (behaviour, deliveriesBefore, deadlineMs, seed) => {
        const response = responseFor({ behaviour, deliveriesBefore, deadlineMs, random: seededRandom(seed) });
        const afterMs = "afterMs" in response ? response.afterMs : 0;
        expect(afterMs < 0.5 * deadlineMs || afterMs > 2 * deadlineMs).toBe(true);
      },
    ),
  );
});

test("a merchant that fails at first fails the first delivery and has accepted by the third", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = seededRandom(seed);
    const first = responseFor({ behaviour: "failing-at-first", deliveriesBefore: 0, deadlineMs: 1000, random });
    const third = responseFor({ behaviour: "failing-at-first", deliveriesBefore: 2, deadlineMs: 1000, random });
    expect(first).not.toMatchObject({ status: 200 });
    expect(third).toMatchObject({ kind: "answer", status: 200 });
  }
});

test("the retry schedule of the demo allows more deliveries than a merchant that fails at first refuses", () => {
  expect(demoSettings([], false).retry?.scheduleSeconds?.length).toBeGreaterThanOrEqual(3);
});

test("a merchant that always fails, hangs or resets never gives a 2xx in time", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    for (const behaviour of ["failing-always", "hanging", "resetting"] as const) {
      const response = responseFor({ behaviour, deliveriesBefore: seed, deadlineMs: 1000, random: seededRandom(seed) });
      const isInTime =
        response.kind === "answer" && response.status >= 200 && response.status < 300 && response.afterMs < 1000;
      expect(isInTime).toBe(false);
    }
  }
});

test("every merchant gets traffic, and the kinds that take all tries get at most a twentieth together", () => {
  const random = seededRandom(7);
  const drawn = Array.from({ length: 20_000 }, () => merchantFor(random(), random()));
  expect(new Set(drawn.map(({ merchantId }) => merchantId)).size).toBe(MERCHANTS.length);
  const hopeless = drawn.filter(({ behaviour }) =>
    ["failing-always", "hanging", "resetting", "gone"].includes(behaviour),
  );
  expect(hopeless.length / drawn.length).toBeLessThan(0.06);
});
