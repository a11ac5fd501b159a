/**
 * Leases and claim journals of `release-due` in memory; the same conditions as `core/aws/release-leases.ts` and
 * `core/aws/claim-journal.ts`.
 */
import type { ClaimJournal } from "../../../core/aws/claim-journal.ts";
import type { Lease, LeasesSeen, ReleaseLeases } from "../../../core/aws/release-leases.ts";
import type { Claim } from "../../../core/aws/statements/requeue.ts";

export class LeasesInMemory implements Pick<ReleaseLeases, "read" | "take" | "giveBack" | "giveSign"> {
  readonly #leases = new Map<number, Lease>();
  readonly #signs = new Map<number, number>();

  async read(): Promise<LeasesSeen> {
    return { leases: new Map(this.#leases), signs: new Map(this.#signs) };
  }

  async take(group: number, _groups: number, holder: string, until: number, seen: Lease | undefined): Promise<boolean> {
    const there = this.#leases.get(group);
    if (there?.holder !== seen?.holder || there?.until !== seen?.until) return false;
    this.#leases.set(group, { holder, until });
    return true;
  }

  async giveBack(group: number, _groups: number, holder: string): Promise<boolean> {
    return this.#leases.get(group)?.holder === holder && this.#leases.delete(group);
  }

  async giveSign(part: number, _parts: number, at: number): Promise<boolean> {
    this.#signs.set(part, at);
    return true;
  }
}

export class JournalInMemory implements Pick<ClaimJournal, "note" | "clear" | "read"> {
  readonly #claims = new Map<string, Map<number, readonly Claim[]>>();

  async note(holder: string, lane: number, claims: readonly Claim[]): Promise<void> {
    const lanes = this.#claims.get(holder) ?? new Map<number, readonly Claim[]>();
    this.#claims.set(holder, lanes.set(lane, claims));
  }

  async clear(holder: string, lane: number): Promise<void> {
    const lanes = this.#claims.get(holder);
    lanes?.delete(lane);
    if (lanes?.size === 0) this.#claims.delete(holder);
  }

  async read(holder: string): Promise<ReadonlyMap<number, readonly Claim[]>> {
    return new Map(this.#claims.get(holder));
  }
}
