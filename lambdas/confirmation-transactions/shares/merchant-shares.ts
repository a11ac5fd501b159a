/**
 * Leases of this execution: whom it may call, and what it tells the others of it. A merchant that is trusted costs a
 * read of its share with each batch, and a write only now and then. All calls of the execution to one merchant share one
 * lease. What cannot be read or written lets calls through: the bulkhead of the execution itself is left.
 *
 * What is told is not waited for by the call; `ended` is, before the invocation ends.
 */
import { randomUUID } from "node:crypto";
import { isUnanswered } from "../../../core/delivery/admission/circuits.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";
import {
  isTrusted,
  isWorthWaiting,
  LATE_MS,
  leasesAllowed,
  liveLeases,
  NO_SHARE,
  REMEMBERED_MS,
  type Share,
  UNANSWERED_TO_OPEN,
} from "./share.ts";
import type { News, SharesTable } from "./shares-table.ts";

export interface MerchantSharesOptions {
  readonly table: Pick<SharesTable, "read" | "take" | "late" | "tell">;
  /** Executions side by side at most. */
  readonly executions: number;
  /** Milliseconds after which a lease is over whatever became of its execution. */
  readonly leaseMs: number;
  /** Whether that is long compared with what responses take just now. */
  readonly isLate: (tookMs: number) => boolean;
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
  lease: OwnLease | undefined;
  lateTimer: NodeJS.Timeout | undefined;
}

interface OwnLease {
  readonly id: string;
  calls: number;
  news: News;
}

const NO_NEWS: News = { isQuick: false, isAnswered: false, unanswered: 0 };
/** Milliseconds between two looks for a lease. */
const LOOK_EVERY_MS = 40;
/** Others were faster so often. */
const MOST_ROUNDS = 8;

export class MerchantShares {
  readonly #options: MerchantSharesOptions;
  readonly #seen = new Map<string, Share>();
  readonly #own = new Map<string, OwnLease>();
  /** Leases that are on their way; undefined for one that there is no room for. */
  readonly #taking = new Map<string, Promise<OwnLease | "none needed" | undefined>>();
  readonly #telling = new Set<Promise<unknown>>();

  constructor(options: MerchantSharesOptions) {
    this.#options = options;
  }

  /** To be called as a batch begins: what was seen before is of no use any more. */
  begin(): void {
    this.#seen.clear();
  }

