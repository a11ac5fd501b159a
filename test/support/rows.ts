/** Rows of the tables as tests need them: valid unless a test says otherwise. */
import { type Accepted, contentOf } from "../../core/transaction/accepted.ts";
import type { AttributeMap, AttributeValue } from "../../core/transaction/attribute-value.ts";
import { parseTransaction } from "../../core/transaction/parse-transaction.ts";

/** Attributes to change in a row; undefined takes one away. */
export type Changes = Readonly<Record<string, AttributeValue | undefined>>;

export function changed(row: AttributeMap, changes: Changes): AttributeMap {
  const result: Record<string, AttributeValue> = { ...row };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

export function transactionRow(changes: Changes = {}): AttributeMap {
  return changed(
    {
      transactionId: { S: "t-1" },
      version: { N: "1" },
      merchantId: { S: "m-1" },
      outcome: { S: "APPROVED" },
      amount: { S: "12.50" },
      currency: { S: "EUR" },
      occurredAt: { S: "2026-11-22T10:00:00Z" },
    },
    changes,
  );
}

/** The same as the stream leaves it. @param writtenAt epoch milliseconds */
export function listedRow(writtenAt: number, changes: Changes = {}): AttributeMap {
  const keys = { dueKey: text("P#0"), dueAt: number(writtenAt + 900_000), merchantKey: text("m-1#2026-11-22#0") };
  return transactionRow({ ...keys, ...changes });
}

export function merchantRow(changes: Changes = {}): AttributeMap {
  return changed(
    {
      merchantId: { S: "m-1" },
      confirmationUrl: { S: "https://merchant.example/confirmations" },
      secretSalt: { S: Buffer.alloc(16, 1).toString("base64") },
    },
    changes,
  );
}

export const number = (value: number): AttributeValue => ({ N: String(value) });
export const text = (value: string): AttributeValue => ({ S: value });

/** What a delivery of the row says. */
export function contentIn(row: AttributeMap): Accepted {
  const parsed = parseTransaction(row);
  if ("faults" in parsed) throw new Error(`the row cannot be read: ${parsed.faults.join("; ")}`);
  return contentOf(parsed.transaction);
}
