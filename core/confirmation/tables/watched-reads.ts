/**
 * Reads of the tables that tell the `DependencyBreaker` how they end. Only a read that brought nothing at all is a
 * failed one: what DynamoDB leaves of several keys is the trouble of those, and a single key that is left says nothing
 * about its table.
 */
import { RowsUnreadError, type TransactionsTable } from "../../aws/transactions-table.ts";
import type { Dependency, DependencyBreaker, Read } from "./dependency-breaker.ts";

type Watcher = Pick<DependencyBreaker, "begin" | "ended" | "dropped">;

interface WithUnread {
  readonly unread: ReadonlySet<string>;
}

export function watchedTransactions(
  table: Pick<TransactionsTable, "read">,
  watcher: Watcher,
): Pick<TransactionsTable, "read"> {
  return {
    read: async (ids) => {
      const read = watcher.begin("transactions");
      try {
        const rows = await table.read(ids);
        watcher.ended(read);
        return rows;
      } catch (error) {
        if (error instanceof RowsUnreadError) tell(watcher, read, ids.length, error.unread.size);
        else watcher.ended(read, error);
        throw error;
      }
    },
  };
}

/** Of the Merchants table, or of the health rows. */
export function watchedRows<Result extends WithUnread>(
  table: { readonly read: (ids: readonly string[]) => Promise<Result> },
  dependency: Dependency,
  watcher: Watcher,
): { readonly read: (ids: readonly string[]) => Promise<Result> } {
  return {
    read: async (ids) => {
      const read = watcher.begin(dependency);
      try {
        const result = await table.read(ids);
        tell(watcher, read, ids.length, result.unread.size);
        return result;
      } catch (error) {
        watcher.ended(read, error);
        throw error;
      }
    },
  };
}

function tell(watcher: Watcher, read: Read, asked: number, unread: number): void {
  if (unread < asked) watcher.ended(read);
  else if (asked > 1) watcher.ended(read, new Error(`all of ${asked} rows were left unread; it is throttled`));
  else watcher.dropped(read);
}
