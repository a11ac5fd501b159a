/** JSON that is handed on with the digits it has: a number that JavaScript would change stays text until it is sent. */
import { ExactNumber, parseExactJson } from "../../../../core/api/exact-json.ts";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { wrongLine } from "../../frame/command-failure.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Submitted {
  /** Whether it is a list, of however many. */
  readonly isList: boolean;
  readonly transactions: readonly JsonObject[];
}

/** @param text JSON of one transaction, of a list of them, or one a line */
export function transactionsIn(text: string): Submitted {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw wrongLine("There is nothing in it; expected JSON of a transaction, or of several");
  const whole = parsed(text);
  if ("value" in whole) {
    const isList = Array.isArray(whole.value);
    const values = isList ? (whole.value as unknown[]) : [whole.value];
    if (values.length === 0) throw wrongLine("The list is empty; expected a transaction at least");
    return {
      isList,
      transactions: values.map((value, index) => objectOf(value, isList ? `Entry ${index + 1}` : "It")),
    };
  }
  // One line that is no JSON is no list of lines either.
  if (lines.length === 1) throw wrongLine(`It is no JSON: ${whole.fault}`);
  const transactions = lines.map((line, index) => {
    const one = parsed(line);
    if ("fault" in one) throw wrongLine(`Line ${index + 1} is no JSON: ${one.fault}`);
    return objectOf(one.value, `Line ${index + 1}`);
  });
  return { isList: true, transactions };
}

export function parsePayload(text: string): JsonObject {
  const payload = parsed(text);
  if ("fault" in payload) throw wrongLine(`--payload is no JSON: ${payload.fault}`);
  return objectOf(payload.value, "--payload");
}

// Of ECMAScript, "JSON.parse source text access"; not declared by TypeScript yet.
const { rawJSON } = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown };

export function bodyText(body: unknown): string {
  return JSON.stringify(body, (_, value: unknown) => (value instanceof ExactNumber ? rawJSON(value.text) : value));
}

function parsed(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: parseExactJson(text) };
  } catch (error) {
    return { fault: shortly((error as Error).message) };
  }
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber))
    return value as JsonObject;
  throw wrongLine(`${what} is no JSON object; expected one such as {"transactionId":"t-1",…}`);
}
