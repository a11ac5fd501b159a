/**
 * Which changes of a batch are retried: those whose call may succeed another time. What is refused for good is only
 * told, or it would block its shard.
 */
import type { EntryError } from "../../core/aws/message-queue.ts";
import type { WriteResult } from "../../core/aws/transactions-table.ts";
import { type AttributeMap, stringOf } from "../../core/transaction/attribute-value.ts";
import { versionOf } from "../../core/transaction/transaction.ts";
import type { ProcessParts } from "./process-parts.ts";

/** Leaves out what the queue refuses for good: it would block the shard, and the row is still found by its due date. */
export function passing(
  errors: readonly EntryError[],
  items: readonly { readonly image: AttributeMap }[],
  warn: ProcessParts["warn"],
): EntryError[] {
  return errors.map((error, index) => {
    if (!error?.isRefused) return error;
    const image = items[index]?.image ?? {};
    const [transactionId, merchantId] = [stringOf(image["transactionId"]), stringOf(image["merchantId"])];
    warn("message refused", { transactionId, version: versionOf(image), merchantId, error: error.error });
    return undefined;
  });
}

export function unavailable(results: readonly WriteResult[]): ({ readonly error: string } | undefined)[] {
  return results.map((result) => (result.kind === "unavailable" ? { error: result.error } : undefined));
}

export function failures(
  errors: readonly ({ readonly error: string } | undefined)[],
  items: readonly { readonly sequenceNumber: string }[],
  what: string,
  warn: ProcessParts["warn"],
): string[] {
  const failed = items.filter((_, index) => errors[index] !== undefined);
  const first = errors.find((error) => error !== undefined);
  if (first !== undefined) warn(what, { count: failed.length, error: first.error });
  return failed.map(({ sequenceNumber }) => sequenceNumber);
}
