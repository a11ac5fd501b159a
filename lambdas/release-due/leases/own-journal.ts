/** The claim journal as one execution writes it: what was never noted need not be cleared. */
import type { ClaimJournal } from "../../../core/aws/claim-journal.ts";
import type { Claim } from "../../../core/aws/statements/requeue.ts";

export class OwnJournal {
  readonly #journal: Pick<ClaimJournal, "note" | "clear">;
  readonly #holder: string;
  readonly #noted = new Set<number>();

  constructor(journal: Pick<ClaimJournal, "note" | "clear">, holder: string) {
    this.#journal = journal;
    this.#holder = holder;
  }

  async note(lane: number, claims: readonly Claim[]): Promise<void> {
    this.#noted.add(lane);
    await this.#journal.note(this.#holder, lane, claims);
  }

  async clear(lane: number): Promise<void> {
    if (!this.#noted.has(lane)) return;
    await this.#journal.clear(this.#holder, lane);
    this.#noted.delete(lane);
  }
}
