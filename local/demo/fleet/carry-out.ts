/**
 * Carries out what was decided for one delivery. A response counts as given only if it was handed over whole while the
 * caller's socket was open; of a body without end, as much as the caller could be expected to read before it goes.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import type { FleetResponse } from "./response.ts";

export interface FleetExchange {
  readonly response: ServerResponse;
  /** Whether the caller has closed its side. */
  readonly isGone: () => boolean;
  /** Bytes of a poured body that were handed over. */
  pouredBytes: number;
}

/**
 * A caller that goes after more than this of a 2xx's body has its response: it is read to a bound, and nothing in it
 * decides anything.
 */
export const ENOUGH_BYTES = 65_536;

const OK = JSON.stringify({ received: true });
const NO_CONTENT = 204;
const CHUNK_BYTES = 16_384;
const MEGABYTE = 1024 * 1024;
const PADDING_DIGITS = 1000;
const CHUNKS_AT_ONCE = 16;

let bombs: { readonly small: Buffer; readonly large: Buffer } | undefined;

/** Members of gzip one after the other are gzip: 50 megabytes from 50 kilobytes, a gigabyte from one megabyte. */
function bombsMade(): { readonly small: Buffer; readonly large: Buffer } {
  if (bombs === undefined) {
    const small = gzipSync(Buffer.alloc(50 * MEGABYTE));
    bombs = { small, large: Buffer.concat(Array.from({ length: 20 }, () => small)) };
  }
  return bombs;
}

export async function carryOut(answer: FleetResponse, exchange: FleetExchange): Promise<void> {
  const { response, isGone } = exchange;
  switch (answer.kind) {
    case "never":
      return;
    case "reset":
      if (answer.afterMs > 0) await sleep(answer.afterMs);
      reset(response);
      return;
    case "half an answer": {
      response.writeHead(200, { "content-type": "application/json", "content-length": String(OK.length) });
      const isWritten = new Promise((resolve) => void response.write(OK.slice(0, 1), resolve));
      if (answer.end === "hang") return;
      await isWritten;
      reset(response);
      return;
    }
    case "answer":
      return finish(answer, exchange);
    case "padded chunks":
      return padded(answer, exchange);
    case "drip":
      return drip(answer, exchange);
    case "pour":
      return pour(answer.content, exchange);
    case "interim":
      for (const status of answer.statuses) response.socket?.write(`HTTP/1.1 ${status} Interim\r\n\r\n`);
      await sleep(answer.afterMs);
      if (answer.ends && !isGone()) await finish({ status: 200, afterMs: 0 }, exchange);
      return;
    case "raw":
      response.socket?.write(answer.text);
  }
}

/** TLS has no reset of its own: the connection ends without a word. */
function reset({ socket }: ServerResponse): void {
  if (socket === null) return;
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

async function finish(
  { status, afterMs, headers }: Pick<Extract<FleetResponse, { kind: "answer" }>, "status" | "afterMs" | "headers">,
  { response, isGone }: FleetExchange,
): Promise<void> {
  if (afterMs > 0) await sleep(afterMs);
  await pendingEvents();
  if (isGone()) return;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(status === NO_CONTENT ? undefined : OK);
}

async function drip(
  { part, everyMs }: Extract<FleetResponse, { kind: "drip" }>,
  { response, isGone }: FleetExchange,
): Promise<void> {
  if (part === "body") response.writeHead(200, { "content-type": "application/json", "content-length": "100000" });
  const text = part === "body" ? " ".repeat(100_000) : "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
  for (const byte of text) {
    if (isGone()) return;
    if (part === "body") response.write(byte);
    else response.socket?.write(byte);
    await sleep(everyMs);
  }
}

async function pour(content: "endless" | "small bomb" | "large bomb", exchange: FleetExchange): Promise<void> {
  const { response, isGone } = exchange;
  if (content === "endless") {
    response.writeHead(200, { "content-type": "application/octet-stream" });
    const chunk = Buffer.alloc(CHUNK_BYTES, "x");
    while (!isGone()) await write(chunk, exchange);
    return;
  }
  const bomb = bombsMade()[content === "small bomb" ? "small" : "large"];
  response.writeHead(200, { "content-encoding": "gzip", "content-length": String(bomb.length) });
  for (let start = 0; start < bomb.length && !isGone(); start += CHUNK_BYTES)
    await write(bomb.subarray(start, start + CHUNK_BYTES), exchange);
  await pendingEvents();
  if (!isGone()) response.end();
}

/**
 * Chunks of one byte whose sizes have a thousand digits: a bound on the body alone would let through a thousand times
 * as much.
 */
async function padded(
  { status, chunks }: Extract<FleetResponse, { kind: "padded chunks" }>,
  { response, isGone }: FleetExchange,
): Promise<void> {
  const socket = response.socket;
  if (socket === null) return;
  socket.write(`HTTP/1.1 ${status} Padded\r\ntransfer-encoding: chunked\r\n\r\n`);
  const chunk = `${"0".repeat(PADDING_DIGITS)}1\r\nx\r\n`.repeat(CHUNKS_AT_ONCE);
  for (let sent = 0; sent < chunks && !isGone(); sent += CHUNKS_AT_ONCE)
    if (!socket.write(chunk)) await drainedOrGone(socket);
  if (!isGone()) socket.write("0\r\n\r\n");
}

async function drainedOrGone(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => {
    socket.off("drain", done).off("close", done);
    resolve();
  };
  socket.once("drain", done).once("close", done);
  await promise;
}

/** Resolves when the chunk is handed over, or when the caller goes. */
async function write(chunk: Buffer, exchange: FleetExchange): Promise<void> {
  const { response } = exchange;
  const { promise, resolve } = Promise.withResolvers<void>();
  response.once("close", resolve);
  response.write(chunk, (error) => {
    if (!error) exchange.pouredBytes += chunk.length;
    resolve();
  });
  await promise;
  response.off("close", resolve);
}

/**
 * Lets what already lies in the sockets be read. If this process was held up, its callers may have gone meanwhile, and
 * an answer to them would count as given although nobody heard it.
 */
async function pendingEvents(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
