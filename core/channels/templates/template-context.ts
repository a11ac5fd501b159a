/** The values that a template may name: what the webhook says, what was done before, and who is told. */
import { type AttributeMap, type AttributeValue, attributeJson } from "../../transaction/attribute-value.ts";
import type { Transaction } from "../../transaction/transaction.ts";
import type { StepRecord } from "../steps.ts";

/** Numbers are texts, with each of their digits. */
export type TemplateValue =
  | string
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [name: string]: TemplateValue };

export type TemplateContext = { readonly [name: string]: TemplateValue };

/** The first of any name, outside of sections. */
export const CONTEXT_NAMES: ReadonlySet<string> = new Set([
  "transactionId",
  "version",
  "merchantId",
  "outcome",
  "amount",
  "currency",
  "occurredAt",
  "payload",
  "steps",
  "recipient",
]);

export interface ContextParts {
  readonly transaction: Transaction;
  readonly steps: readonly StepRecord[];
  /** Who is told, and by which channel. */
  readonly recipient: { readonly merchantId: string; readonly channel: string; readonly to: string };
}

export function templateContext({ transaction, steps, recipient }: ContextParts): TemplateContext {
  const { transactionId, version, merchantId, outcome, amount, currency, occurredAt, payload = {} } = transaction;
  return {
    transactionId,
    version: String(version),
    merchantId,
    outcome,
    amount,
    currency,
    occurredAt,
    payload: valuesOf(payload),
    steps: Object.fromEntries(steps.map((step) => [step.channel, valueOfStep(step)])),
    recipient,
  };
}

/** Has `text` where there was a response to it, and `response` where that is an object or a list in JSON. */
function valueOfStep({ result, at, messageId, response }: StepRecord): TemplateValue {
  const json = response === undefined ? undefined : jsonOf(response);
  return {
    result,
    at: new Date(at).toISOString(),
    ...(messageId !== undefined && { messageId }),
    ...(response !== undefined && { text: response }),
    ...(json !== undefined && { response: json }),
  };
}

// The third parameter of a reviver (ECMAScript, "JSON.parse source text access"), not declared by TypeScript yet.
type Reviver = (this: unknown, name: string, value: unknown, context: { readonly source?: string }) => unknown;

const asText: Reviver = (_name, value, { source }) => (typeof value === "number" ? (source ?? String(value)) : value);

/** @returns undefined for what is no object and no list. Numbers as they stand there */
export function jsonOf(text: string): TemplateValue | undefined {
  try {
    const value: unknown = JSON.parse(text, asText as (this: unknown, name: string, value: unknown) => unknown);
    return typeof value === "object" && value !== null ? (value as TemplateValue) : undefined;
  } catch {
    return undefined;
  }
}

function valuesOf(map: AttributeMap): { readonly [name: string]: TemplateValue } {
  return Object.fromEntries(Object.entries(map).map(([name, attribute]) => [name, valueOf(attribute)]));
}

function valueOf(attribute: AttributeValue): TemplateValue {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return attribute.N;
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.M !== undefined) return valuesOf(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(valueOf);
  return jsonOf(attributeJson(attribute)) ?? base64Of(attribute) ?? null;
}

function base64Of({ B }: AttributeValue): string | undefined {
  if (B === undefined) return undefined;
  return typeof B === "string" ? B : Buffer.from(B).toString("base64");
}
