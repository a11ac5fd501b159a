/**
 * Reads the rows of messages just before they are acted on, consistently and in batches. What one row suffers is that
 * row's alone.
 */
import { MAX_READS, RowsUnreadError, type TransactionsTable } from "../../aws/transactions-table.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { Batcher, ItemFailed } from "../../concurrency/batcher.ts";

const LINGER_MS = 10;
const MAX_IN_FLIGHT = 4;

export class RowReader {
  readonly #reads: Batcher<string, AttributeMap | undefined>;

  /** @param ahead what is to be there before the rows are handed on. @default nothing */
  constructor(
    table: Pick<TransactionsTable, "read">,
    ahead: (rows: Iterable<AttributeMap>) => Promise<void> | undefined = () => undefined,
  ) {
    this.#reads = new Batcher({
      maxSize: MAX_READS,
      lingerMs: LINGER_MS,
      maxInFlight: MAX_IN_FLIGHT,
      keyOf: (transactionId) => transactionId,
      run: async (transactionIds) => {
        const { rows, unread } = await readAsFarAsPossible(table, transactionIds);
        const looking = ahead(rows.values());
        if (looking !== undefined) await looking;
        if (unread === undefined) return transactionIds.map((transactionId) => rows.get(transactionId));
        return transactionIds.map((id) => (unread.unread.has(id) ? new ItemFailed(unread) : rows.get(id)));
      },
    });
  }

  /** @returns the row, or undefined where there is none. @throws when it could not be read */
  read(transactionId: string): Promise<AttributeMap | undefined> {
    return this.#reads.add(transactionId);
  }
}

/** @throws when not even a part could be read */
async function readAsFarAsPossible(
  table: Pick<TransactionsTable, "read">,
  transactionIds: readonly string[],
): Promise<{ readonly rows: ReadonlyMap<string, AttributeMap>; readonly unread?: RowsUnreadError }> {
  try {
    return { rows: await table.read(transactionIds) };
  } catch (error) {
    if (!(error instanceof RowsUnreadError)) throw error;
    return { rows: error.rows, unread: error };
  }
}
