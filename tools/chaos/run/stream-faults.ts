/**
 * Stands around the invocations of `stream-transactions`: has them fail, has their responses lost, and keeps old
 * batches, so that they can be handed over once more when the queue no longer knows what it was sent.
 */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { Interposition } from "../../../local/local-stack.ts";
import type { FaultBoard } from "./fault-board.ts";

type Invoke = Parameters<NonNullable<Interposition["invocation"]>>[2];

interface Batch {
  readonly atMs: number;
  readonly event: unknown;
}

interface StreamEvent {
  readonly Records: readonly { readonly dynamodb: { readonly SequenceNumber?: string } }[];
}

/** Batches that are kept for a replay, the newest. */
const KEPT_BATCHES = 500;

export class StreamFaults {
  readonly #board: Pick<FaultBoard, "onStream">;
  readonly #batches: Batch[] = [];
  #invoke: Invoke | undefined;

  constructor(board: Pick<FaultBoard, "onStream">) {
    this.#board = board;
  }

  readonly invocation: NonNullable<Interposition["invocation"]> = async (functionName, event, invoke) => {
    if (functionName !== FUNCTION_NAMES.streamTransactions) return invoke(event);
    this.#invoke = invoke;
    this.#batches.push({ atMs: Date.now(), event });
    if (this.#batches.length > KEPT_BATCHES) this.#batches.shift();
    const how = this.#board.onStream();
    if (how === "before") throw new Error("injected: the function did not run");
    const response = await invoke(event);
    if (how === "after") throw new Error("injected: the function ran, its answer is lost");
    return how === "in part" ? withFailure(event as StreamEvent, response) : response;
  };

  /**
   * Hands over batches again that are older than `ageMs`, the oldest first.
   *
   * @returns how many
   */
  async replay(count: number, ageMs: number): Promise<number> {
    const invoke = this.#invoke;
    if (invoke === undefined) return 0;
    const old = this.#batches.filter(({ atMs }) => Date.now() - atMs > ageMs).slice(-count);
    // A replay that fails is over: the batches were handled before.
    for (const { event } of old) await invoke(event).catch(() => undefined);
    return old.length;
  }
}

/** The response, with the record in the middle named as failed. */
function withFailure({ Records }: StreamEvent, response: unknown): unknown {
  const itemIdentifier = Records[Math.floor(Records.length / 2)]?.dynamodb.SequenceNumber;
  const failures = (response as { readonly batchItemFailures?: readonly unknown[] } | null)?.batchItemFailures ?? [];
  return { batchItemFailures: [...failures, { itemIdentifier }] };
}
