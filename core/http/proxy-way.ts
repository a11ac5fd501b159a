/**
 * Asks the operator's egress proxy for a way to an address: TCP, TLS where the proxy's URL says https, and `CONNECT`
 * (RFC 9110, section 9.3.6). What is wrong with the proxy is told apart from what is wrong behind it.
 */
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Dialled, type Endpoint, TCP_KEEP_ALIVE_MS } from "./dial.ts";
import { parseHead } from "./response-head.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** The proxy cannot be reached, does not speak as one, or does not let us in: our own network. */
export class ProxyUnusableError extends PipelineError {
  override readonly name = "ProxyUnusableError";
  readonly code = "PROXY_UNUSABLE";
}

/** The proxy is well, and opens no way to this address: nobody is there, or its rules say so. */
export class ProxyRefusedError extends PipelineError {
  override readonly name = "ProxyRefusedError";
  readonly code = "PROXY_REFUSED";
}

const MAX_HEAD_BYTES = 16_384;
const HEAD_END = "\r\n\r\n";
const AUTHENTICATION_REQUIRED = 407;

/** @param where address and port. @returns the socket at once; `done` hears when it leads there, once, and not later */
export function wayThrough(proxy: Endpoint, where: string, done: Dialled): Socket {
  const { isTls, host, port } = proxy;
  const socket = isTls
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
    : connectTcp({ host, port });
  let isDone = false;
  let text = "";
  const end = (error: Error | undefined): void => {
    if (isDone) return;
    isDone = true;
    socket.off("data", read).off("close", closed).pause();
    if (error !== undefined) socket.destroy();
    done(error, error === undefined ? socket : undefined);
  };
  const unusable = (why: string, cause?: unknown) =>
    end(new ProxyUnusableError(`the egress proxy ${proxy.origin} ${why}`, { cause }));
  const closed = () => unusable("closed the connection before it answered");
  const read = (bytes: Buffer): void => {
    text += bytes.toString("latin1");
    const at = text.indexOf(HEAD_END);
    if (at === -1) return text.length > MAX_HEAD_BYTES ? unusable("answered with too large a head") : undefined;
    const status = statusOf(text.slice(0, at));
    if (status === undefined) return unusable("does not answer as HTTP");
    if (status === AUTHENTICATION_REQUIRED) return unusable("wants credentials (407), and we have none");
    if (status < 200 || status > 299)
      return end(new ProxyRefusedError(`the egress proxy answered ${status} for ${where}`));
    const rest = text.slice(at + HEAD_END.length);
    end(undefined);
    if (rest !== "") socket.unshift(Buffer.from(rest, "latin1"));
  };
  return socket
    .setNoDelay(true)
    .setKeepAlive(true, TCP_KEEP_ALIVE_MS)
    .on("error", (cause: NodeJS.ErrnoException) => unusable(`cannot be used (${cause.code ?? cause.message})`, cause))
    .on("data", read)
    .on("close", closed)
    .once(isTls ? "secureConnect" : "connect", () =>
      socket.write(`CONNECT ${where} HTTP/1.1\r\nhost: ${where}\r\n\r\n`),
    );
}

function statusOf(head: string): number | undefined {
  try {
    return parseHead(head).status;
  } catch {
    return undefined;
  }
}
