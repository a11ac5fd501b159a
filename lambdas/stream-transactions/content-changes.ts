/**
 * Gives up versions whose content is not what their merchant accepted. An image of the stream is only a reason to look:
 * it may be old, and it may show other types than the table holds. So the row is read, consistently, and written to
 * only as it was read; a change after that has an image of its own. Dead letter first, then the record.
 */
import { deadLetterOf } from "../../core/aws/outgoing-messages.ts";
import type { EntryError } from "../../core/aws/message-queue.ts";
import { countGivenUp, sendDeadLetters } from "../../core/aws/send-dead-letters.ts";
import { contentChangedStatement } from "../../core/aws/statements/content.ts";
import type { WriteResult } from "../../core/aws/transactions-table.ts";
import { writeAll } from "../../core/aws/write-all.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import { type ContentChange, contentChangeOf } from "../../core/transaction/content-change.ts";
import { rightMerchantKey } from "../../core/merchant/merchant-listing.ts";
import { failedListing } from "../../core/transaction/row/failed-listing.ts";
import { rowStateOf } from "../../core/transaction/row/row-state.ts";
import { traceIdOf } from "../../core/telemetry/trace.ts";
import { traceHeaderOf } from "../../core/transaction/transaction.ts";
import type { ProcessParts } from "./process-parts.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

interface Changed extends ContentChange {
  readonly row: AttributeMap;
}

export type ContentChangeParts = Pick<
  ProcessParts,
  "table" | "deadLetters" | "sandboxMerchants" | "order" | "settledDays" | "count" | "campaigns" | "warn" | "now"
> & { readonly merchantShards: number };

/**
 * @param transactionIds of rows whose images show other content, 100 at most
 * @returns what went wrong, for each of those that must be looked at again
 */
export async function giveUpChanged(
  transactionIds: readonly string[],
  parts: ContentChangeParts,
): Promise<ReadonlyMap<string, string>> {
  if (transactionIds.length === 0) return new Map();
  const { table, order } = parts;
  let rows: Map<string, AttributeMap>;
  try {
    rows = await table.read(transactionIds);
  } catch (error) {
    return new Map(transactionIds.map((id) => [id, errorLine(error)]));
  }
  const changed = [...rows.values()].flatMap((row): Changed[] => {
    const change = contentChangeOf(row);
    return change === undefined ? [] : [{ row, ...change }];
  });
  const { errors, isSandbox } = await sendDeadLetters(
    changed.map(({ row, version, failure }) => ({
      row,
      message: deadLetterOf(row, messageOf(row, version), order, failure, rowStateOf(row).attemptCount),
    })),
    parts,
  );
  const sent = changed.filter((_, index) => isOver(errors[index]));
  const results = await writeAll(
    table,
    sent.map((one) => statementOf(one, parts)),
  );
  const written = sent.filter((_, index) => results[index]?.kind === "written");
  countGivenUp(written, isSandbox, parts);
  for (const one of written) tell(one, parts);
  return new Map([
    ...changed.flatMap((one, index) =>
      isOver(errors[index]) ? [] : [[idOf(one), errors[index]?.error ?? ""] as const],
    ),
    ...sent.flatMap((one, index) => failed(one, results[index])),
  ]);
}

function statementOf(
  { row, version, accepted, failure }: Changed,
  { table, settledDays, now, merchantShards }: ContentChangeParts,
) {
  const merchantKey = rightMerchantKey(row, merchantShards);
  const at = now();
  const listing = failedListing(accepted.merchantId, stringOf(row["transactionId"]) ?? "", failure, at, merchantShards);
  const change = { accepted, failure, merchantKey, listing };
  return contentChangedStatement(table.name, row, version, change, at, settledDays);
}

function messageOf(row: AttributeMap, version: number) {
  const trace = traceHeaderOf(row);
  const transactionId = stringOf(row["transactionId"]) ?? "";
  return { transactionId, version, release: rowStateOf(row).release, ...(trace !== undefined && { trace }) };
}

/** What the queue refuses for good must not keep the record from being right. */
function isOver(error: EntryError): boolean {
  return error === undefined || error.isRefused;
}

/** One that was changed once more is judged by that change; one that takes no record for good stays as it is. */
function failed(one: Changed, result: WriteResult | undefined): (readonly [string, string])[] {
  return result?.kind === "unavailable" ? [[idOf(one), result.error]] : [];
}

function tell({ row, version, failure: { code, reason } }: Changed, { warn }: ContentChangeParts): void {
  warn("content changed", {
    transactionId: stringOf(row["transactionId"]),
    version,
    merchantId: stringOf(row["merchantId"]),
    traceId: traceIdOf(traceHeaderOf(row)),
    code,
    reason,
  });
}

function idOf({ row }: Changed): string {
  return stringOf(row["transactionId"]) ?? "";
}
