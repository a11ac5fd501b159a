/**
 * One exchange heard to its end: what a test asks, and what came of it. It fails where an end is told twice, or
 * anything after the end.
 */
import type { ResponseHeaders } from "../../../core/http/response-head.ts";
import type { Connection, RequestHandler, Request } from "../../../core/http/connection.ts";
import type { ConnectionPools } from "../../../core/http/connection-pools.ts";

export interface Asked {
  readonly status?: number;
  readonly headers?: ResponseHeaders;
  /** Latin1, what came of it. */
  readonly body: string;
  /** It was cut at its bound. */
  readonly isCut?: true;
  /** Of an exchange that failed. */
  readonly error?: Error & { readonly code?: string };
}

export interface AskOptions {
  readonly body?: string;
  /** May give the connection up, or throw. */
  readonly onHead?: (connection: Connection) => void;
  readonly onData?: (connection: Connection) => void;
  readonly begin?: () => Request | undefined;
  /** @default no bound */
  readonly mostBytes?: number;
}

export function requestOf(origin: string, body = "{}"): Request {
  const { host } = new URL(origin);
  return {
    text: `POST / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    isAscii: true,
  };
}

export class Asking implements RequestHandler {
  readonly #options: AskOptions;
  readonly #request: Request;
  readonly #end = Promise.withResolvers<Asked>();
  #heard: Asked = { body: "" };
  #hasEnded = false;
  connection: Connection | undefined;

  constructor(origin: string, options: AskOptions = {}) {
    this.#options = options;
    this.#request = requestOf(origin, options.body);
  }

  get ended(): Promise<Asked> {
    return this.#end.promise;
  }

  get heard(): Asked {
    return this.#heard;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  begin(connection: Connection): Request | undefined {
    this.connection = connection;
    return this.#options.begin === undefined ? this.#request : this.#options.begin();
  }

  onHead(status: number, headers: ResponseHeaders): void {
    if (this.#hasEnded || this.#heard.status !== undefined) throw new Error("a head after the head or the end");
    this.#heard = { ...this.#heard, status, headers };
    this.#options.onHead?.(this.connection as Connection);
  }

  onData(bytes: Buffer, from: number, to: number): void {
    if (this.#hasEnded || this.#heard.status === undefined) throw new Error("data after the end or before the head");
    this.#heard = { ...this.#heard, body: this.#heard.body + bytes.toString("latin1", from, to) };
    this.#options.onData?.(this.connection as Connection);
  }

  get mostBytes(): number {
    return this.#options.mostBytes ?? Number.POSITIVE_INFINITY;
  }

  onCut(): void {
    this.#finish({ ...this.#heard, isCut: true });
  }

  onEnd(): void {
    this.#finish(this.#heard);
  }

  onError(error: Error): void {
    this.#finish({ ...this.#heard, error });
  }

  #finish(asked: Asked): void {
    if (this.#hasEnded) throw new Error("a second end");
    this.#hasEnded = true;
    this.#end.resolve(asked);
  }
}

/** Asks and hears to the end; a failure is told, not thrown. */
export function ask(pools: ConnectionPools, origin: string, options: AskOptions = {}): Promise<Asked> {
  const asking = new Asking(origin, options);
  pools.send(origin, asking);
  return asking.ended;
}
