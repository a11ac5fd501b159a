/**
 * Submits the rows of a block as the API submits transactions, and says of each whether it is accepted. Done again, it
 * comes to the same: an equal row that is in the table already counts as accepted, whatever the rules say of it since.
 */
import type { IntakeCalls, IntakeResult } from "../intake/intake.ts";
import { contentAttributes } from "../intake/content-row.ts";
import { contentDigest, intakeOf } from "../intake/intake-record.ts";
import type { Submission } from "../intake/submission.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { fieldFault } from "./read-block.ts";
import type { ReadRow, RejectedRow, RowFault } from "./row.ts";

export interface AcceptParts {
  readonly intake: Pick<IntakeCalls, "submit">;
  readonly read: (transactionIds: readonly string[]) => Promise<ReadonlyMap<string, AttributeMap>>;
}

export interface AcceptOptions {
  readonly by: string;
  /** Whose rows alone may be accepted. */
  readonly merchantId?: string | undefined;
}

export type AcceptedRows =
  | { readonly kind: "over"; readonly accepted: number; readonly rejected: readonly RejectedRow[] }
  /** The table did not take all of them just now; what it took is there. */
  | { readonly kind: "unavailable"; readonly error: string };

/** Rows that one call reads (`BatchGetItem`). */
const MAX_READS = 100;

export async function acceptRows(
  rows: readonly ReadRow[],
  { by, merchantId }: AcceptOptions,
  { intake, read }: AcceptParts,
): Promise<AcceptedRows> {
  const faults = rows.map((row) => {
    if ("fault" in row) return row.fault;
    return "submission" in row ? foreignFault(row.submission, merchantId) : undefined;
  });
  const sent = rows.flatMap((row, index) =>
    "submission" in row && faults[index] === undefined ? [{ index, submission: row.submission }] : [],
  );
  const results =
    sent.length === 0
      ? []
      : await intake.submit(
          sent.map(({ submission }) => ({ submission })),
          by,
        );
  const doubtful: { readonly index: number; readonly submission: Submission }[] = [];
  for (const [at, one] of sent.entries()) {
    const result = results[at] as IntakeResult;
    if (result.kind === "unavailable") return { kind: "unavailable", error: result.error };
    if (result.kind === "taken") continue;
    if (result.kind === "invalid") doubtful.push(one);
    faults[one.index] = result.kind === "invalid" ? fieldFault(result.errors) : conflictFault(result.differences);
  }
  for (const index of await thereAlready(doubtful, read)) faults[index] = undefined;
  const rejected = rows.flatMap((row, index): RejectedRow[] => {
    const fault = faults[index];
    if (fault === undefined) return [];
    const { line, source } = row;
    const transactionId = "submission" in row ? row.submission.transactionId : undefined;
    return [{ line, source, fault, ...(transactionId !== undefined && { transactionId }) }];
  });
  return { kind: "over", accepted: rows.length - rejected.length, rejected };
}

function foreignFault(submission: Submission, merchantId: string | undefined): RowFault | undefined {
  if (merchantId === undefined || submission.merchantId === merchantId) return undefined;
  const reason = "got another merchant's, expected those of the merchant that the access token is narrowed to";
  return { code: "merchant_foreign", field: "merchantId", reason };
}

function conflictFault(differences: readonly string[]): RowFault {
  const named = differences.length === 0 ? "what was accepted as version 1" : differences.join(", ");
  return {
    code: "transaction_conflict",
    field: differences[0] ?? "transactionId",
    reason: `got another content under the id of a transaction that is there: ${named} differs`,
  };
}

/** Indexes of rows that an earlier turn took, and that would be refused by now, such as those of a deleted merchant. */
async function thereAlready(
  rows: readonly { readonly index: number; readonly submission: Submission }[],
  read: AcceptParts["read"],
): Promise<number[]> {
  const there: number[] = [];
  for (let from = 0; from < rows.length; from += MAX_READS) {
    const page = rows.slice(from, from + MAX_READS);
    const found = await read([...new Set(page.map(({ submission }) => submission.transactionId))]);
    for (const { index, submission } of page) {
      const content = contentAttributes(submission);
      const row = found.get(submission.transactionId);
      if (row === undefined || "faults" in content) continue;
      if (intakeOf(row)?.digest === contentDigest(content.attributes)) there.push(index);
    }
  }
  return there;
}
