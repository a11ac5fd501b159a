/**
 * JSON whose numbers keep every digit. A DynamoDB number holds 38 digits, a JavaScript one about 16.
 */
import { canonicalDecimal } from "../transaction/canonical-decimal.ts";

/** A number that a JavaScript one would not give back. */
export class ExactNumber {
  /** As it stood in the JSON. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a JavaScript number may not hold, many digits or an exponent, where a number can stand: ids have digits too. */
const MAY_LOSE = /[[:,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/;

// The third parameter of a reviver (ECMAScript, "JSON.parse source text access"), not declared by TypeScript yet.
type Reviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;

const keepDigits: Reviver = (_name, value, { source }) =>
  typeof value === "number" && source !== undefined && !isGivenBack(value, source) ? new ExactNumber(source) : value;

const IS_ZERO = /^-?0(?:\.0*)?(?:[eE]|$)/;
const ZEROS_OF_EXPONENT = /([eE][+-]?)0+(?=\d)/;

/** `1e3`, `10.0`, `1e0003` and `0e99999` are spelled another way, and are the numbers that they are. */
function isGivenBack(value: number, source: string): boolean {
  const text = String(value);
  if (text === source || IS_ZERO.test(source)) return true;
  return canonicalDecimal(text) === canonicalDecimal(source.replace(ZEROS_OF_EXPONENT, "$1"));
}

/** @throws SyntaxError */
export function parseExactJson(text: string): unknown {
  if (!MAY_LOSE.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (this: unknown, name: string, value: unknown) => unknown);
}
