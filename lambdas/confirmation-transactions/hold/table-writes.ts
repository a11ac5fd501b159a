/**
 * Writes to the table of transactions, and whether they work: what is delivered while they do not is delivered again.
 * The function cannot keep it until it is recorded, as the worker does, since an invocation ends. So after a write that
 * nothing of was taken, nothing is begun before a write of our own is answered: one of no row, whose condition fails.
 */
import { randomUUID } from "node:crypto";
import { completeWithLittleStatement } from "../../../core/aws/statements/complete.ts";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import type { TransactionsTable, WriteResult } from "../../../core/aws/transactions-table.ts";

export class TableWrites {
  readonly #table: Pick<TransactionsTable, "write" | "name">;
  #isDown = false;

  constructor(table: Pick<TransactionsTable, "write" | "name">) {
    this.#table = table;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  readonly write = async (statements: readonly Statement[]): Promise<WriteResult[]> => {
    const results = await this.#table.write(statements);
    this.#isDown = results.every(({ kind }) => kind === "unavailable");
    return results;
  };

  /** @returns whether they do not work */
  async probe(): Promise<boolean> {
    const target = { transactionId: `probe ${randomUUID()}`, version: 0, release: 0 };
    await this.write([completeWithLittleStatement(this.#table.name, target, "CONFIRMED")]);
    return this.#isDown;
  }
}
