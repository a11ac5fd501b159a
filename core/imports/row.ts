/**
 * A row of a file: a transaction to submit, one that an old system confirmed, or why it is rejected; with what a result
 * file needs to show it again.
 */
import type { SaidElsewhere } from "../aws/note-elsewhere.ts";
import type { Submission } from "../intake/submission.ts";

export const ROW_FAULTS = [
  "row_too_long",
  "row_malformed",
  "row_truncated",
  "cells_unequal",
  "field_invalid",
  "merchant_foreign",
  "transaction_conflict",
  "transaction_unknown",
  "version_superseded",
] as const;
export type RowFaultCode = (typeof ROW_FAULTS)[number];

export interface RowFault {
  readonly code: RowFaultCode;
  /** Column or member; empty where it is the row as a whole. */
  readonly field: string;
  readonly reason: string;
}

/** What stood in the file, as far as it could be read. */
export type RowSource =
  | { readonly kind: "cells"; readonly cells: readonly string[] }
  /** A member of JSON Lines, as it stood there. */
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "text"; readonly text: string };

interface AtLine {
  /** The first of the row, from 1, as an editor counts them. */
  readonly line: number;
  readonly source: RowSource;
}

export type ReadRow = AtLine &
  ({ readonly submission: Submission } | { readonly said: SaidElsewhere } | { readonly fault: RowFault });

export interface RejectedRow extends AtLine {
  readonly fault: RowFault;
  readonly transactionId?: string;
}
