/**
 * The servers as the programs see them: each behind two proxies, the worker's and the functions', that ask the fault
 * board at each call; and that make up for what the embedded queue lacks, handles that expire and a deduplication
 * window that ends (scaled, like all times of a run).
 */
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { CALLERS, type Caller, type Interposition, type ServerAddresses } from "../../../local/local-stack.ts";
import { NEWER_SCHEMA } from "../plan/poison-message.ts";
import { DeduplicationWindow } from "../proxy/deduplication-window.ts";
import { channelSendIn } from "../proxy/channel-sends.ts";
import { SERVER_OF, type Server } from "../proxy/dependency.ts";
import { type FaultProxy, type ProxyOptions, startProxy } from "../proxy/fault-proxy.ts";
import type { AwsCall, Json } from "../proxy/interference.ts";
import { OrderedArrivals } from "../proxy/ordered-arrivals.ts";
import { expiredHandles } from "../proxy/queue-interference.ts";
import { ReceiptHandles } from "../proxy/receipt-handles.ts";
import { SendBook } from "./channels/send-book.ts";
import type { FaultBoard } from "./fault-board.ts";
import type { StuckPrograms } from "./stuck-programs.ts";

/** SQS knows a deduplication id for five minutes, a third of the default lease; so does this, of a run's lease. */
export const DEDUPLICATION_WINDOW_MS = 5000;

const SERVERS = [...new Set(Object.values(SERVER_OF))];
const NEWER_START = `{"schema":${NEWER_SCHEMA},`;

interface ReceivedMessage {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
}

export class Proxies {
  readonly #board: FaultBoard;
  readonly #stuck: Pick<StuckPrograms, "seen">;
  readonly #handles = new ReceiptHandles(Date.now);
  readonly #window = new DeduplicationWindow(DEDUPLICATION_WINDOW_MS, Date.now);
  readonly #seed: number;
  /** What came into the ordered queue, in its order. */
  readonly arrivals = new OrderedArrivals(Date.now);
  /** What the worker sent by channels. */
  readonly sends = new SendBook();
  readonly #running = new Map<string, FaultProxy>();
  /** Messages of tomorrow that were given out, by id, with their newest handle. */
  readonly #newer = new Map<string, { readonly queueUrl: string; readonly handle: string }>();
  #takeNewer: ((queueUrl: string, handle: string) => void) | undefined;

  constructor(board: FaultBoard, seed: number, stuck: Pick<StuckPrograms, "seen">) {
    this.#stuck = stuck;
    this.#board = board;
    this.#seed = seed;
  }

  readonly addresses: NonNullable<Interposition["addresses"]> = async (servers) => ({
    worker: await this.#startFor("worker", servers),
    functions: await this.#startFor("functions", servers),
  });

  /** No caller can connect to the server until `open`. @returns how many connections were cut off */
  async close(server: Server): Promise<number> {
    const cut = await Promise.all(this.#of(server).map((proxy) => proxy.close()));
    return cut.reduce((sum, count) => sum + count, 0);
  }

  async open(server: Server): Promise<void> {
    await Promise.all(this.#of(server).map((proxy) => proxy.open()));
  }

  /**
   * From now on a task of tomorrow runs beside: it takes what is of its schema, also what was given out before and is
   * out of sight for long.
   */
  newerTaskTakes(take: (queueUrl: string, handle: string) => void): void {
    this.#takeNewer = take;
    for (const { queueUrl, handle } of this.#newer.values()) take(queueUrl, handle);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values()].map((proxy) => proxy.stop()));
  }

  #of(server: Server): FaultProxy[] {
    return CALLERS.flatMap((caller) => this.#running.get(`${caller} ${server}`) ?? []);
  }

  async #startFor(caller: Caller, servers: ServerAddresses): Promise<ServerAddresses> {
    const addresses = { ...servers };
    for (const server of SERVERS) {
      const proxy = await startProxy(this.#optionsFor(server, caller, servers[server]));
      this.#running.set(`${caller} ${server}`, proxy);
      addresses[server] = proxy.address;
    }
    return addresses;
  }

  #optionsFor(server: Server, caller: Caller, target: string): ProxyOptions {
    const sendIn = (call: AwsCall) => (caller === "worker" ? channelSendIn(server, call) : undefined);
    const interfere: ProxyOptions["interfere"] = (call) => {
      if (server === "dynamodb") this.#stuck.seen(call);
      const send = sendIn(call);
      const ofSend = send && this.#board.onSend(send.service);
      return ofSend ?? this.#board.onCall(server, caller, call);
    };
    const watch: ProxyOptions["watch"] = (call) => {
      const send = sendIn(call);
      return send && this.sends.began(send);
    };
    if (server !== "sqs") return { target, interfere, watch };
    const random = seededRandom(this.#seed);
    return {
      target,
      watch,
      interfere: (call) => expiredHandles(call, (handle) => this.#handles.isExpired(handle), random) ?? interfere(call),
      request: (call) => this.#window.rewrite(call),
      answer: (call, response) => {
        this.#handles.observe(call, response);
        this.arrivals.observe(call, response);
        return call.operation === "ReceiveMessage"
          ? this.#withoutNewer(String(call.body["QueueUrl"]), response)
          : response;
      },
    };
  }

  #withoutNewer(queueUrl: string, response: Json): Json {
    const take = this.#takeNewer;
    const messages = (response["Messages"] ?? []) as readonly ReceivedMessage[];
    const newer = messages.filter(({ Body }) => Body.startsWith(NEWER_START));
    for (const { MessageId, ReceiptHandle: handle } of newer) this.#newer.set(MessageId, { queueUrl, handle });
    if (take === undefined || newer.length === 0) return response;
    for (const { ReceiptHandle } of newer) take(queueUrl, ReceiptHandle);
    return { ...response, Messages: messages.filter((message) => !newer.includes(message)) };
  }
}
