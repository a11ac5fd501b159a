/**
 * A name server on this machine that answers as it is told, name by name and family by family: with addresses, a
 * failure, late or not at all. For tests and the fault suite, which point the worker to it by
 * `settings.delivery.nameServers`. A name that nobody set does not exist.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Question, type QueryType, readQuestion, type ResponseCode, writeResponse } from "./message.ts";

export type DnsAnswer =
  | {
      /** None says that the name has no address of this family (NODATA). */
      readonly addresses: readonly string[];
      /** @default 1 */
      readonly ttlSeconds?: number;
      /** Milliseconds until it is sent. @default 0 */
      readonly afterMs?: number;
    }
  | { readonly code: Exclude<ResponseCode, "NOERROR">; readonly afterMs?: number }
  | "silence";

/** By family; one that is left out has no address. */
export type DnsZone = Readonly<Partial<Record<QueryType, DnsAnswer>>>;

const LOOPBACK = "127.0.0.1";
const NO_ADDRESS: DnsAnswer = { addresses: [] };
const NO_SUCH_NAME: DnsAnswer = { code: "NXDOMAIN" };

export class NameServer {
  /** What was asked, in order. */
  readonly asked: { readonly name: string; readonly type: QueryType | undefined }[] = [];
  /** Answers every question while it is set, whatever the zones say. */
  fault: DnsAnswer | undefined;
  readonly #zones = new Map<string, DnsZone>();
  readonly #late = new Set<NodeJS.Timeout>();
  #socket: Socket | undefined;
  #port: number;

  /** @param port 0 for any free one; it is kept when the server is closed and opened again */
  static async start(port = 0): Promise<NameServer> {
    const server = new NameServer(port);
    await server.open();
    return server;
  }

  private constructor(port: number) {
    this.#port = port;
  }

  get port(): number {
    return this.#port;
  }

  /** As `settings.delivery.nameServers` lists it. */
  get address(): string {
    return `${LOOPBACK}:${this.#port}`;
  }

  /** @param zone a list of addresses stands for all of their families. Undefined: the name does not exist any more */
  set(name: string, zone: DnsZone | readonly string[] | undefined): void {
    const key = name.toLowerCase();
    if (zone === undefined) this.#zones.delete(key);
    else this.#zones.set(key, isList(zone) ? zoneOf(zone) : zone);
  }

  /** Listens. */
  async open(): Promise<void> {
    if (this.#socket !== undefined) return;
    const socket = createSocket("udp4");
    this.#socket = socket;
    socket.on("message", (query, from) => this.#answer(query, (response) => this.#send(response, from)));
    socket.bind(this.#port, LOOPBACK);
    await once(socket, "listening");
    this.#port = socket.address().port;
  }

  /**
   * Nothing listens at its port any more: whoever asks is told that it is unreachable, as by a resolver that is down.
   */
  async close(): Promise<void> {
    for (const timer of this.#late) clearTimeout(timer);
    this.#late.clear();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.close();
    await once(socket, "close");
  }

  #answer(query: Buffer, send: (response: Buffer) => void): void {
    const question = readQuestion(query);
    if (question === undefined) return;
    this.asked.push({ name: question.name, type: question.type });
    const answer = this.fault ?? this.#answerTo(question);
    if (answer === "silence") return;
    const response =
      "code" in answer ? writeResponse(query, question, answer.code) : addressesOf(query, question, answer);
    const { afterMs = 0 } = answer;
    if (afterMs === 0) return send(response);
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      send(response);
    }, afterMs);
    this.#late.add(timer);
  }

  #answerTo({ name, type }: Question): DnsAnswer {
    const zone = this.#zones.get(name);
    if (zone === undefined) return NO_SUCH_NAME;
    return (type !== undefined && zone[type]) || NO_ADDRESS;
  }

  #send(response: Buffer, { port, address }: { readonly port: number; readonly address: string }): void {
    this.#socket?.send(response, port, address, () => undefined);
  }
}

function isList(zone: DnsZone | readonly string[]): zone is readonly string[] {
  return Array.isArray(zone);
}

function zoneOf(addresses: readonly string[]): DnsZone {
  const { A = [], AAAA = [] } = Object.groupBy(addresses, (address) => (address.includes(":") ? "AAAA" : "A"));
  return { A: { addresses: A }, AAAA: { addresses: AAAA } };
}

function addressesOf(
  query: Buffer,
  question: Question,
  { addresses, ttlSeconds = 1 }: Extract<DnsAnswer, { addresses: readonly string[] }>,
): Buffer {
  return writeResponse(query, question, "NOERROR", addresses, ttlSeconds);
}
