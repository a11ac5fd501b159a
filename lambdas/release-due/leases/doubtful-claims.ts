/**
 * Claims of which nobody knows whether they were made: the call got no response, and the row did not say so when it was
 * read, or could not be read. A request that is slow may be carried out after that. Such a row would be pending with
 * nobody on the way to it, and wait for its lease. So each is put back where it was, look by look, until it was or no
 * request of then can come any more: nothing was sent for it, and what was not claimed is not touched.
 */
import { type Claim, unclaimStatement } from "../../../core/aws/statements/requeue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

export interface DoubtfulClaimsParts {
  readonly table: Pick<TransactionsTable, "name" | "write">;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Doubt {
  readonly claim: Claim;
  /** Epoch milliseconds after which its request is taken to be gone. */
  readonly until: number;
}

/** Milliseconds: several times as long as all attempts of one call. */
const GONE_AFTER_MS = 60_000;
/** Of an outage of the table; what is beyond waits for its lease. */
const MOST = 5000;

/** Kept from run to run by an execution environment. */
export class DoubtfulClaims {
  readonly #parts: DoubtfulClaimsParts;
  #doubts: readonly Doubt[] = [];

  constructor(parts: DoubtfulClaimsParts) {
    this.#parts = parts;
  }

  get isAny(): boolean {
    return this.#doubts.length > 0;
  }

  add(claims: readonly Claim[]): void {
    const until = this.#parts.now() + GONE_AFTER_MS;
    this.#doubts = [...this.#doubts, ...claims.map((claim) => ({ claim, until }))].slice(-MOST);
  }

  /** Never rejects. @returns how many were put back */
  async putBack(): Promise<number> {
    if (!this.isAny) return 0;
    const { table, warn, now } = this.#parts;
    const doubts = this.#doubts;
    this.#doubts = [];
    const results = await writeAll(
      table,
      doubts.map(({ claim }) => unclaimStatement(table.name, claim)),
    );
    const left = doubts.filter(({ until }, index) => {
      const kind = results[index]?.kind;
      return (kind === "condition failed" || kind === "unavailable") && now() < until;
    });
    this.#doubts = [...left, ...this.#doubts].slice(-MOST);
    const putBack = results.filter(({ kind }) => kind === "written").length;
    if (putBack > 0) warn("claims that got no response were made, and are handed back", { count: putBack });
    return putBack;
  }
}
