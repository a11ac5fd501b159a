/**
 * The two servers as the programs see them: behind proxies that ask the fault board at each call, and that make up for what the embedded
 * queue lacks, handles that expire and a deduplication window that ends (scaled, like all times of a run).
 */
import { seededRandom } from "../../demo/seeded-random.ts";
import type { Interposition } from "../../local/local-stack.ts";
import { NEWER_SCHEMA } from "../plan/poison-message.ts";
import { DeduplicationWindow } from "../proxy/deduplication-window.ts";
import { type FaultProxy, startProxy } from "../proxy/fault-proxy.ts";
import type { Json } from "../proxy/interference.ts";
import { OrderedArrivals } from "../proxy/ordered-arrivals.ts";
import { expiredHandles } from "../proxy/queue-interference.ts";
import { ReceiptHandles } from "../proxy/receipt-handles.ts";
import type { FaultBoard } from "./fault-board.ts";

/** SQS knows a deduplication id for five minutes, a third of the default lease; so does this, of a run's lease. */
export const DEDUPLICATION_WINDOW_MS = 5000;

const NEWER_START = `{"schema":${NEWER_SCHEMA},`;

interface ReceivedMessage {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
}

export class Proxies {
  readonly #board: FaultBoard;
  readonly #handles = new ReceiptHandles(Date.now);
  readonly #window = new DeduplicationWindow(DEDUPLICATION_WINDOW_MS, Date.now);
  readonly #seed: number;
  /** What came into the ordered queue, in its order. */
  readonly arrivals = new OrderedArrivals(Date.now);
  #running: FaultProxy[] = [];
  /** Messages of tomorrow that were given out, by id, with their newest handle. */
  readonly #newer = new Map<string, { readonly queueUrl: string; readonly handle: string }>();
  #takeNewer: ((queueUrl: string, handle: string) => void) | undefined;

  constructor(board: FaultBoard, seed: number) {
    this.#board = board;
    this.#seed = seed;
  }

  readonly addresses: NonNullable<Interposition["addresses"]> = async (servers) => {
    const random = seededRandom(this.#seed);
    const table = await startProxy({ target: servers.dynamodb, interfere: (call) => this.#board.onTable(call) });
    const queue = await startProxy({
      target: servers.sqs,
      interfere: (call) =>
        expiredHandles(call, (handle) => this.#handles.isExpired(handle), random) ?? this.#board.onQueue(call),
      request: (call) => this.#window.rewrite(call),
      answer: (call, answer) => {
        this.#handles.observe(call, answer);
        this.arrivals.observe(call, answer);
        return call.operation === "ReceiveMessage" ? this.#withoutNewer(String(call.body["QueueUrl"]), answer) : answer;
      },
    });
    this.#running = [table, queue];
    return { dynamodb: table.address, sqs: queue.address };
  };

  /** From now on a task of tomorrow runs beside: it takes what is of its schema, also what was given out before and is out of sight for long. */
  newerTaskTakes(take: (queueUrl: string, handle: string) => void): void {
    this.#takeNewer = take;
    for (const { queueUrl, handle } of this.#newer.values()) take(queueUrl, handle);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((proxy) => proxy.stop()));
  }

  #withoutNewer(queueUrl: string, answer: Json): Json {
    const take = this.#takeNewer;
    const messages = (answer["Messages"] ?? []) as readonly ReceivedMessage[];
    const newer = messages.filter(({ Body }) => Body.startsWith(NEWER_START));
    for (const { MessageId, ReceiptHandle: handle } of newer) this.#newer.set(MessageId, { queueUrl, handle });
    if (take === undefined || newer.length === 0) return answer;
    for (const { ReceiptHandle } of newer) take(queueUrl, ReceiptHandle);
    return { ...answer, Messages: messages.filter((message) => !newer.includes(message)) };
  }
}
