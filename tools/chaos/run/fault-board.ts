/**
 * Which faults are in force now. The proxies and the function hook ask it at each call; a run puts faults on it and
 * takes them off.
 */
import { seededRandom, type Random } from "../../../local/demo/seeded-random.ts";
import type { Caller } from "../../../local/local-stack.ts";
import type { Fault, StreamFault } from "../plan/fault.ts";
import { failingSend, type SendService } from "../proxy/channel-sends.ts";
import { failingBy, isFor, type Server } from "../proxy/dependency.ts";
import type { AwsCall, Interference } from "../proxy/interference.ts";
import { itemInterference } from "../proxy/item-interference.ts";
import { queueInterference } from "../proxy/queue-interference.ts";
import { tableInterference } from "../proxy/table-interference.ts";
import { hotItems } from "./hot-items.ts";

/** Of the entries of a batch that is hit. */
const ENTRIES_SHARE = 0.4;

interface KillAroundSend {
  readonly at: "before" | "after";
  /** Resolves when the worker has ended. */
  readonly end: () => Promise<unknown>;
}

type OfKind<Kind extends Fault["kind"]> = Extract<Fault, { readonly kind: Kind }>;

export class FaultBoard {
  readonly #random: Random;
  readonly #active = new Set<Fault>();
  /** Milliseconds for which what is written in batches is held. */
  #holdMs = 0;
  readonly #hits = new Map<Fault, number>();
  readonly #calls: Record<Caller, number> = { worker: 0, functions: 0 };
  /** What ends the worker around its next send by a service. */
  readonly #kills = new Map<SendService, KillAroundSend>();

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** How many calls or invocations a fault has hit. */
  hitsOf(fault: Fault): number {
    return this.#hits.get(fault) ?? 0;
  }

  /** Calls to AWS that came from the worker, and from the functions. */
  get calls(): Readonly<Record<Caller, number>> {
    return this.#calls;
  }

  begin(fault: Fault): void {
    this.#active.add(fault);
  }

  end(fault: Fault): void {
    this.#active.delete(fault);
  }

  clear(): void {
    this.#active.clear();
    this.#kills.clear();
    this.#holdMs = 0;
  }

  /**
   * Has the table take so long over each batch of statements; it takes every one of them all the same. 0: no longer.
   */
  holdRecords(forMs: number): void {
    this.#holdMs = forMs;
  }

  /** Whether records of the worker are refused, or may be. */
  get isTableFaulty(): boolean {
    return (
      this.#of("table faulty").length > 0 ||
      this.#of("item throttled").some(({ item }) => item === "rows") ||
      this.#of("dependency down").some(
        ({ dependency, callers }) => callers.includes("worker") && (dependency === "table" || dependency === "queues"),
      )
    );
  }

  /** Has the worker ended around its next send by a service. @returns takes that back; false if it is too late */
  killAroundNext(service: SendService, kill: KillAroundSend): () => boolean {
    this.#kills.set(service, kill);
    return () => this.#kills.get(service) === kill && this.#kills.delete(service);
  }

  /** What becomes of a message that the worker sends by a channel, before all else that may become of the call. */
  onSend(service: SendService): Interference | undefined {
    const kill = this.#kills.get(service);
    this.#kills.delete(service);
    if (kill !== undefined) return { kind: "end the caller", ...kill };
    const fault = this.#of("channel faulty").find((one) => one.service === service);
    const interference = fault && failingSend(fault.how, service, fault.slowMs, this.#random);
    return fault && interference && this.#hit(fault, interference);
  }

  /** What becomes of a call, whatever it is for. */
  onCall(server: Server, caller: Caller, call: AwsCall): Interference | undefined {
    this.#calls[caller] += 1;
    const down = this.#of("dependency down").find(
      (fault) => fault.callers.includes(caller) && isFor(fault.dependency, server, call),
    );
    if (down !== undefined) {
      const interference = failingBy(down.manner, server, down.slowMs, this.#random);
      if (interference !== undefined) return this.#hit(down, interference);
    }
    if (server === "sqs") return this.#onQueue(call);
    return server === "dynamodb" ? this.#onTable(call) : undefined;
  }

  onStream(): StreamFault | undefined {
    return this.#draw("stream failing")?.how;
  }

  /** For what is seen elsewhere: in the worker, at the name server. */
  noteHits(fault: Fault, count: number): void {
    this.#hits.set(fault, this.hitsOf(fault) + count);
  }

  #onTable(call: AwsCall): Interference | undefined {
    for (const fault of this.#of("item throttled")) {
      const interference = itemInterference(call, hotItems(fault));
      if (interference !== undefined) return this.#hit(fault, interference);
    }
    const fault = this.#draw("table faulty");
    if (fault !== undefined) return tableInterference(fault.how, call, ENTRIES_SHARE, this.#random);
    const isHeld = this.#holdMs > 0 && call.operation === "BatchExecuteStatement";
    return isHeld ? { kind: "hold", forMs: this.#holdMs } : undefined;
  }

  #onQueue(call: AwsCall): Interference | undefined {
    const fault = this.#draw("queue faulty");
    return fault && queueInterference(fault.how, call, ENTRIES_SHARE, this.#random);
  }

  #hit<Result>(fault: Fault, result: Result): Result {
    this.noteHits(fault, 1);
    return result;
  }

  /** One that hits a share of what passes while it lasts. */
  #draw<Kind extends "table faulty" | "queue faulty" | "stream failing">(kind: Kind): OfKind<Kind> | undefined {
    const fault = this.#of(kind).find((active: { readonly share: number }) => this.#random() < active.share);
    return fault && this.#hit(fault, fault);
  }

  #of<Kind extends Fault["kind"]>(kind: Kind): OfKind<Kind>[] {
    return [...this.#active].filter((fault): fault is OfKind<Kind> => fault.kind === kind);
  }
}
