import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { compileMath, MathError } from "../../../core/dashboard/metric-math.ts";

const calculate = (expression: string, values: Readonly<Record<string, number | undefined>> = {}) =>
  compileMath(expression)({ values, periodSeconds: 60 });

describe("metric math", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["10 - 2 - 3", 5],
    ["12 / 4 / 3", 1],
    ["-2 + 5", 3],
    ["2 * -3", -6],
    ["3 > 2", 1],
    ["3 <= 2", 0],
    ["1 == 1 AND 2 > 3 OR 4 != 5", 1],
    ["IF(2 > 1, 10, 20)", 10],
    ["IF(0, 10, 20)", 20],
    ["600 / PERIOD(m)", 10],
    ["MAX([1, 5, 3]) - MIN([1, 5, 3])", 4],
    ["ABS(-3) + CEIL(1.2) + FLOOR(1.8)", 6],
  ])("%s is %d", (expression, result) => {
    expect(calculate(expression)).toBe(result);
  });

  it("has no value for what was not measured, but what FILL puts there", () => {
    expect(calculate("m + 1", { m: undefined })).toBeUndefined();
    expect(calculate("FILL(m, 4) + 1", { m: undefined })).toBe(5);
    expect(calculate("IF(m > 1, 2, 3)", { m: undefined })).toBeUndefined();
  });

  it("adds up those of an array that there are", () => {
    expect(calculate("SUM([a, b])", { a: 2 })).toBe(2);
    expect(calculate("SUM([a, b])")).toBeUndefined();
  });

  it("has no value for a division by zero", () => {
    expect(calculate("1 / m", { m: 0 })).toBeUndefined();
  });

  it.each(["1 +", "(1", "RATE(m)", "m ~ 2", "1 2", "", "FILL(m, REPEAT, 1)"])(
    "says that it does not know %j",
    (expression) => {
      expect(() => compileMath(expression)).toThrow(MathError);
    },
  );

  it("calculates sums, products and differences as JavaScript does, whatever stands in brackets", () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { depthSize: "small" },
        fc.nat(1000).map(String),
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*"), tie("expression"))
          .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
      ),
    }));
    fc.assert(
      fc.property(expression, (text) => {
        // oxlint-disable-next-line no-eval -- digits, brackets and three operators
        expect(calculate(text)).toBeCloseTo(eval(text) as number);
      }),
    );
  });
});
