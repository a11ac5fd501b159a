/**
 * The leases of one execution: which groups it may look into, and those that it holds.
 *
 *   free -> held    something is to be done in the group, and nobody else was quicker
 *   held -> held    gone on with before it ends
 *   held -> free    given back when the run ends
 *   over -> free    its holder was ended: what that was claiming goes back to where it was first
 *
 * A table of leases that cannot be reached keeps nothing from being requeued: then all groups of this part are looked
 * into without one.
 */
import type { Lease, ReleaseLeases } from "../../../core/aws/release-leases.ts";
import { GROUPS_A_PART, groupsOfPart } from "../look/groups.ts";
import { within } from "../within.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";

export interface HeldLeasesOptions {
  readonly leases: Pick<ReleaseLeases, "read" | "take" | "giveBack" | "giveSign">;
  /** Of this execution, among the others. */
  readonly part: number;
  readonly parts: number;
  /** Unlike that of any other execution. */
  readonly holder: string;
  /** Puts back what an execution was claiming that was ended. */
  readonly restore: (holder: string) => Promise<void>;
  readonly warn: Log;
  readonly now: () => number;
  /** Milliseconds that the table has to answer. @default 2000 */
  readonly limitMs?: number;
}

/** Milliseconds that a lease lasts, and that are left of it when it is gone on with. */
const LEASE_MS = 20_000;
const RENEWED_MS = 12_000;
/** Milliseconds without a sign after which a part's groups are everybody's. */
const SILENT_AFTER_MS = 180_000;
const LIMIT_MS = 2000;

export class HeldLeases {
  readonly #options: HeldLeasesOptions;
  readonly #held = new Map<number, Lease>();
  #seen: ReadonlyMap<number, Lease> = new Map();
  readonly #taking = new Map<number, Promise<boolean>>();
  #isReachable = false;

  constructor(options: HeldLeasesOptions) {
    this.#options = options;
  }

  get #limitMs(): number {
    return this.#options.limitMs ?? LIMIT_MS;
  }

  get groups(): number {
    return this.#options.parts * GROUPS_A_PART;
  }

  /** At the start of a run: others leave this part's groups alone while it does. */
  async giveSign(): Promise<void> {
    const { leases, part, parts, now, warn } = this.#options;
    try {
      await within(this.#limitMs, () => leases.giveSign(part, parts, now()));
    } catch (error) {
      logError(warn, "sign of this part not given", error, { part });
    }
  }

  /**
   * Before a look.
   * @returns the groups that it may look into: this part's own, and those nobody looks after, which nobody else holds
   */
  async free(): Promise<ReadonlySet<number>> {
    const { leases, part, parts, holder, now, warn } = this.#options;
    try {
      const { leases: seen, signs } = await within(this.#limitMs, () => leases.read(this.groups, parts));
      this.#isReachable = true;
      this.#seen = seen;
      const alive = new Set([...signs].filter(([, at]) => now() - at < SILENT_AFTER_MS).map(([one]) => one));
      const own = groupsOfPart(part, parts, alive.add(part));
      const isFree = (group: number) => {
        const lease = seen.get(group);
        return lease === undefined || lease.holder === holder || lease.until <= now();
      };
      for (const group of this.#held.keys()) if (seen.get(group)?.holder !== holder) this.#held.delete(group);
      return new Set(own.filter(isFree));
    } catch (error) {
      logError(warn, "leases not read, this part goes on without them", error, { part });
      this.#isReachable = false;
      return new Set(groupsOfPart(part, parts, new Set(Array.from({ length: parts }, (_, one) => one))));
    }
  }

  /** @returns those that are held now. It never rejects. */
  readonly take = async (groups: ReadonlySet<number>): Promise<ReadonlySet<number>> => {
    const all = [...groups];
    if (!this.#isReachable) return groups;
    const got = await Promise.all(all.map((group) => this.#takeOne(group)));
    return new Set(all.filter((_, index) => got[index]));
  };

  /** Those that were left behind by an execution that was ended. To be called before a look, after `free`. */
  async restoreLost(free: ReadonlySet<number>): Promise<void> {
    const { holder, now } = this.#options;
    const lost = [...free].filter((group) => {
      const lease = this.#seen.get(group);
      return lease !== undefined && lease.holder !== holder && lease.until <= now();
    });
    const restored = new Set<string>();
    for (const group of lost) {
      const before = this.#seen.get(group)?.holder ?? "";
      if (!restored.has(before) && !(await this.#restored(before))) continue;
      restored.add(before);
      await this.#takeOne(group);
    }
  }

  /** At the end of a run. */
  async giveBack(): Promise<void> {
    const { leases, holder, warn } = this.#options;
    await Promise.all(
      [...this.#held.keys()].map(async (group) => {
        try {
          await within(this.#limitMs, () => leases.giveBack(group, this.groups, holder));
        } catch (error) {
          logError(warn, "lease not given back", error, { group });
        }
      }),
    );
    this.#held.clear();
  }

  async #restored(holder: string): Promise<boolean> {
    try {
      await this.#options.restore(holder);
      return true;
    } catch (error) {
      logError(this.#options.warn, "claims of an execution that was ended not restored", error, { holder });
      return false;
    }
  }

  /** Asked for twice at the same time, it is taken once. */
  #takeOne(group: number): Promise<boolean> {
    const taking = this.#taking.get(group) ?? this.#takeNow(group).finally(() => void this.#taking.delete(group));
    this.#taking.set(group, taking);
    return taking;
  }

  async #takeNow(group: number): Promise<boolean> {
    const { leases, holder, now, warn } = this.#options;
    const held = this.#held.get(group);
    if (held !== undefined && held.until - now() > RENEWED_MS) return true;
    const lease = { holder, until: now() + LEASE_MS };
    try {
      const seen = held ?? this.#seen.get(group);
      const isTaken = await within(this.#limitMs, () => leases.take(group, this.groups, holder, lease.until, seen));
      if (isTaken) this.#held.set(group, lease);
      else this.#held.delete(group);
      return isTaken;
    } catch (error) {
      // One lease that is throttled keeps nothing from being requeued.
      logError(warn, "lease not taken, its group is looked into without it", error, { group });
      return true;
    }
  }
}
