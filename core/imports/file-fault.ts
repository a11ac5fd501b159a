/** Why a whole file is refused: nothing of it is written then. docs/using/imports.md has each code. */

export const FILE_FAULTS = [
  "file_empty",
  "file_compressed",
  "file_workbook",
  "file_utf16",
  "file_not_utf8",
  "file_has_nul",
  "file_json_list",
  "file_unknown_type",
  "file_without_rows",
  "header_too_long",
  "header_malformed",
  "header_unknown_column",
  "header_duplicate_column",
  "header_missing_column",
] as const;
export type FileFaultCode = (typeof FILE_FAULTS)[number];

export interface FileFault {
  readonly code: FileFaultCode;
  /** What was got, what was expected, what to do. */
  readonly reason: string;
  /** From 1, as an editor counts them. */
  readonly line?: number;
  /** From 0. */
  readonly byte?: number;
}
