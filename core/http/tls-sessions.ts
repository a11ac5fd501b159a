/**
 * Sessions of TLS that are taken up again. A server shows no certificate then, so what was verified once holds as long
 * as the certificates did that it had shown, and not a moment longer: after that it has to show one that is good.
 */
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import { AgingMap } from "../cache/aging-map.ts";
import type { TlsIdentity } from "./tls-identity.ts";

export interface TlsSession {
  readonly ticket: Buffer;
  /** Epoch milliseconds at which the first of the chain's certificates expires. */
  readonly goodUntil: number;
}

const MAX_SESSIONS = 200;
/** Certificates of a chain that are looked at. */
const MAX_CHAIN = 10;

/** To whom a session is, and whose: a server takes it for the identity that it was made with. */
export interface TlsPeer {
  readonly host: string;
  readonly port: number;
  readonly identity?: TlsIdentity | undefined;
}

export class TlsSessions {
  readonly #kept: AgingMap<TlsSession>;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#kept = new AgingMap({ most: MAX_SESSIONS, maxAgeMs: Number.POSITIVE_INFINITY, now });
  }

  of(peer: TlsPeer): TlsSession | undefined {
    return this.#kept.get(keyOf(peer));
  }

  /** @param before the session that was taken up, if one was: its certificates are those of this one */
  keep(peer: TlsPeer, ticket: Buffer, socket: TLSSocket, before: TlsSession | undefined): void {
    const goodUntil =
      before !== undefined && socket.isSessionReused()
        ? before.goodUntil
        : earliestEnd(socket.getPeerCertificate(true));
    this.#kept.set(keyOf(peer), { ticket, goodUntil }, goodUntil);
  }

  forget(peer: TlsPeer): void {
    this.#kept.delete(keyOf(peer));
  }
}

function keyOf({ host, port, identity }: TlsPeer): string {
  return identity === undefined ? `${host}:${port}` : `${host}:${port} ${identity.name}`;
}

/** Nothing is known of a chain whose end cannot be read: it is kept for no time at all. */
function earliestEnd(leaf: DetailedPeerCertificate): number {
  let earliest = Number.POSITIVE_INFINITY;
  let certificate: DetailedPeerCertificate | undefined = leaf;
  for (let depth = 0; depth < MAX_CHAIN && certificate !== undefined; depth += 1) {
    const end = Date.parse(certificate.valid_to);
    if (Number.isNaN(end)) return 0;
    earliest = Math.min(earliest, end);
    const issuer: DetailedPeerCertificate | undefined = certificate.issuerCertificate;
    // A root is its own issuer.
    certificate = issuer === certificate ? undefined : issuer;
  }
  return earliest;
}
