/**
 * One copy to a server on this machine: its body byte for byte, and its headers but for those of the connection.
 * Redirects are not followed, and what the server answers is read to a bound.
 */
import { type IncomingMessage, request } from "node:http";
import type { ForwardTarget } from "./forward-target.ts";
import type { Copy, Forwarded } from "./handled-copy.ts";

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536;
/** Of the connection to the merchant, which this one is not. */
const OF_CONNECTION = new Set(["connection", "host", "content-length"]);

/** Never rejects. @param ended what ends the command ends the request too */
export async function forward(
  copy: Copy,
  target: ForwardTarget,
  ended: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Forwarded> {
  const begunAt = performance.now();
  const signal = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]);
  let error = "";
  for (const address of target.addresses) {
    try {
      const status = await posted(copy, target, address, signal);
      return { status, durationMs: since(begunAt) };
    } catch (cause) {
      error = signal.aborted ? (ended.aborted ? "ended" : `no response in ${timeoutMs / 1000} s`) : whyOf(cause);
      if ((cause as NodeJS.ErrnoException).code !== "ECONNREFUSED") break;
    }
  }
  return { error, durationMs: since(begunAt) };
}

function posted(
  { request: { headers, body } }: Copy,
  { host, port, path }: ForwardTarget,
  address: string,
  signal: AbortSignal,
): Promise<number> {
  const bytes = Buffer.from(body);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request({
    host: address,
    port,
    path,
    method: "POST",
    agent: false,
    signal,
    headers: {
      host,
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name))),
      "content-length": bytes.length,
    },
  });
  sent.once("error", reject);
  sent.once("response", (response) => void read(response).then(resolve, reject));
  sent.end(bytes);
  return promise;
}

/** Its status, once it has come whole, or far enough. */
async function read(response: IncomingMessage): Promise<number> {
  const { statusCode: status = 0 } = response;
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) break;
  }
  return status;
}

function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ECONNREFUSED" ? "nobody listens there (ECONNREFUSED)" : (code ?? message);
}

function since(begunAt: number): number {
  return Math.round(performance.now() - begunAt);
}
