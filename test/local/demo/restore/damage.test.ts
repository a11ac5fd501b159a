import { expect, it } from "@jest/globals";
import { harmFor } from "../../../../local/demo/restore/damage.ts";

const row = (more: object = {}) => ({
  transactionId: { S: "t-1" },
  version: { N: "2" },
  amount: { S: "1.00" },
  ...more,
});

it.each([
  [0, {}, "deleted"],
  [0.5, {}, "overwritten"],
  [0.7, {}, "version lowered"],
  [0.9, {}, "none"],
  // There is no lower one.
  [0.7, { version: { N: "1" } }, "none"],
  // It would be mended by it.
  [0.5, { amount: { N: "12.5" } }, "none"],
  [0, { amount: { N: "12.5" } }, "deleted"],
])("at %d a row with %j is %s", (draw, more, harm) => {
  expect(harmFor(row(more), draw)).toBe(harm);
});
