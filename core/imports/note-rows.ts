/**
 * Notes the rows of a block as what an old system confirmed, and says of each whether that is noted. Done again, it
 * comes to the same: what was noted counts as accepted.
 */
import type { NotedElsewhere, SaidElsewhere } from "../aws/note-elsewhere.ts";
import type { UnknownOne } from "../aws/unknown-elsewhere.ts";
import type { AcceptedRows } from "./accept-rows.ts";
import type { ReadRow, RejectedRow, RowFault } from "./row.ts";

export interface NoteParts {
  readonly noteElsewhere: (said: readonly SaidElsewhere[], by: string) => Promise<readonly NotedElsewhere[]>;
  /** Keeps what is not here for the status of its merchant's cut-over. */
  readonly noteUnknown: (merchantId: string, ones: readonly UnknownOne[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

/** By which another clock may be ahead. */
export const CLOCK_MARGIN_MS = 300_000;

const TO_COME: RowFault = {
  code: "field_invalid",
  field: "confirmedAt",
  reason: "got a time that is to come, expected when it was confirmed",
};
const FAULTS = {
  unknown: {
    code: "transaction_unknown",
    field: "transactionId",
    reason: "got one that is not here, or a version that it has not got yet; import the row again once it is",
  },
  superseded: {
    code: "version_superseded",
    field: "version",
    reason: "got an older version than the transaction has; nothing is noted of it",
  },
  foreign: {
    code: "merchant_foreign",
    field: "merchantId",
    reason: "got another merchant than the transaction is for",
  },
} as const satisfies Readonly<Record<string, RowFault>>;

export async function noteRows(
  rows: readonly ReadRow[],
  by: string,
  { noteElsewhere, noteUnknown, nowMs }: NoteParts,
): Promise<AcceptedRows> {
  const latest = nowMs() + CLOCK_MARGIN_MS;
  const faults = rows.map((row) => ("fault" in row ? row.fault : isToCome(row, latest) ? TO_COME : undefined));
  const given = rows.flatMap((row, index) =>
    "said" in row && faults[index] === undefined ? [{ index, said: row.said }] : [],
  );
  const results =
    given.length === 0
      ? []
      : await noteElsewhere(
          given.map(({ said }) => said),
          by,
        );
  const unknown = new Map<string, UnknownOne[]>();
  for (const [at, { index, said }] of given.entries()) {
    const result = results[at];
    if (result === undefined || result.kind === "unavailable")
      return { kind: "unavailable", error: result?.error ?? "no result" };
    if (result.kind !== "noted") faults[index] = FAULTS[result.kind];
    const { transactionId, version, merchantId } = said;
    if (result.kind !== "unknown" || merchantId === undefined) continue;
    unknown.set(merchantId, [...(unknown.get(merchantId) ?? []), { transactionId, version }]);
  }
  for (const [merchantId, ones] of unknown) await noteUnknown(merchantId, ones);
  const rejected = rows.flatMap((row, index): RejectedRow[] => {
    const fault = faults[index];
    if (fault === undefined) return [];
    const { line, source } = row;
    return [{ line, source, fault, ...("said" in row && { transactionId: row.said.transactionId }) }];
  });
  return { kind: "over", accepted: rows.length - rejected.length, rejected };
}

function isToCome(row: ReadRow, latest: number): boolean {
  return "said" in row && row.said.at > latest;
}
