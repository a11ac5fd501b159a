/**
 * Rows of fake transactions, as a cooperative producer writes them: with the keys of both indexes and a lease, so that
 * each is found again even if the stream never tells of it. Bad ones lack what only the pipeline can notice; all can be
 * told apart by version.
 */
import { ATTRIBUTES } from "./row/attributes.ts";
import type { RowKeySettings } from "../settings/row-key-settings.ts";
import { dueKeyFor, merchantKeyFor } from "./row/index-keys.ts";

export type FakeAttribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly M: Readonly<Record<string, FakeAttribute>> };
export type FakeRow = Readonly<Record<string, FakeAttribute>>;

/** What can be wrong with a row, one kind each. */
export const BAD_KINDS = [
  "unknown merchant",
  "not a URL",
  "forbidden address",
  "amount is a number",
  "no outcome",
  "wrong currency",
] as const;
export type BadKind = (typeof BAD_KINDS)[number];

export interface FakeTransaction {
  readonly transactionId: string;
  /** 1 is authorized; later ones carry the final outcome. */
  readonly version: number;
  readonly merchantId: string;
  readonly occurredAt: Date;
  /** Cents, from 1. */
  readonly amountCents: number;
  readonly isLast: boolean;
  readonly bad?: BadKind;
  /** A URL of its own instead of its merchant's. */
  readonly confirmationUrl?: string;
  /** Its merchant's transactions with the same key come in order. */
  readonly orderingKey?: string;
  /** Id of the one before it with that key. */
  readonly orderingAfter?: string;
  /** X-Ray trace header of whoever inserts it. */
  readonly traceHeader?: string;
}

const CENTS = 100;
const CURRENCY = "EUR";
const FORBIDDEN_URL = "https://169.254.169.254/latest/meta-data/";

export function fakeRow(transaction: FakeTransaction, settings: RowKeySettings, nowMs: number): FakeRow {
  const { transactionId, version, merchantId, amountCents, isLast, bad } = transaction;
  const { confirmationUrl, orderingKey, orderingAfter, traceHeader } = transaction;
  const occurredAt = transaction.occurredAt.toISOString();
  const good = {
    transactionId: { S: transactionId },
    version: { N: String(version) },
    merchantId: { S: merchantId },
    outcome: { S: outcomeOf(amountCents, isLast) },
    amount: { S: (amountCents / CENTS).toFixed(2) },
    currency: { S: CURRENCY },
    occurredAt: { S: occurredAt },
    [ATTRIBUTES.dueKey]: { S: dueKeyFor(transactionId, settings.dueShards) },
    [ATTRIBUTES.dueAt]: { N: String(nowMs + settings.leaseMs) },
    [ATTRIBUTES.merchantKey]: { S: merchantKeyFor(merchantId, occurredAt, transactionId, settings.merchantShards) },
    ...(confirmationUrl !== undefined && { confirmationUrl: { S: confirmationUrl } }),
    ...(orderingKey !== undefined && { orderingKey: { S: orderingKey } }),
    ...(orderingAfter !== undefined && { orderingAfter: { S: orderingAfter } }),
    ...(traceHeader !== undefined && { traceHeader: { S: traceHeader } }),
  };
  return bad === undefined ? good : SPOIL[bad](good);
}

/** A transaction that is not at its last version was authorized only; one in ten is rejected in the end. */
function outcomeOf(amountCents: number, isLast: boolean): string {
  if (!isLast) return "AUTHORIZED";
  return amountCents % 10 === 0 ? "REJECTED" : "APPROVED";
}

const SPOIL: Readonly<Record<BadKind, (row: FakeRow) => FakeRow>> = {
  "unknown merchant": (row) => ({ ...row, merchantId: { S: "merchant-that-never-registered" } }),
  "not a URL": (row) => ({ ...row, confirmationUrl: { S: "call me maybe" } }),
  "forbidden address": (row) => ({ ...row, confirmationUrl: { S: FORBIDDEN_URL } }),
  "amount is a number": (row) => ({ ...row, amount: { N: "12.5" } }),
  "no outcome": ({ outcome: _left, ...row }) => row,
  "wrong currency": (row) => ({ ...row, currency: { S: "euro" } }),
};

/** Write condition of a cooperative producer: a row is new, or its version is raised. */
export function putParameters(tableName: string, row: FakeRow) {
  return {
    TableName: tableName,
    Item: { ...row } as Record<string, never>,
    ConditionExpression: "attribute_not_exists(transactionId) OR version < :version",
    ExpressionAttributeValues: { ":version": row["version"] as never },
  };
}
