/**
 * The Transactions table as far as its throughput goes: every write takes units of the table and of the indexes that it
 * changes, and waits until all of them have some left: a throttled index throttles its table. Producers and the
 * pipeline's own writes share what there is in proportion to what they ask for, as DynamoDB knows no difference between
 * them.
 */
import { Budget } from "../run/budget.ts";
import type { Confirmation } from "../run/confirmation.ts";
import { Line } from "../run/line.ts";
import type { Merchant } from "../run/merchant.ts";
import type { VirtualTime } from "../run/virtual-time.ts";
import { TICK_MS } from "../run/virtual-time.ts";
import type { ProvisionedCapacity } from "./provisioned-capacity.ts";

export interface TableOptions {
  readonly time: VirtualTime;
  /** Real ones for each simulated one. */
  readonly sample: number;
  /** Units a second of the table and of each index. */
  readonly writesPerSecond: number;
  /** The same of the partitions of the due index together. */
  readonly dueWritesPerSecond: number;
  /** The same of one merchant's partitions, in the merchant index and where its confirmations wait. */
  readonly merchantWritesPerSecond: number;
  readonly committed: (confirmation: Confirmation) => void;
  /** Where capacity is provisioned: what there is of it. @default as much as the rates say */
  readonly provisioned?: ProvisionedCapacity;
}

/** What a write takes units of. */
interface Units {
  readonly has: boolean;
  take(count: number): void;
}

const WITHOUT_LIMIT: Units = { has: true, take: () => undefined };

/** Of the last tick, in the mean over the last ones: half a second or so. */
const NEWEST_SHARE = 0.02;

/** Index writes of a change: out of one partition, into another. */
export const INDEX_WRITES = { none: 0, settle: 1, move: 2 } as const;

interface Write {
  readonly dueWrites: number;
  readonly done: () => void;
}

interface OfMerchant {
  readonly index: Budget;
  readonly waits: Budget;
  readonly inserts: Line<Confirmation>;
  readonly writes: Line<Write>;
}

export class SimulatedTable {
  readonly #options: TableOptions;
  readonly #table: Units;
  readonly #due: Units;
  /** Of the due index' partitions, however much capacity it has. */
  readonly #duePartitions: Units;
  /** The whole merchant index. */
  readonly #merchantIndex: Units;
  readonly #inserts = new Line<Confirmation>();
  readonly #writes = new Line<Write>();
  readonly #merchants = new Map<Merchant, OfMerchant>();
  /** Those for which something waits here. */
  readonly #behind = new Set<OfMerchant>();
  /** Asked for since the last tick. */
  #new = { inserts: 0, writes: 0 };
  /** Asked for in a tick, as a mean over the last ones. */
  #asked = { inserts: 0, writes: 0 };
  /** Units written since the beginning, of the table and of indexes. */
  units = 0;
  /** Changes that the stream carries. */
  changes = 0;

  constructor(options: TableOptions) {
    this.#options = options;
    const { now } = options.time;
    const { provisioned } = options;
    this.#table = provisioned?.table ?? new Budget(options.writesPerSecond, now);
    this.#duePartitions = new Budget(Math.min(options.writesPerSecond, options.dueWritesPerSecond), now);
    this.#due = provisioned?.due ?? this.#duePartitions;
    this.#merchantIndex = provisioned?.merchant ?? WITHOUT_LIMIT;
  }

