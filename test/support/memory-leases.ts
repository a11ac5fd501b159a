/** Leases and claim journals of `release-due` in memory, with the conditions of the real ones. */
import type { ClaimJournal } from "../../core/aws/claim-journal.ts";
import type { Lease, LeasesSeen, ReleaseLeases } from "../../core/aws/release-leases.ts";
import type { Claim } from "../../core/aws/statements/requeue.ts";

export class MemoryLeases implements Pick<ReleaseLeases, keyof ReleaseLeases>, Pick<ClaimJournal, keyof ClaimJournal> {
  readonly leases = new Map<number, Lease>();
  readonly signs = new Map<number, number>();
  readonly journals = new Map<string, ReadonlyMap<number, readonly Claim[]>>();
  isDown = false;

  async read(groups: number, lanes: number): Promise<LeasesSeen & ReadonlyMap<number, readonly Claim[]>>;
  async read(holder: string, lanes: number): Promise<LeasesSeen & ReadonlyMap<number, readonly Claim[]>>;
  async read(of: number | string): Promise<unknown> {
    this.#beUp();
    if (typeof of === "string") return new Map(this.journals.get(of));
    return { leases: new Map(this.leases), signs: new Map(this.signs) };
  }

  async take(group: number, _: number, holder: string, until: number, seen: Lease | undefined): Promise<boolean> {
    this.#beUp();
    const { holder: by, until: to } = this.leases.get(group) ?? {};
    if (by !== seen?.holder || to !== seen?.until) return false;
    this.leases.set(group, { holder, until });
    return true;
  }

  async giveBack(group: number, _: number, holder: string): Promise<boolean> {
    this.#beUp();
    return this.leases.get(group)?.holder === holder && this.leases.delete(group);
  }

  async giveSign(part: number, _: number, at: number): Promise<boolean> {
    this.#beUp();
    this.signs.set(part, at);
    return true;
  }

  async note(holder: string, lane: number, claims: readonly Claim[]): Promise<void> {
    this.#beUp();
    this.journals.set(holder, new Map(this.journals.get(holder)).set(lane, claims));
  }

  async clear(holder: string, lane: number): Promise<void> {
    this.#beUp();
    const lanes = new Map(this.journals.get(holder));
    lanes.delete(lane);
    if (lanes.size === 0) this.journals.delete(holder);
    else this.journals.set(holder, lanes);
  }

  #beUp(): void {
    if (this.isDown) throw new Error("the table of gates is down");
  }
}
