/**
 * Leases of this execution: whom it may call, and what it tells the others of it. A merchant that is trusted costs a
 * read of its share with each batch, and a write only now and then. Anybody else is called by two leases, on the
 * merchant and on all that are not trusted. All calls of the execution share them. What cannot be read or written lets
 * calls through: the bulkhead of the execution itself is left.
 *
 * What is told is not waited for by the call; `end` waits for it, before the invocation ends.
 */
import { isUnanswered } from "../../../core/delivery/admission/circuits.ts";
import type { LatencyBaseline } from "../../../core/delivery/admission/latency-baseline.ts";
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";
import {
  isDegraded,
  isTrusted,
  isWorthWaiting,
  LATE_MS,
  leasesAllowed,
  leasesAllowedInSandbox,
  leasesAllowedTogether,
  type Lease,
  liveLeases,
  type Mapping,
  newLeaseId,
  NO_SHARE,
  REMEMBERED_MS,
  type Share,
  UNANSWERED_TO_OPEN,
  WHOLE_SANDBOX,
} from "./share.ts";
import type { News, SharesTable } from "./shares-table.ts";

export interface MerchantSharesOptions {
  readonly table: Pick<SharesTable, "read" | "take" | "late" | "tell">;
  /** Milliseconds after which a lease is over whatever became of its execution. */
  readonly leaseMs: number;
  /** What of a call was our own, and whether the rest is long compared with what responses take just now. */
  readonly baseline: Pick<LatencyBaseline, "isLate" | "withoutOwn">;
  /** Opens a merchant's circuit for all executions. Never rejects. */
  readonly openCircuit: (merchantId: string) => Promise<void>;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** One call; `ended` must follow. */
export interface SharedCall {
  readonly merchantId: string;
  readonly beganAt: number;
  /** Under which it is made, or has become late. */
  leases: readonly OwnLease[];
  lateTimer: NodeJS.Timeout | undefined;
}

/** Of this execution, on one merchant or on all that are not trusted. */
interface OwnLease {
  readonly owner: string;
  readonly id: string;
  calls: number;
  news: News;
}

/** Before the first batch: one that may do nothing. */
const NO_MAPPING: Mapping = { name: "confirmations", executions: 1 };
const NO_NEWS: News = { isQuick: false, isAnswered: false, unanswered: 0, demerits: 0 };
/** Milliseconds between two looks for a lease. */
const LOOK_EVERY_MS = 40;
/**
 * Milliseconds that a call waits for a lease on its merchant at most. Leases that change hands all the time are not to
 * be waited for without an end, nor until there is no time left for the record. Meanwhile it has one of those that all
 * have together, so that no more executions wait than may call.
 */
export const MOST_WAIT_MS = 2000;
/** The same for one of those that all have together: whoever waits for it holds an execution that trusted ones need. */
export const MOST_WAIT_TOGETHER_MS = 100;
/** Milliseconds for which a call to a merchant leaves hope: its first one takes its time. */
const WORTH_WAITING_MS = 1000;
/** Others were faster so often. */
const MOST_ROUNDS = 8;

export class MerchantShares {
  readonly #options: MerchantSharesOptions;
  readonly #seen = new Map<string, Share>();
  readonly #own = new Map<string, OwnLease>();
  /** Leases that are on their way; undefined for one that there is no room for. */
  readonly #taking = new Map<string, Promise<OwnLease | "none needed" | undefined>>();
  readonly #telling = new Set<Promise<unknown>>();
  /** Whose batch this is. */
  #mapping: Mapping = NO_MAPPING;

  constructor(options: MerchantSharesOptions) {
    this.#options = options;
  }

  /** To be called as a batch begins: what was seen before is of no use any more. @param mapping that the batch is of */
  begin(mapping: Mapping): void {
    this.#mapping = mapping;
    this.#seen.clear();
  }

