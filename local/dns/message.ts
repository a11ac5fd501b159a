/**
 * The part of the DNS protocol that a name server for tests needs: one question, and an answer of addresses or a code
 * (RFC 1035, section 4).
 */
import ipaddr from "ipaddr.js";

export const QUERY_TYPES = { A: 1, AAAA: 28 } as const;
export type QueryType = keyof typeof QUERY_TYPES;

export const RESPONSE_CODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
export type ResponseCode = keyof typeof RESPONSE_CODES;

export interface Question {
  /** In lower case, without the dot at its end. */
  readonly name: string;
  /** Undefined for one that this server knows nothing of. */
  readonly type: QueryType | undefined;
  /** Bytes of the query up to the end of its question. */
  readonly endsAt: number;
}

const HEADER_BYTES = 12;
const IS_RESPONSE_AND_AUTHORITATIVE = 0x84;
const RECURSION_DESIRED = 0x01;
const RECURSION_AVAILABLE = 0x80;
/** A name that repeats the one at the beginning of the question. */
const SAME_NAME = 0xc0_0c;
const CLASS_IN = 1;

/** @returns undefined for what is no query with a question */
export function readQuestion(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at]; length !== undefined && length > 0; length = query[at]) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const endsAt = at + 1 + 4;
  if (endsAt > query.length) return undefined;
  const code = query.readUInt16BE(at + 1);
  const [type] = Object.entries(QUERY_TYPES).find(([, number]) => number === code) ?? [];
  return { name: labels.join(".").toLowerCase(), type: type as QueryType | undefined, endsAt };
}

/** @param addresses of the family that was asked for */
export function writeResponse(
  query: Buffer,
  { endsAt }: Question,
  code: ResponseCode,
  addresses: readonly string[] = [],
  ttlSeconds = 0,
): Buffer {
  const head = Buffer.from(query.subarray(0, endsAt));
  head[2] = IS_RESPONSE_AND_AUTHORITATIVE | ((query[2] ?? 0) & RECURSION_DESIRED);
  head[3] = RECURSION_AVAILABLE | RESPONSE_CODES[code];
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...addresses.map((address) => record(address, ttlSeconds))]);
}

function record(address: string, ttlSeconds: number): Buffer {
  const bytes = Buffer.from(ipaddr.parse(address).toByteArray());
  const head = Buffer.alloc(12);
  head.writeUInt16BE(SAME_NAME, 0);
  head.writeUInt16BE(bytes.length === 4 ? QUERY_TYPES.A : QUERY_TYPES.AAAA, 2);
  head.writeUInt16BE(CLASS_IN, 4);
  head.writeUInt32BE(ttlSeconds, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}
