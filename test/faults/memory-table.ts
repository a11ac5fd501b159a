/** The Transactions table in memory: the statements' own conditions, a stream of changes, and faults at a test's word. */
import type { Statement } from "../../aws/statements/statement.ts";
import { MAX_READS, MAX_WRITES, type TransactionsTable, type WriteResult } from "../../aws/transactions-table.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { runUpdate } from "./partiql.ts";

export interface RowChange {
  readonly newImage: AttributeMap;
  readonly oldImage?: AttributeMap;
}

export class MemoryTable implements Pick<TransactionsTable, "name" | "read" | "write"> {
  readonly name = "Transactions";
  readonly rows = new Map<string, AttributeMap>();
  /** Every change since the start, as the table's stream has it. */
  readonly changes: RowChange[] = [];
  readonly written: Statement[] = [];
  /** Asked before each statement; a result takes the place of carrying it out. */
  fault: (statement: Statement) => WriteResult | undefined = () => undefined;
  isDown = false;

  put(row: AttributeMap): void {
    const id = row["transactionId"]?.S ?? "";
    const oldImage = this.rows.get(id);
    this.rows.set(id, row);
    this.changes.push({ newImage: row, ...(oldImage !== undefined && { oldImage }) });
  }

  row(id: string): AttributeMap {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`there is no row ${id}`);
    return row;
  }

  async read(ids: readonly string[]): Promise<Map<string, AttributeMap>> {
    if (new Set(ids).size !== ids.length || ids.length > MAX_READS)
      throw new Error(`DynamoDB refuses this batch of reads: ${ids.join(", ")}`);
    if (this.isDown) throw new Error("the table is down");
    return new Map(
      ids.flatMap((id) => {
        const row = this.rows.get(id);
        return row === undefined ? [] : [[id, row] as const];
      }),
    );
  }

  async write(statements: readonly Statement[]): Promise<WriteResult[]> {
    const ids = statements.map(({ transactionId }) => transactionId);
    if (new Set(ids).size !== ids.length || ids.length > MAX_WRITES)
      throw new Error(`DynamoDB refuses this batch of writes: ${ids.join(", ")}`);
    return statements.map((statement) => this.#write(statement));
  }

  /** As the due index answers: the longest due first. */
  readonly dueIds = async (dueKey: string, dueUntil: number, limit: number): Promise<string[]> => {
    if (this.isDown) throw new Error("the table is down");
    return [...this.rows.values()]
      .filter((row) => row["dueKey"]?.S === dueKey && Number(row["dueAt"]?.N) <= dueUntil)
      .toSorted((one, other) => Number(one["dueAt"]?.N) - Number(other["dueAt"]?.N))
      .slice(0, limit)
      .map((row) => row["transactionId"]?.S ?? "");
  };

  #write(statement: Statement): WriteResult {
    if (this.isDown) return { kind: "unavailable", error: "the table is down" };
    const fault = this.fault(statement);
    if (fault !== undefined) return fault;
    const oldImage = this.rows.get(statement.transactionId);
    const newImage = runUpdate(statement, oldImage);
    if (newImage === undefined || oldImage === undefined) return { kind: "condition failed" };
    this.written.push(statement);
    this.rows.set(statement.transactionId, newImage);
    this.changes.push({ newImage, oldImage });
    return { kind: "written" };
  }
}
