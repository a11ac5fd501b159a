/**
 * Which faults are in force now. The proxies and the function hook ask it at each call; a run puts faults on it and takes them off.
 */
import { seededRandom, type Random } from "../../demo/seeded-random.ts";
import type { Fault, StreamFault } from "../plan/fault.ts";
import type { AwsCall, Interference } from "../proxy/interference.ts";
import { queueInterference } from "../proxy/queue-interference.ts";
import { tableInterference } from "../proxy/table-interference.ts";

/** Of the entries of a batch that is hit. */
const ENTRIES_SHARE = 0.4;

/** Kinds that hit a share of what passes while they last. */
type LastingKind = "table faulty" | "queue faulty" | "stream failing";
type Lasting<Kind extends LastingKind> = Extract<Fault, { readonly kind: Kind }>;

export class FaultBoard {
  readonly #random: Random;
  readonly #active = new Set<Fault>();
  /** Milliseconds for which what is written in batches is held. */
  #holdMs = 0;
  readonly #hits = new Map<Fault["kind"], number>();

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** How many calls or invocations each kind has hit. */
  get hits(): ReadonlyMap<Fault["kind"], number> {
    return this.#hits;
  }

  begin(fault: Fault): void {
    this.#active.add(fault);
  }

  end(fault: Fault): void {
    this.#active.delete(fault);
  }

  clear(): void {
    this.#active.clear();
    this.#holdMs = 0;
  }

  /** Has the table take so long over each batch of statements; it takes every one of them all the same. 0: no longer. */
  holdRecords(forMs: number): void {
    this.#holdMs = forMs;
  }

  /** Whether records of the worker are refused, or may be. */
  get isTableFaulty(): boolean {
    return this.#of("table faulty").length > 0;
  }

  onTable(call: AwsCall): Interference | undefined {
    const fault = this.#draw("table faulty");
    if (fault !== undefined) return tableInterference(fault.how, call, ENTRIES_SHARE, this.#random);
    const isHeld = this.#holdMs > 0 && call.operation === "BatchExecuteStatement";
    return isHeld ? { kind: "hold", forMs: this.#holdMs } : undefined;
  }

  onQueue(call: AwsCall): Interference | undefined {
    const fault = this.#draw("queue faulty");
    return fault && queueInterference(fault.how, call, ENTRIES_SHARE, this.#random);
  }

  onStream(): StreamFault | undefined {
    return this.#draw("stream failing")?.how;
  }

  #draw<Kind extends LastingKind>(kind: Kind): Lasting<Kind> | undefined {
    const fault = this.#of(kind).find((active: { readonly share: number }) => this.#random() < active.share);
    if (fault !== undefined) this.#hits.set(kind, (this.#hits.get(kind) ?? 0) + 1);
    return fault;
  }

  #of<Kind extends LastingKind>(kind: Kind): Lasting<Kind>[] {
    return [...this.#active].filter((fault): fault is Lasting<Kind> => fault.kind === kind);
  }
}