  /** Written by producers and not taken yet. */
  get unwritten(): number {
    let ofMerchants = 0;
    for (const { inserts } of this.#behind) ofMerchants += inserts.length;
    return this.#inserts.length + ofMerchants;
  }

  insert(confirmation: Confirmation): void {
    this.#new.inserts += 1;
    this.#inserts.push(confirmation);
  }

  /** For a job of the virtual time. @param waitsOf the merchant in whose partitions it is parked or was */
  write(dueWrites: number, waitsOf?: Merchant): Promise<void> {
    this.#new.writes += 1;
    return this.#options.time.wait((done) => {
      if (waitsOf === undefined) this.#writes.push({ dueWrites, done });
      else this.#behindOf(waitsOf).writes.push({ dueWrites, done });
    });
  }

  /** Once a tick. */
  carryOut(): void {
    const waiting = { inserts: this.unwritten, writes: this.#writes.length };
    const { inserts, writes } = this.#countAsked(waiting);
    const { provisioned, writesPerSecond, sample } = this.#options;
    const most = ((provisioned?.table.perSecond ?? writesPerSecond) * TICK_MS) / 1000 / sample;
    const isShort = waiting.inserts + waiting.writes > most;
    this.#carryOutWrites(
      isShort ? Math.max(1, Math.ceil((most * writes) / (inserts + writes))) : Number.POSITIVE_INFINITY,
    );
    this.#carryOutInserts();
    this.#carryOutWrites(Number.POSITIVE_INFINITY);
    for (const one of this.#behind) if (one.inserts.length === 0 && one.writes.length === 0) this.#behind.delete(one);
  }

  #countAsked(waiting: { readonly inserts: number; readonly writes: number }) {
    this.#asked = {
      inserts: meanAsked(this.#asked.inserts, this.#new.inserts, waiting.inserts),
      writes: meanAsked(this.#asked.writes, this.#new.writes, waiting.writes),
    };
    this.#new = { inserts: 0, writes: 0 };
    return this.#asked;
  }

  #carryOutWrites(most: number): void {
    let left = most;
    while (left > 0 && this.#writes.length > 0 && this.#hasUnits) {
      this.#take(this.#writes.shift() as Write);
      left -= 1;
    }
    for (const { waits, writes } of this.#behind) {
      while (left > 0 && writes.length > 0 && waits.has && this.#hasUnits) {
        const write = writes.shift() as Write;
        waits.take(this.#options.sample);
        this.#take(write);
        left -= 1;
      }
    }
  }

  #take({ dueWrites, done }: Write): void {
    const { sample } = this.#options;
    this.#table.take(sample);
    this.#takeDue(dueWrites * sample);
    this.units += (1 + dueWrites) * sample;
    this.changes += sample;
    done();
  }

  #carryOutInserts(): void {
    for (const { index, inserts } of this.#behind)
      while (inserts.length > 0 && index.has && this.#hasUnits && this.#merchantIndex.has)
        this.#commit(inserts.shift() as Confirmation, index);
    while (this.#inserts.length > 0 && this.#hasUnits && this.#merchantIndex.has) {
      const confirmation = this.#inserts.shift() as Confirmation;
      const { index } = this.#of(confirmation.merchant);
      if (index.has) this.#commit(confirmation, index);
      else this.#behindOf(confirmation.merchant).inserts.push(confirmation);
    }
  }

  get #hasUnits(): boolean {
    return this.#table.has && this.#due.has && this.#duePartitions.has;
  }

  #takeDue(units: number): void {
    this.#due.take(units);
    if (this.#duePartitions !== this.#due) this.#duePartitions.take(units);
  }

  /** The row, its place in the due index and in its merchant's. */
  #commit(confirmation: Confirmation, index: Budget): void {
    const { sample, time, committed } = this.#options;
    this.#table.take(sample);
    this.#takeDue(sample);
    this.#merchantIndex.take(sample);
    index.take(sample);
    this.units += 3 * sample;
    this.changes += sample;
    confirmation.committedAt = time.now();
    committed(confirmation);
  }

  *[Symbol.iterator](): Generator<Confirmation> {
    yield* this.#inserts;
    for (const { inserts } of this.#behind) yield* inserts;
  }

  #behindOf(merchant: Merchant): OfMerchant {
    const one = this.#of(merchant);
    this.#behind.add(one);
    return one;
  }

  #of(merchant: Merchant): OfMerchant {
    const known = this.#merchants.get(merchant);
    if (known !== undefined) return known;
    const { merchantWritesPerSecond, time } = this.#options;
    const made: OfMerchant = {
      index: new Budget(merchantWritesPerSecond, time.now),
      waits: new Budget(merchantWritesPerSecond, time.now),
      inserts: new Line(),
      writes: new Line(),
    };
    this.#merchants.set(merchant, made);
    return made;
  }
}

/** What was throttled, `again`, is asked for about once a second. */
function meanAsked(before: number, asked: number, again: number): number {
  return before + NEWEST_SHARE * (asked + (again * TICK_MS) / 1000 - before);
}