  /** Reads the shares of those that a batch is for. Never rejects. */
  async look(merchantIds: readonly string[]): Promise<void> {
    const { table, warn } = this.#options;
    const unseen = merchantIds.filter((merchantId) => !this.#seen.has(merchantId));
    if (unseen.length === 0) return;
    try {
      for (const [merchantId, share] of await table.read(unseen)) this.#seen.set(merchantId, share);
    } catch (error) {
      logError(warn, "shares of merchants not read", error);
    }
  }

  /** Whether a call needs no lease. */
  isTrusted(merchantId: string): boolean {
    const share = this.#seen.get(merchantId);
    return share !== undefined && isTrusted(share, this.#options.now());
  }

  /** @returns a call that may be made; undefined where there is no room. Never rejects */
  async take(merchantId: string): Promise<SharedCall | undefined> {
    const own = this.#own.get(merchantId);
    if (own !== undefined) return this.begun(merchantId, own);
    const known = this.#taking.get(merchantId);
    const taking = known ?? this.#take(merchantId);
    if (known === undefined) {
      this.#taking.set(merchantId, taking);
      void taking.then(() => this.#taking.delete(merchantId));
    }
    const taken = await taking;
    if (taken === undefined) return undefined;
    return this.begun(merchantId, taken === "none needed" ? undefined : taken);
  }

  /** @param lease under which it is made. @default none */
  begun(merchantId: string, lease?: OwnLease): SharedCall {
    const call: SharedCall = { merchantId, beganAt: this.#options.now(), lease: undefined, lateTimer: undefined };
    if (lease === undefined) call.lateTimer = setTimeout(() => this.#look(call), LATE_MS);
    else this.#join(call, lease);
    return call;
  }

  /** @param outcome undefined for a call that was not made, or that says nothing about its merchant */
  ended(call: SharedCall, outcome: AttemptOutcome | undefined): void {
    const { merchantId, beganAt, lease } = call;
    clearTimeout(call.lateTimer);
    const tookMs = this.#options.now() - beganAt;
    const news = newsOf(outcome, tookMs < LATE_MS || !this.#options.isLate(tookMs));
    if (lease === undefined) return this.#refresh(merchantId, news);
    lease.news = added(lease.news, news);
    lease.calls -= 1;
    if (lease.calls > 0) return;
    if (this.#own.get(merchantId) === lease) this.#own.delete(merchantId);
    this.#told(this.#tell(merchantId, lease.news, lease.id));
  }

  /** Resolves when all is told. */
  async end(): Promise<void> {
    while (this.#telling.size > 0) await Promise.all(this.#telling);
  }

  async #take(merchantId: string): Promise<OwnLease | "none needed" | undefined> {
    const { table, executions, leaseMs, now, pause, warn } = this.#options;
    const id = randomUUID();
    try {
      for (let round = 0; round < MOST_ROUNDS;) {
        const share = this.#seen.get(merchantId) ?? NO_SHARE;
        const at = now();
        if (isTrusted(share, at)) return "none needed";
        if (liveLeases(share, at).length >= leasesAllowed(share, executions, at)) {
          if (!isWorthWaiting(share, at)) return undefined;
          await pause(LOOK_EVERY_MS);
          for (const [one, read] of await table.read([merchantId])) this.#seen.set(one, read);
          continue;
        }
        const taken = await table.take(merchantId, id, { since: at, until: at + leaseMs }, share);
        this.#seen.set(merchantId, taken.share);
        if (taken.isTaken) return this.#hold(merchantId, id);
        round += 1;
      }
      return undefined;
    } catch (error) {
      logError(warn, "share of a merchant not taken, it is called all the same", error, { merchantId });
      return "none needed";
    }
  }

  /** When all is slow, so may this call be. */
  #look(call: SharedCall): void {
    if (this.#options.isLate(this.#options.now() - call.beganAt)) return this.#late(call);
    call.lateTimer = setTimeout(() => this.#look(call), LATE_MS);
  }

  /** One whose call is late holds this execution, which the others have to know. */
  #late(call: SharedCall): void {
    const { table, leaseMs } = this.#options;
    const { merchantId, beganAt } = call;
    const own = this.#own.get(merchantId);
    if (own !== undefined) return this.#join(call, own);
    const lease = this.#hold(merchantId, randomUUID());
    this.#join(call, lease);
    const late = table.late(merchantId, lease.id, { since: beganAt, until: beganAt + leaseMs });
    this.#told(late.then((share) => void this.#seen.set(merchantId, share)));
  }

  #hold(merchantId: string, id: string): OwnLease {
    const lease = { id, calls: 0, news: NO_NEWS };
    this.#own.set(merchantId, lease);
    return lease;
  }

  #join(call: SharedCall, lease: OwnLease): void {
    call.lease = lease;
    lease.calls += 1;
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

  async #tell(merchantId: string, news: News, leaseId: string | undefined): Promise<void> {
    const { table, now, openCircuit } = this.#options;
    const share = await table.tell(merchantId, news, now(), leaseId);
    this.#seen.set(merchantId, share);
    if (news.unanswered > 0 && share.unanswered >= UNANSWERED_TO_OPEN) await openCircuit(merchantId);
  }

  #told(telling: Promise<unknown>): void {
    const { warn } = this.#options;
    const told: Promise<unknown> = telling
      .catch((error: unknown) => logError(warn, "share of a merchant not told", error))
      .finally(() => this.#telling.delete(told));
    this.#telling.add(told);
  }
}

function newsOf(outcome: AttemptOutcome | undefined, isQuick: boolean): News {
  if (outcome === undefined || (outcome.kind === "failed" && outcome.class === "refused")) return NO_NEWS;
  if (isUnanswered(outcome)) return { isQuick: false, isAnswered: false, unanswered: 1 };
  return { isQuick, isAnswered: true, unanswered: 0 };
}

/** A response among several says that the merchant is there. */
function added(news: News, more: News): News {
  return {
    isQuick: news.isQuick || more.isQuick,
    isAnswered: news.isAnswered || more.isAnswered,
    unanswered: news.unanswered + more.unanswered,
  };
}
