/**
 * What `release-due` sees of the table and of the queue, for one execution: rows as attributes, its own statements
 * carried out on them, each call with the time that it takes and within what the table lets through.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { EntryError } from "../../../core/aws/message-queue.ts";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import type { WriteResult } from "../../../core/aws/transactions-table.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { numberOf, stringOf } from "../../../core/transaction/attribute-value.ts";
import { isWaitKey } from "../../../core/transaction/row/index-keys.ts";
import { runUpdate } from "../aws/partiql.ts";
import type { Execution } from "../aws/invocations.ts";
import type { SimulatedQueue } from "../aws/message-queue.ts";
import { ROUND_TRIP_MS } from "../../../lib/cost/per-million/quantities.ts";
import { RELEASE_EXECUTION } from "../aws/quotas.ts";
import { INDEX_WRITES, type SimulatedTable } from "../aws/table.ts";
import type { Confirmation } from "./confirmation.ts";
import type { DueIndex } from "./due-index.ts";
import type { Tally } from "./tally.ts";
import type { OutgoingMessage } from "../../../core/aws/queue-requests.ts";

export interface ReleasedRowsParts {
  readonly execution: Execution;
  readonly sample: number;
  readonly index: DueIndex;
  readonly table: SimulatedTable;
  readonly queue: SimulatedQueue;
  readonly tally: Tally;
}

export class ReleasedRows {
  readonly name = "Transactions";
  readonly #parts: ReleasedRowsParts;
  queries = 0;

  constructor(parts: ReleasedRowsParts) {
    this.#parts = parts;
  }

  readonly dueIds = (dueKey: string, dueUntil: number, limit: number, isLastFirst = false): Promise<string[]> => {
    const { execution, index } = this.#parts;
    this.queries += 1;
    return execution.call(0, ROUND_TRIP_MS.query, async () =>
      isLastFirst ? index.lastIds(dueKey, limit) : index.dueIds(dueKey, dueUntil, limit),
    );
  };

  /** What a row takes of the CPU in all, from the query to its message, is taken here. */
  read(ids: readonly string[]): Promise<Map<string, AttributeMap>> {
    const { execution, index, sample } = this.#parts;
    return execution.call(ids.length * sample * RELEASE_EXECUTION.cpuMsARow, ROUND_TRIP_MS.query, async () => {
      const rows = ids.map((id) => index.get(id)).filter((one) => one !== undefined);
      return new Map(rows.map((one) => [one.id, rowOf(one)]));
    });
  }

  write(statements: readonly Statement[]): Promise<WriteResult[]> {
    const { execution } = this.#parts;
    return execution.call(0, ROUND_TRIP_MS.query, () => Promise.all(statements.map((one) => this.#write(one))));
  }

  readonly confirmations = {
    send: (messages: readonly OutgoingMessage[]): Promise<EntryError[]> => {
      const { execution, queue, index } = this.#parts;
      return execution.call(0, ROUND_TRIP_MS.receive, async () =>
        messages.map(({ body }) => {
          const { transactionId, release } = JSON.parse(body) as { transactionId: string; release: number };
          const confirmation = index.get(transactionId);
          if (confirmation === undefined || queue.send(confirmation, release)) return undefined;
          return { error: "the queue does not answer", isRefused: false };
        }),
      );
    },
  };

  /** Throttled, it waits its turn, as the SDK tries again. */
  async #write(statement: Statement): Promise<WriteResult> {
    const { index, table, tally } = this.#parts;
    const confirmation = index.get(statement.transactionId);
    if (confirmation === undefined) return { kind: "condition failed" };
    const { place } = confirmation;
    await table.write(INDEX_WRITES.move, isWaitKey(place?.dueKey ?? "") ? confirmation.merchant : undefined);
    if (index.get(statement.transactionId) === undefined) return { kind: "condition failed" };
    const row = runUpdate(statement, rowOf(confirmation));
    if (row === undefined) return { kind: "condition failed" };
    confirmation.release = numberOf(row[ATTRIBUTES.releaseNumber]) ?? 0;
    confirmation.unacknowledged = numberOf(row[ATTRIBUTES.unheardReleases]) ?? 0;
    const state = stringOf(row[ATTRIBUTES.confirmationState]);
    const [dueKey, dueAt] = [stringOf(row[ATTRIBUTES.dueKey]), numberOf(row[ATTRIBUTES.dueAt])];
    if (state === "FAILED") {
      confirmation.isTerminal = true;
      index.leave(confirmation);
      tally.deadLettered(confirmation);
    } else if (dueKey === undefined || dueAt === undefined) index.leave(confirmation);
    else if (state === "SCHEDULED") index.park(confirmation, dueKey, dueAt);
    else index.pend(confirmation, dueKey, dueAt);
    return { kind: "written" };
  }
}

function rowOf(confirmation: Confirmation): AttributeMap {
  const { id, merchant, release, unacknowledged, attemptCount, giveUpAt, place, isParked } = confirmation;
  return {
    transactionId: { S: id },
    version: { N: "1" },
    merchantId: { S: merchant.id },
    ...((isParked || attemptCount > 0) && {
      [ATTRIBUTES.confirmationState]: { S: isParked ? "SCHEDULED" : "PENDING" },
      [ATTRIBUTES.stateVersion]: { N: "1" },
      [ATTRIBUTES.giveUpAt]: { N: String(giveUpAt) },
    }),
    ...(release > 0 && { [ATTRIBUTES.releaseNumber]: { N: String(release) } }),
    [ATTRIBUTES.unheardReleases]: { N: String(unacknowledged) },
    [ATTRIBUTES.attemptCount]: { N: String(attemptCount) },
    ...(place !== undefined && {
      [ATTRIBUTES.dueKey]: { S: place.dueKey },
      [ATTRIBUTES.dueAt]: { N: String(place.dueAt) },
    }),
  };
}
