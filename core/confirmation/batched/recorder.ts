/**
 * Writes outcomes to the table, batched; what the table cannot take now is retried, one statement a call. So is the
 * look at a row that refused one.
 */
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import type { Statement } from "../../aws/statements/statement.ts";
import { MAX_WRITES, type TransactionsTable, type WriteResult } from "../../aws/transactions-table.ts";
import { Batcher } from "../../concurrency/batcher.ts";
import type { Recorded } from "../ports.ts";
import type { InFlightMessage } from "../in-flight-message.ts";
import type { RetryUntilRecorded } from "./retry-until-recorded.ts";

const LINGER_MS = 20;
const MAX_IN_FLIGHT = 8;

export class Recorder {
  readonly #table: Pick<TransactionsTable, "read" | "write">;
  readonly #untilRecorded: RetryUntilRecorded;
  readonly #batches: Batcher<Statement, WriteResult>;

  constructor(table: Pick<TransactionsTable, "read" | "write">, untilRecorded: RetryUntilRecorded) {
    this.#table = table;
    this.#untilRecorded = untilRecorded;
    this.#batches = new Batcher({
      maxSize: MAX_WRITES,
      lingerMs: LINGER_MS,
      maxInFlight: MAX_IN_FLIGHT,
      keyOf: (statement) => statement.transactionId,
      run: (statements) => table.write(statements),
    });
  }

  /** @throws StoppedError when the task ends before the table could be reached */
  record(statement: Statement, inFlight: InFlightMessage): Promise<Recorded> {
    return this.#batches
      .add(statement)
      .then((result) => (result.kind === "unavailable" ? this.#retry(statement, inFlight) : result));
  }

  /**
   * The row as it is now, for what must not be given up half-way.
   *
   * @returns undefined where it is gone. @throws StoppedError when the task ends before the table could be reached
   */
  async readAgain(transactionId: string, inFlight: InFlightMessage): Promise<AttributeMap | undefined> {
    const readOnce = () => this.#table.read([transactionId]).catch(() => undefined);
    const rows = (await readOnce()) ?? (await this.#untilRecorded.run(inFlight, readOnce));
    return rows.get(transactionId);
  }

  #retry(statement: Statement, inFlight: InFlightMessage): Promise<Recorded> {
    return this.#untilRecorded.run(inFlight, async () => {
      const [again] = await this.#table.write([statement]);
      return again === undefined || again.kind === "unavailable" ? undefined : again;
    });
  }
}