  /** Reads the shares of those that a batch is for. Never rejects. */
  async look(merchantIds: readonly string[]): Promise<void> {
    const { table, warn } = this.#options;
    const unseen = [...merchantIds, EVERYONE].filter((owner) => !this.#seen.has(owner));
    if (unseen.length === 0) return;
    try {
      for (const [owner, share] of await table.read(unseen)) this.#seen.set(owner, share);
    } catch (error) {
      logError(warn, "shares of merchants not read", error);
    }
  }

  /** Whether a call needs no lease. */
  isTrusted(merchantId: string): boolean {
    const share = this.#seen.get(merchantId);
    return share !== undefined && isTrusted(share, this.#options.now());
  }

  /**
   * @param together who the merchant has room with. @default all that are not trusted
   * @returns a call that may be made; undefined where there is no room. Never rejects
   */
  async take(merchantId: string, together = EVERYONE): Promise<SharedCall | undefined> {
    const share = this.#seen.get(merchantId) ?? NO_SHARE;
    // The sandbox waits for nothing: meanwhile it would hold an execution that is not its own.
    const hasHope = together === EVERYONE && !isDegraded(share) && share.unanswered === 0;
    if (this.#isInVain(merchantId, hasHope) || this.#isInVain(together, hasHope)) return undefined;
    const room = await this.#leaseOn(together, hasHope);
    if (room === undefined) return undefined;
    const call = this.#call(merchantId);
    if (room !== "none needed") this.#join(call, room);
    const lease = await this.#leaseOn(merchantId, hasHope);
    if (lease === undefined) {
      this.ended(call, undefined);
      return undefined;
    }
    if (lease !== "none needed") {
      this.#join(call, lease);
      return call;
    }
    // It is trusted by now, which in the sandbox is no reason to go without room.
    if (together === WHOLE_SANDBOX) return call;
    this.ended(call, undefined);
    return this.begun(merchantId);
  }

  /** A call without a lease. */
  begun(merchantId: string): SharedCall {
    const call = this.#call(merchantId);
    call.lateTimer = setTimeout(() => this.#look(call), LATE_MS);
    return call;
  }

  /** @param outcome undefined for a call that was not made, or that says nothing about its merchant */
  ended(call: SharedCall, outcome: AttemptOutcome | undefined): void {
    const { merchantId, beganAt, leases } = call;
    clearTimeout(call.lateTimer);
    const news = newsOf(outcome, !this.#isLate(beganAt));
    if (leases.length === 0) this.#refresh(merchantId, news);
    for (const lease of leases) this.#leave(lease, isOfMany(lease.owner) ? NO_NEWS : news);
  }

  /** Resolves when all is told. */
  async end(): Promise<void> {
    while (this.#telling.size > 0) await Promise.all(this.#telling);
  }

  #call(merchantId: string): SharedCall {
    return { merchantId, beganAt: this.#options.now(), leases: [], lateTimer: undefined };
  }

  /** As it was last seen, nothing is to be had of it, and nothing will be within moments. */
  #isInVain(owner: string, hasHope: boolean): boolean {
    const share = this.#seen.get(owner) ?? NO_SHARE;
    const now = this.#options.now();
    return (
      !this.#own.has(owner) && this.#isFull(owner, share, hasHope, now) && !(hasHope && this.#mayWait(owner, share))
    );
  }

  #isFull(owner: string, share: Share, hasHope: boolean, now: number): boolean {
    return this.#live(owner, share).length >= allowedOf(owner, share, this.#mapping.executions, hasHope, now);
  }

  /** The sandbox has its part of all mappings together. */
  #live(owner: string, share: Share): readonly Lease[] {
    return liveLeases(share, this.#options.now(), owner === WHOLE_SANDBOX ? undefined : this.#mapping);
  }

  #mayWait(owner: string, share: Share): boolean {
    const forMs = isOfMany(owner) ? MOST_WAIT_TOGETHER_MS : WORTH_WAITING_MS;
    return isWorthWaiting(this.#live(owner, share), this.#options.now(), forMs);
  }

  /** @param hasHope whether it may be worth waiting for */
  #leaseOn(owner: string, hasHope: boolean): Promise<OwnLease | "none needed" | undefined> {
    const known = this.#taking.get(owner);
    if (known !== undefined) return known;
    const own = this.#own.get(owner);
    if (own !== undefined) return Promise.resolve(own);
    const taking = this.#take(owner, hasHope);
    this.#taking.set(owner, taking);
    void taking.then(() => this.#taking.delete(owner));
    return taking;
  }

  async #take(owner: string, hasHope: boolean): Promise<OwnLease | "none needed" | undefined> {
    const { table, leaseMs, now, pause, warn } = this.#options;
    const id = newLeaseId(this.#mapping);
    const waitsUntil = now() + (isOfMany(owner) ? MOST_WAIT_TOGETHER_MS : MOST_WAIT_MS);
    try {
      for (let round = 0; round < MOST_ROUNDS;) {
        const share = this.#seen.get(owner) ?? NO_SHARE;
        const at = now();
        if (isTrusted(share, at)) return "none needed";
        if (this.#isFull(owner, share, hasHope, at)) {
          if (!hasHope || at >= waitsUntil || !this.#mayWait(owner, share)) return undefined;
          await pause(LOOK_EVERY_MS);
          for (const [one, read] of await table.read([owner])) this.#seen.set(one, read);
          continue;
        }
        const taken = await table.take(owner, id, { since: at, until: at + leaseMs }, share);
        this.#seen.set(owner, taken.share);
        if (taken.isTaken) return this.#hold(owner, id);
        round += 1;
      }
      return undefined;
    } catch (error) {
      logError(warn, "no lease could be taken, it is called all the same", error, { owner });
      return "none needed";
    }
  }

  /** When all is slow, or we are, so may this call be. */
  #isLate(beganAt: number): boolean {
    const { now, baseline } = this.#options;
    const tookMs = baseline.withoutOwn(now() - beganAt);
    return tookMs >= LATE_MS && baseline.isLate(tookMs);
  }

  #look(call: SharedCall): void {
    if (!this.#isLate(call.beganAt)) call.lateTimer = setTimeout(() => this.#look(call), LATE_MS);
    else for (const owner of [call.merchantId, EVERYONE]) this.#late(call, owner);
  }

  /** Its call holds this execution, which the others have to know. */
  #late(call: SharedCall, owner: string): void {
    const { table, leaseMs } = this.#options;
    const { beganAt } = call;
    const own = this.#own.get(owner);
    if (own !== undefined) return this.#join(call, own);
    const lease = this.#hold(owner, newLeaseId(this.#mapping));
    this.#join(call, lease);
    const late = table.late(owner, lease.id, { since: beganAt, until: beganAt + leaseMs });
    this.#told(late.then((share) => void this.#seen.set(owner, share)));
  }

  #hold(owner: string, id: string): OwnLease {
    const lease = { owner, id, calls: 0, news: NO_NEWS };
    this.#own.set(owner, lease);
    return lease;
  }

  #join(call: SharedCall, lease: OwnLease): void {
    call.leases = [...call.leases, lease];
    lease.calls += 1;
  }

  #leave(lease: OwnLease, news: News): void {
    lease.news = added(lease.news, news);
    lease.calls -= 1;
    if (lease.calls > 0) return;
    if (this.#own.get(lease.owner) === lease) this.#own.delete(lease.owner);
    this.#told(this.#tell(lease.owner, lease.news, lease.id));
  }

  /** A trusted one stays so; told again now and then. */
  #refresh(merchantId: string, news: News): void {
    const share = this.#seen.get(merchantId);
    const { quickAt } = share ?? NO_SHARE;
    if (share === undefined || !news.isQuick || quickAt === undefined) return;
    const now = this.#options.now();
    if (now - quickAt < REMEMBERED_MS / 2) return;
    this.#seen.set(merchantId, { ...share, quickAt: now });
    this.#told(this.#tell(merchantId, news, undefined));
  }

