/**
 * Opens connections, TCP or TLS, whose bytes are read into one buffer that all of them share: nothing is allocated for
 * a read, and no stream is in between. TLS sessions are resumed where a server offers it.
 */
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from "node:tls";
import type { TlsIdentity } from "./tls-identity.ts";
import { TlsSessions } from "./tls-sessions.ts";
import { PipelineError } from "../errors/pipeline-error.ts";

/** What origins name: where a connection goes. */
export interface Endpoint {
  /** Scheme, host and port, as they were given. */
  readonly origin: string;
  readonly isTls: boolean;
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whose certificate is shown. @default nobody's */
  readonly identity?: TlsIdentity | undefined;
  /** That TLS agrees on one of. @default HTTP/1.1 */
  readonly protocols?: readonly string[];
}

/** @param origin scheme, host and port */
export function endpointOf(origin: string): Endpoint {
  const { protocol, hostname, port } = new URL(origin);
  const isTls = protocol === "https:";
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return { origin, isTls, host, port: port === "" ? (isTls ? HTTPS_PORT : HTTP_PORT) : Number(port) };
}

/** Hears what a connection reads: the first `length` bytes of a buffer that is used again right after. */
export type Receive = (bytes: Buffer, length: number) => void;
export type Dialled = (error: Error | undefined, socket: Socket | undefined) => void;
/** How far an opening has come: its name is looked up, its host is called, TLS is agreed on. */
export type OpeningPhase = "resolving" | "connecting" | "securing";
/** Ends an opening that nobody waits for any more; nobody hears of it. @returns how far it had come */
export type Abandon = () => OpeningPhase | undefined;
/**
 * Opens a connection and says so once, not before it has returned. What is read before that is a fault of the other
 * side. Without `receive` the socket is a stream as any, for whoever reads it.
 */
export type Connect = (endpoint: Endpoint, receive: Receive | undefined, dialled: Dialled) => Abandon;
/** The same to one address of it. */
export type Dial = (endpoint: Endpoint, address: string, receive: Receive | undefined, dialled: Dialled) => Abandon;

/** Nobody has taken the connection in time. */
export class ConnectTimeoutError extends PipelineError {
  override readonly name = "ConnectTimeoutError";
  readonly code = "CONNECT_TIMEOUT";
}

/** The connection was taken, and TLS not agreed on in time. */
export class TlsTimeoutError extends PipelineError {
  override readonly name = "TlsTimeoutError";
  readonly code = "TLS_TIMEOUT";
}

/** A certificate of ours, or its key, is none, or they do not belong together. */
export class ClientCertificateError extends PipelineError {
  override readonly name = "ClientCertificateError";
  readonly code = "CLIENT_CERTIFICATE_INVALID";
}

const HTTP_1 = ["http/1.1"];
const HTTPS_PORT = 443;
const HTTP_PORT = 80;
const READ_BYTES = 65_536;
/** Milliseconds of silence after which TCP asks whether the other side is still there. */
export const TCP_KEEP_ALIVE_MS = 60_000;

/** Reads are heard to their end before the next one begins. */
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

/**
 * @param timeoutMs for TCP and TLS together
 * @param now epoch milliseconds, by which certificates expire
 */
export function dialler(timeoutMs: number, now: () => number = Date.now): Dial {
  const sessions = new TlsSessions(now);
  return (endpoint, address, receive, dialled) => {
    const { isTls, port } = endpoint;
    const to = { host: address, port, ...(receive !== undefined && { onread: readInto(receive) }) };
    const socket = isTls ? dialTls(sessions, to, endpoint) : connectTcp(to);
    if (socket instanceof Error) return failLater(socket, dialled);
    const phase = (): OpeningPhase => (socket.connecting ? "connecting" : "securing");
    const timer = setTimeout(() => socket.destroy(openingTimeout(phase(), `${address}:${port}`, timeoutMs)), timeoutMs);
    let wasTaken = false;
    if (isTls) socket.once("connect", () => (wasTaken = true));
    const failed = (error: Error) => {
      clearTimeout(timer);
      // Should it be the session that the server does not bear; a host that does not answer says nothing of that.
      if (wasTaken) sessions.forget(endpoint);
      dialled(error, undefined);
    };
    socket
      .setNoDelay(true)
      .setKeepAlive(true, TCP_KEEP_ALIVE_MS)
      .once("error", failed)
      .once(isTls ? "secureConnect" : "connect", () => {
        clearTimeout(timer);
        socket.off("error", failed);
        dialled(undefined, socket);
      });
    return () => {
      const reached = phase();
      clearTimeout(timer);
      socket.off("error", failed).on("error", () => undefined);
      socket.destroy();
      return reached;
    };
  };
}

/** @param where host or address, and port */
export function openingTimeout(phase: OpeningPhase, where: string, timeoutMs: number): Error {
  return phase === "connecting"
    ? new ConnectTimeoutError(`no connection to ${where} within ${timeoutMs} ms`)
    : new TlsTimeoutError(`TLS with ${where} not agreed on within ${timeoutMs} ms`);
}

/** Apart from all else: a socket keeps what this function knows for as long as it lives. */
function readInto(receive: Receive) {
  return {
    buffer: shared,
    callback: (length: number) => {
      receive(shared, length);
      return true;
    },
  };
}

/** @param options where to, or the socket that leads there. @returns an error where our own certificate is no good */
export function dialTls(
  sessions: TlsSessions,
  options: ConnectionOptions & Partial<Pick<TcpNetConnectOpts, "onread">>,
  endpoint: Endpoint,
): TLSSocket | ClientCertificateError {
  const { host, identity, protocols = HTTP_1 } = endpoint;
  const secureContext = identity && contextOf(identity);
  if (secureContext instanceof Error) return secureContext;
  const kept = sessions.of(endpoint);
  const socket = connectTls({
    ...options,
    ALPNProtocols: [...protocols],
    ...(secureContext !== undefined && { secureContext }),
    // Verified against the name; a literal address is verified as such. The dot at the end of an absolute name is none
    // of TLS (RFC 6066, section 3).
    ...(isIP(host) === 0 && { servername: host.replace(/\.$/, "") }),
    ...(kept !== undefined && { session: kept.ticket }),
  });
  return socket.on("session", (ticket: Buffer) => sessions.keep(endpoint, ticket, socket, kept));
}

function contextOf({ name, certificate, privateKey }: TlsIdentity): SecureContext | ClientCertificateError {
  try {
    return createSecureContext({ cert: certificate, key: privateKey });
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    return new ClientCertificateError(`our client certificate ${name} and its key cannot be used (${code})`, { cause });
  }
}

/** @returns what keeps it from being told */
export function failLater(error: Error, dialled: Dialled): Abandon {
  const told = setImmediate(() => dialled(error, undefined));
  return () => {
    clearImmediate(told);
    return "securing";
  };
}
