/** What is sent again in a run, and what befalls the jobs. */
import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { COURSES, type Fault } from "../../../tools/chaos/plan/fault.ts";
import { LEAVING } from "../../../tools/chaos/plan/merchants.ts";
import { planRun } from "../../../tools/chaos/plan/plan.ts";
import { planRedeliveries } from "../../../tools/chaos/plan/plan-redeliveries.ts";
import { RUN_SIZE } from "../../../tools/chaos/run-suite.ts";

const seed = fc.nat({ max: 2 ** 31 });

function redeliveriesOf(faults: readonly { readonly fault: Fault }[]) {
  return faults.flatMap(({ fault }) => (fault.kind === "redelivery" ? [fault] : []));
}

test("each run has every course once, kills the function of jobs, and loses their messages", () => {
  fc.assert(
    fc.property(seed, (one) => {
      const { faults } = planRun(one, RUN_SIZE);
      expect(
        redeliveriesOf(faults)
          .map(({ course }) => course)
          .toSorted(),
      ).toEqual(COURSES.toSorted());
      expect(faults.filter(({ fault }) => fault.kind === "parts purged")).toHaveLength(1);
      const killed = faults.filter(
        ({ fault }) => fault.kind === "function killed" && fault.functionName === FUNCTION_NAMES.runJobs,
      );
      expect(killed).toHaveLength(1);
    }),
    { numRuns: 20 },
  );
});

test("short runs have the courses in turn", () => {
  const courses = [3, 4, 5].flatMap((one) =>
    redeliveriesOf(planRedeliveries(one, 5000, 2)).map(({ course }) => course),
  );
  expect(new Set(courses)).toEqual(new Set(COURSES));
});

test("what is sent again changes nothing else of a seed's plan", () => {
  const { faults, transactions } = planRun(7, RUN_SIZE);
  const without = planRun(7, { ...RUN_SIZE, redeliveries: 0 });
  expect(transactions).toEqual(without.transactions);
  expect(faults).toEqual(expect.arrayContaining([...without.faults]));
});

test("a filter has a merchant, or asks for what was given up; a merchant that leaves is the one of its course", () => {
  fc.assert(
    fc.property(seed, (one) => {
      for (const { course, merchantId, state } of redeliveriesOf(planRedeliveries(one, 60_000, COURSES.length))) {
        expect(merchantId !== undefined || state === "FAILED").toBe(true);
        if (course === "of one that leaves") expect([merchantId, state]).toEqual([LEAVING, "CONFIRMED"]);
      }
    }),
    { numRuns: 30 },
  );
});
