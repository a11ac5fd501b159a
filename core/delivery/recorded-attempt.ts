/**
 * An attempt whose request and response are shown to somebody: the same call as any other, heard by a handler around
 * its own. Calls that nobody looks at pay nothing for it.
 */
import type { Request, RequestHandler, RequestProgress, Unread } from "../http/connection.ts";
import { requestParts } from "../http/request-parts.ts";
import type { ResponseHeaders } from "../http/response-head.ts";
import type { Transport } from "../http/transport.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { attempt, type Call } from "./attempt.ts";
import { withoutSecretHeaders, withoutSecrets } from "./hidden-secrets.ts";
import { redact } from "./redact.ts";

/** Headers of a response that tell who answered, and how; none that holds a session or a secret. */
const SHOWN = [
  "content-type",
  "content-length",
  "date",
  "server",
  "via",
  "location",
  "allow",
  "retry-after",
  "www-authenticate",
] as const;
const MOST_CHARACTERS = 200;
/** Of a body. */
export const MOST_BYTES = 4096;

export interface RecordedAttempt {
  readonly outcome: AttemptOutcome;
  /** Undefined where no connection was had. */
  readonly request?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** Of its head; undefined where none came. */
  readonly response?: { readonly status: number; readonly headers: Readonly<Record<string, string>> };
  /** The first bytes of the response's body as they came, which may hold secrets: never to be kept. */
  readonly body?: Buffer;
}

/** One attempt, sent once. */
export async function recordedAttempt(transport: Transport, call: Call): Promise<RecordedAttempt> {
  let recorder: Recorder | undefined;
  const outcome = await attempt(
    {
      send: (origin, handler, isAfresh) => {
        recorder = new Recorder(handler);
        transport.send(origin, recorder, isAfresh);
      },
      withdraw: (origin, handler) => transport.withdraw(origin, recorder ?? handler),
    },
    call,
  );
  const { request, response, body } = recorder ?? {};
  return {
    outcome: withoutSecrets(outcome, call),
    ...(request !== undefined && { request: { ...request, headers: withoutSecretHeaders(request.headers, call) } }),
    ...(response !== undefined && { response }),
    ...(body !== undefined && { body }),
  };
}

/** Hands everything on, and keeps what it saw of heads. */
class Recorder implements RequestHandler {
  readonly #handler: RequestHandler;
  readonly mostBytes: number;
  request: RecordedAttempt["request"];
  response: RecordedAttempt["response"];
  body: Buffer | undefined;

  constructor(handler: RequestHandler) {
    this.#handler = handler;
    this.mostBytes = handler.mostBytes;
  }

  begin(connection: RequestProgress): Request | undefined {
    const request = this.#handler.begin(connection);
    if (request !== undefined) {
      const { headers, body } = requestParts(request.text);
      this.request = { headers: Object.fromEntries(headers), body };
    }
    return request;
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.response = { status, headers: shown(headers) };
    this.#handler.onHead(status, headers);
  }

  onData(bytes: Buffer, from: number, to: number): void {
    const { body = Buffer.alloc(0) } = this;
    const room = MOST_BYTES - body.length;
    if (room > 0) this.body = Buffer.concat([body, bytes.subarray(from, Math.min(to, from + room))]);
    this.#handler.onData(bytes, from, to);
  }

  onCut(): void {
    this.#handler.onCut();
  }

  onEnd(): void {
    this.#handler.onEnd();
  }

  onError(error: Error, isUnread?: Unread): void {
    this.#handler.onError(error, isUnread);
  }
}

function shown(headers: ResponseHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    SHOWN.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, redact(String(value)).slice(0, MOST_CHARACTERS)] as const];
    }),
  );
}
