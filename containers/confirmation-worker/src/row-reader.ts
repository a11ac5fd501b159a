/** Reads the rows of messages just before they are acted on, consistently and in batches. */
import { MAX_READS, type TransactionsTable } from "../../../aws/transactions-table.ts";
import type { AttributeMap } from "../../../core/attribute-value.ts";
import { Batcher } from "../../../core/batcher.ts";

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
        const rows = await table.read(transactionIds);
        const looking = ahead(rows.values());
        if (looking !== undefined) await looking;
        return transactionIds.map((transactionId) => rows.get(transactionId));
      },
    });
  }

  /** @returns the row, or undefined where there is none. @throws when the table could not be read */
  read(transactionId: string): Promise<AttributeMap | undefined> {
    return this.#reads.add(transactionId);
  }
}
