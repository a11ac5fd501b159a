import { expect, it } from "@jest/globals";
import { z } from "@hono/zod-openapi";
import { MOST_FAULTS } from "../../../core/api/problem.ts";
import { faultsOfZod } from "../../../core/api/zod-faults.ts";

const schema = z.strictObject({ ids: z.array(z.string()).optional(), name: z.string().min(1).regex(/^a/) });
const faultsOf = (value: unknown) => {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : faultsOfZod(error);
};

it("has the first fault of each place, and names each member that is not known", () => {
  expect(faultsOf({ name: "", "a/b": 1, c: 2 })).toEqual([
    { pointer: "/name", detail: expect.stringContaining("Too small") },
    { pointer: "/a~1b", detail: "is none of the members that are known here" },
    { pointer: "/c", detail: "is none of the members that are known here" },
  ]);
});

it("has so many and no more, whatever a body holds", () => {
  const unknown = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`k${index}`, index]));
  expect(faultsOf({ name: "a", ...unknown }).length).toBe(MOST_FAULTS);
  expect(faultsOf({ name: "a", ids: Array.from({ length: 30_000 }, () => 1) }).length).toBe(MOST_FAULTS);
});
