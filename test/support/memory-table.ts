/**
 * The Transactions table in memory: the statements' own conditions, a stream of changes, and faults at a test's word.
 */
import type { Statement } from "../../core/aws/statements/statement.ts";
import {
  MAX_READS,
  MAX_WRITES,
  RowsUnreadError,
  type TransactionsTable,
  type WriteResult,
} from "../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { runUpdate } from "../../tools/simulate/aws/partiql.ts";
import type { Throttles } from "./partition-limits.ts";

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
  /**
   * Asked for each row that is read or written, by its id, and for each value of the due index that is written, as
   * `index <dueKey>`.
   */
  throttles: Throttles = () => false;
  isDown = false;
  readonly #listeners: ((id: string, image: AttributeMap | undefined) => void)[] = [];

  put(row: AttributeMap): void {
    this.#change(row["transactionId"]?.S ?? "", row);
  }

  /** A removal owes nothing, so the stream's handler never gets to see it. */
  remove(id: string): void {
    this.rows.delete(id);
    for (const listener of this.#listeners) listener(id, undefined);
  }

  /** Told of each row that is changed, or taken away, from now on. */
  onChange(listener: (id: string, image: AttributeMap | undefined) => void): void {
    this.#listeners.push(listener);
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
    const unread = new Set(ids.filter((id) => this.throttles(id, "read")));
    const found = new Map(
      ids.flatMap((id) => {
        const row = unread.has(id) ? undefined : this.rows.get(id);
        return row === undefined ? [] : [[id, row] as const];
      }),
    );
    if (unread.size === 0) return found;
    const message = `${unread.size} of ${ids.length} rows were left unread; the table is throttled.`;
    throw new RowsUnreadError(message, found, unread);
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
    return dueIdsOf(this.rows, dueKey, dueUntil, limit);
  };

  #write(statement: Statement): WriteResult {
    if (this.isDown) return { kind: "unavailable", error: "the table is down" };
    const fault = this.fault(statement);
    if (fault !== undefined) return fault;
    const oldImage = this.rows.get(statement.transactionId);
    const newImage = runUpdate(statement, oldImage);
    const throttled = this.#throttled(statement.transactionId, oldImage, newImage);
    if (throttled !== undefined)
      return { kind: "unavailable", error: `ThrottlingError: the partition of ${throttled} is throttled` };
    if (newImage === undefined || oldImage === undefined) return { kind: "condition failed" };
    this.written.push(statement);
    this.#change(statement.transactionId, newImage);
    return { kind: "written" };
  }

  /** A failed condition costs a write too; a throttled index throttles the table's write. */
  #throttled(id: string, oldImage: AttributeMap | undefined, newImage: AttributeMap | undefined): string | undefined {
    if (this.throttles(id, "write")) return id;
    if (newImage === undefined || isSameInIndex(oldImage, newImage)) return undefined;
    const keys = [oldImage, newImage].flatMap((image) => image?.["dueKey"]?.S ?? []);
    return keys.map((key) => `index ${key}`).find((key) => this.throttles(key, "write"));
  }

  #change(id: string, newImage: AttributeMap): void {
    const oldImage = this.rows.get(id);
    this.rows.set(id, newImage);
    this.changes.push({ newImage, ...(oldImage !== undefined && { oldImage }) });
    for (const listener of this.#listeners) listener(id, newImage);
  }
}

export function dueIdsOf(
  rows: ReadonlyMap<string, AttributeMap>,
  dueKey: string,
  dueUntil: number,
  limit: number,
): string[] {
  return [...rows.values()]
    .filter((row) => row["dueKey"]?.S === dueKey && Number(row["dueAt"]?.N) <= dueUntil)
    .toSorted((one, other) => Number(one["dueAt"]?.N) - Number(other["dueAt"]?.N))
    .slice(0, limit)
    .map((row) => row["transactionId"]?.S ?? "");
}

function isSameInIndex(one: AttributeMap | undefined, other: AttributeMap): boolean {
  return one?.["dueKey"]?.S === other["dueKey"]?.S && one?.["dueAt"]?.N === other["dueAt"]?.N;
}
