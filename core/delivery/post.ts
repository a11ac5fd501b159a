/**
 * One POST and its whole response, bounded, for what is no delivery: a token, for instance. The same guard, deadline,
 * bounds and words for what went wrong as an attempt has; it is sent once, and redirects are not followed.
 */
import type { Request, RequestHandler, RequestProgress, Unread } from "../http/connection.ts";
import { postRequest } from "../http/post-request.ts";
import type { ResponseHeaders } from "../http/response-head.ts";
import type { Transport } from "../http/transport.ts";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { PipelineError } from "../errors/pipeline-error.ts";
import { attemptOf, hostOf, type Posting } from "./attempt.ts";

export interface PostRequest extends Pick<Posting, "destination" | "identity" | "httpVersion"> {
  /** Beside `host` and `content-length`; each with its CRLF. */
  readonly headerLines: string;
  readonly body: string;
}

export interface PostBounds {
  /** Over everything, in milliseconds. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whatever its status. */
export interface PostResponse {
  readonly kind: "response";
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** At most `POST_BODY_BYTES`. */
  readonly body: Buffer;
  /** Whether that was all of it. */
  readonly isWhole: boolean;
}

/** There was no response, or it could not be used. */
export type PostFailure = Extract<AttemptOutcome, { kind: "failed" }>;

/** Of a body, as they come over the wire. */
export const POST_BODY_BYTES = 65_536;

/** Whoever asked wants it no more. */
export class PostAbortedError extends PipelineError {
  override readonly name = "PostAbortedError";
  readonly code = "POST_ABORTED";
}

/** @param now epoch milliseconds */
export async function post(
  transport: Transport,
  request: PostRequest,
  { deadlineMs, signal }: PostBounds,
  now: () => number = Date.now,
): Promise<PostResponse | PostFailure> {
  const { origin } = request.destination;
  let reader: ResponseReader | undefined;
  const observed: Transport = {
    send: (to, handler, isAfresh) => transport.send(to, (reader = new ResponseReader(handler)), isAfresh),
    withdraw: (from, handler) => transport.withdraw(from, reader ?? handler),
  };
  const abort = () => {
    const error = new PostAbortedError("the request is wanted no more");
    if (reader === undefined) return;
    transport.withdraw(origin, reader);
    reader.onError(error);
  };
  const outcome = attemptOf(observed, { ...request, deadlineMs, now: now() }, requestOf);
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const ended = await outcome;
  signal?.removeEventListener("abort", abort);
  return reader?.response ?? (ended as PostFailure);
}

function requestOf({ destination, headerLines, body }: PostRequest): Request {
  return postRequest(destination.path, `host: ${hostOf(destination)}\r\n${headerLines}`, body);
}

/** Hands everything on, and keeps the response. */
class ResponseReader implements RequestHandler {
  readonly mostBytes = POST_BODY_BYTES;
  readonly #handler: RequestHandler;
  readonly #chunks: Buffer[] = [];
  #head: { readonly status: number; readonly headers: ResponseHeaders } | undefined;
  response: PostResponse | undefined;

  constructor(handler: RequestHandler) {
    this.#handler = handler;
  }

  begin(connection: RequestProgress): Request | undefined {
    return this.#handler.begin(connection);
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#head = { status, headers };
    this.#handler.onHead(status, headers);
  }

  onData(bytes: Buffer, from: number, to: number): void {
    this.#chunks.push(Buffer.from(bytes.subarray(from, to)));
    this.#handler.onData(bytes, from, to);
  }

  onCut(): void {
    this.#ended(false);
    this.#handler.onCut();
  }

  onEnd(): void {
    this.#ended(true);
    this.#handler.onEnd();
  }

  onError(error: Error, isUnread?: Unread): void {
    this.#handler.onError(error, isUnread);
  }

  #ended(isWhole: boolean): void {
    if (this.#head === undefined) return;
    const body = Buffer.concat(this.#chunks).subarray(0, POST_BODY_BYTES);
    this.response = { kind: "response", ...this.#head, body, isWhole };
  }
}