  async #tell(owner: string, news: News, leaseId: string | undefined): Promise<void> {
    const { table, now, openCircuit } = this.#options;
    const share = await table.tell(owner, news, now(), this.#seen.get(owner) ?? NO_SHARE, leaseId);
    this.#seen.set(owner, share);
    if (news.unanswered > 0 && share.unanswered >= UNANSWERED_TO_OPEN) await openCircuit(owner);
  }

  #told(telling: Promise<unknown>): void {
    const { warn } = this.#options;
    const told: Promise<unknown> = telling
      .catch((error: unknown) => logError(warn, "share of a merchant not told", error))
      .finally(() => this.#telling.delete(told));
    this.#telling.add(told);
  }
}

function isOfMany(owner: string): boolean {
  return owner === EVERYONE || owner === WHOLE_SANDBOX;
}

function allowedOf(owner: string, share: Share, executions: number, hasHope: boolean, now: number): number {
  if (owner === EVERYONE) return leasesAllowedTogether(executions, !hasHope);
  return owner === WHOLE_SANDBOX ? leasesAllowedInSandbox(executions) : leasesAllowed(share, executions, now);
}

function newsOf(outcome: AttemptOutcome | undefined, isQuick: boolean): News {
  if (outcome === undefined || (outcome.kind === "failed" && outcome.class === "refused")) return NO_NEWS;
  if (isUnanswered(outcome)) return { isQuick: false, isAnswered: false, unanswered: 1, demerits: 2 };
  return { isQuick, isAnswered: true, unanswered: 0, demerits: isQuick ? -1 : 1 };
}

/** A response among several says that the merchant is there. */
function added(news: News, more: News): News {
  return {
    isQuick: news.isQuick || more.isQuick,
    isAnswered: news.isAnswered || more.isAnswered,
    unanswered: news.unanswered + more.unanswered,
    demerits: news.demerits + more.demerits,
  };
}
