/**
 * The verdict on our own way out, shared by all executions: each sees few sites and would take a fault of ours for that
 * of its merchants.
 *
 *   well   -> faulty  a call of any execution was judged ours; for some seconds, and again with each further one
 *   faulty -> well    anybody was reached; or nothing was judged for as long
 *
 * While it is faulty nothing is begun but a batch every few seconds, whose calls show its end. Who was reached lately
 * is shared too: by these a silence is judged (`core/delivery/egress-monitor.ts` asks them), be it the first call of an
 * execution. What cannot be read or written leaves an execution to what it knows itself.
 */
import { endpointOf } from "../../../core/http/dial.ts";
import { registrableDomain } from "../../../core/delivery/registrable-domain.ts";
import { type Log, logError } from "../../../core/telemetry/log-error.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import type { Endpoint } from "../../../core/http/dial.ts";
import { type EgressItem, type EgressTable, NOTHING_KNOWN, parseEgressItem } from "./egress-item.ts";

export interface SharedEgressOptions {
  readonly table: Pick<EgressTable, "faulty" | "well" | "takeTurn" | "reached">;
  /** Told of who was reached by others. */
  readonly knows: (endpoint: Endpoint) => void;
  readonly warn: Log;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const FAULTY_FOR_MS = 15_000;
/** Milliseconds between two notes of a fault. */
const TOLD_EVERY_MS = 5000;
/** Milliseconds between two batches that show whether it is over. */
const TURN_EVERY_MS = 3000;
/** Twice as many sites as are asked at once. */
const MOST_SITES = 10;
/** Milliseconds after which one that was reached again is told anew, and after which it is not known any more. */
const TOLD_AGAIN_AFTER_MS = 3_600_000;
const FORGOTTEN_AFTER_MS = 6 * 3_600_000;

export class SharedEgress {
  readonly #options: SharedEgressOptions;
  #item: EgressItem = NOTHING_KNOWN;
  #toldFaultyAt = Number.NEGATIVE_INFINITY;
  /** Origins by site. */
  readonly #reached = new Map<string, string>();
  readonly #telling = new Set<Promise<unknown>>();

  constructor(options: SharedEgressOptions) {
    this.#options = options;
  }

  /** @param item as it was read; undefined where there is none */
  learn(item: AttributeMap | undefined): void {
    const { knows, now } = this.#options;
    this.#item = item === undefined ? NOTHING_KNOWN : parseEgressItem(item);
    const since = now() - FORGOTTEN_AFTER_MS;
    for (const [origin, at] of this.#item.reached) if (at > since && URL.canParse(origin)) knows(endpointOf(origin));
  }

  /** @returns whether a batch may not be begun. Never rejects */
  async isHeld(): Promise<boolean> {
    const { table, now, warn } = this.#options;
    const at = now();
    const { faultyUntil = 0 } = this.#item;
    // Longer than it is ever told for: by a clock that is wrong.
    if (faultyUntil <= at || faultyUntil > at + 2 * FAULTY_FOR_MS) return false;
    try {
      return !(await table.takeTurn(at, at - TURN_EVERY_MS));
    } catch (error) {
      logError(warn, "egress of all executions not read", error);
      return true;
    }
  }

  /** A call was judged to be let down by ourselves. */
  ours(): void {
    const { table, now } = this.#options;
    const at = now();
    if (at - this.#toldFaultyAt < TOLD_EVERY_MS) return;
    this.#toldFaultyAt = at;
    this.#item = { ...this.#item, faultyUntil: at + FAULTY_FOR_MS };
    this.#tell(table.faulty(at + FAULTY_FOR_MS, at));
  }

  /** A connection was made. */
  connected({ origin }: Pick<Endpoint, "origin">): void {
    this.responded();
    this.#reached.set(registrableDomain(origin), origin);
  }

  /** Somebody was reached: whatever was told before is over. */
  responded(): void {
    if (this.#item.faultyUntil === undefined) return;
    this.#item = { ...this.#item, faultyUntil: undefined };
    this.#toldFaultyAt = Number.NEGATIVE_INFINITY;
    this.#tell(this.#options.table.well());
  }

  /** Tells who was reached, where the others do not know. Resolves when all is told. */
  async end(): Promise<void> {
    const { table, now } = this.#options;
    const at = now();
    const known = [...this.#item.reached].toSorted(([, one], [, other]) => other - one);
    const sites = new Map(known.map(([origin, toldAt]) => [registrableDomain(origin), toldAt]));
    const news = [...this.#reached].filter(([site]) => {
      const toldAt = sites.get(site);
      return toldAt === undefined ? sites.size < MOST_SITES : at - toldAt > TOLD_AGAIN_AFTER_MS;
    });
    this.#reached.clear();
    if (news.length > 0) {
      const told = new Set(news.map(([site]) => site));
      const origins = news.map(([, origin]) => origin).slice(0, MOST_SITES);
      const forgotten = known
        .filter(([origin, toldAt]) => told.has(registrableDomain(origin)) || at - toldAt > FORGOTTEN_AFTER_MS)
        .map(([origin]) => origin)
        .filter((origin) => !origins.includes(origin));
      this.#item = {
        ...this.#item,
        reached: new Map([...this.#item.reached, ...origins.map((one) => [one, at] as const)]),
      };
      this.#tell(table.reached(origins, forgotten, at));
    }
    while (this.#telling.size > 0) await Promise.all(this.#telling);
  }

  #tell(telling: Promise<unknown>): void {
    const { warn } = this.#options;
    const told: Promise<unknown> = telling
      .catch((error: unknown) => logError(warn, "egress not told to other executions", error))
      .finally(() => this.#telling.delete(told));
    this.#telling.add(told);
  }
}
