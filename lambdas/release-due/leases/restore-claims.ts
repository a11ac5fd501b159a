/**
 * After a kill: rows that an execution had claimed, and whose messages it may not have sent, go back to where they
 * were. Its lease is over by then. A message that it did send is accepted no more once its row is parked again, and the
 * row is requeued anew; one that a worker has recorded anything for stays as it is.
 */
import type { ClaimJournal } from "../../../core/aws/claim-journal.ts";
import { unclaimStatement } from "../../../core/aws/statements/requeue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface RestoreParts {
  readonly table: Pick<TransactionsTable, "name" | "write">;
  readonly journal: Pick<ClaimJournal, "read" | "clear">;
  readonly lanes: number;
  readonly warn: Log;
}

/** @param holder an execution whose lease is over. The journal goes only when all of it was carried out. */
export async function restoreClaims(holder: string, { table, journal, lanes, warn }: RestoreParts): Promise<void> {
  for (const [lane, claims] of await journal.read(holder, lanes)) {
    const results = await writeAll(
      table,
      claims.map((claim) => unclaimStatement(table.name, claim)),
    );
    const restored = results.filter(({ kind }) => kind === "written").length;
    warn("claims of an execution that was ended restored", { holder, claims: claims.length, restored });
    if (results.every(({ kind }) => kind !== "unavailable")) await journal.clear(holder, lane);
  }
}
