/** Writes any number of statements in batches, side by side; statements for the same row one after the other. */
import type { Statement } from "./statements/statement.ts";
import { MAX_WRITES, type TransactionsTable, type WriteResult } from "./transactions-table.ts";
import { Batcher } from "../concurrency/batcher.ts";

const MAX_IN_FLIGHT = 4;

/** @returns one result a statement, in order */
export async function writeAll(
  table: Pick<TransactionsTable, "write">,
  statements: readonly Statement[],
): Promise<WriteResult[]> {
  const batches = new Batcher<Statement, WriteResult>({
    maxSize: MAX_WRITES,
    lingerMs: 0,
    maxInFlight: MAX_IN_FLIGHT,
    keyOf: ({ transactionId }) => transactionId,
    run: (batch) => table.write(batch),
  });
  return Promise.all(statements.map((statement) => batches.add(statement)));
}
