/**
 * The filter patterns of event source mappings (`FilterCriteria`): one record passes when any pattern matches it.
 * Patterns are checked once, when the stack starts; an operator that Lambda knows and this file does not is an error
 * then and never a record that is lost.
 */
import { isObject } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export type Filter = (record: unknown) => boolean;

/** Whether one value passes; `undefined` is an attribute that is not there. */
type Test = (value: unknown) => boolean;

/** @param patterns JSON texts. Without any, everything passes. */
export function compileFilter(patterns: readonly string[]): Filter {
  if (patterns.length === 0) return () => true;
  const filters = patterns.map((pattern) => compilePattern(JSON.parse(pattern), pattern));
  return (record) => filters.some((filter) => filter(record));
}

function compilePattern(pattern: unknown, text: string): Filter {
  if (!isObject(pattern)) throw unsupported(text, "expected an object");
  const tests = Object.entries(pattern).map(([name, rule]): Filter => {
    if (name === "$or") {
      if (!Array.isArray(rule)) throw unsupported(text, "expected a list in $or");
      const any = rule.map((inner) => compilePattern(inner, text));
      return (record) => any.some((filter) => filter(record));
    }
    if (Array.isArray(rule)) {
      const any = rule.map((item) => compileTest(item, text));
      return (record) => any.some((test) => valuesOf(record, name).some(test));
    }
    const inner = compilePattern(rule, text);
    return (record) => inner(isObject(record) ? record[name] : undefined);
  });
  return (record) => tests.every((test) => test(record));
}

/** A list matches when one of its elements does. */
function valuesOf(record: unknown, name: string): readonly unknown[] {
  const value = isObject(record) ? record[name] : undefined;
  return Array.isArray(value) && value.length > 0 ? value : [value];
}

function compileTest(rule: unknown, text: string): Test {
  if (!isObject(rule)) return (value) => value === rule;
  const [operator = "", ...others] = Object.keys(rule);
  const operand = rule[operator];
  if (others.length > 0) throw unsupported(text, "expected one operator");
  switch (operator) {
    case "exists":
      return (value) => (value !== undefined && !isObject(value)) === operand;
    case "prefix":
      return (value) => typeof value === "string" && value.startsWith(String(operand));
    case "suffix":
      return (value) => typeof value === "string" && value.endsWith(String(operand));
    case "equals-ignore-case":
      return (value) => typeof value === "string" && value.toLowerCase() === String(operand).toLowerCase();
    case "anything-but":
      return anythingBut(operand, text);
    case "numeric":
      return numeric(operand, text);
    default:
      throw unsupported(text, `operator ${operator} is not known`);
  }
}

function anythingBut(operand: unknown, text: string): Test {
  if (isObject(operand)) {
    const test = compileTest(operand, text);
    return (value) => value !== undefined && !test(value);
  }
  const refused = Array.isArray(operand) ? operand : [operand];
  return (value) => value !== undefined && !refused.includes(value);
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** `[">", 0, "<=", 5]`. Numbers of DynamoDB are text and never match, as in Lambda. */
function numeric(operand: unknown, text: string): Test {
  if (!Array.isArray(operand) || operand.length % 2 !== 0)
    throw unsupported(text, "expected pairs of comparison and number");
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    if (compare === undefined) throw unsupported(text, `comparison ${String(operand[index])} is not known`);
    tests.push((value) => compare(value, Number(operand[index + 1])));
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}

function unsupported(pattern: string, what: string): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `The filter pattern ${pattern} cannot be evaluated on this machine: ${what}.`,
  );
}
