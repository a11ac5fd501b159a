/**
 * A name server on loopback that answers as a test says, over UDP (RFC 1035): A, AAAA and CNAME records, or a failure.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Resolver } from "node:dns/promises";
import ipaddr from "ipaddr.js";

/** Addresses of either family, with names in front of them for a chain of CNAMEs; or a failure of the server. */
export type NameAnswer = readonly string[] | "fails" | "no such name";

export interface NameServer {
  /** Names that were asked for, once for each family. */
  readonly asked: string[];
  /** Asks this server and no other. */
  readonly resolver: Resolver;
  stop(): Promise<void>;
}

const TYPES = { A: 1, CNAME: 5, AAAA: 28 } as const;
const CODES = { fails: 2, "no such name": 3 } as const;
const HEADER_BYTES = 12;
const IS_ANSWER = 0x8180;
const TTL_SECONDS = 1;
/** A pointer to the name in the question. */
const SAME_NAME = Buffer.from([0xc0, HEADER_BYTES]);

/** @param responseFor a name, and how often it was asked for before in that family */
export async function startNameServer(responseFor: (name: string, before: number) => NameAnswer): Promise<NameServer> {
  const asked: string[] = [];
  const counts = new Map<string, number>();
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, question } = questionOf(query);
    const before = counts.get(`${type} ${name}`) ?? 0;
    counts.set(`${type} ${name}`, before + 1);
    asked.push(name);
    socket.send(replyTo(query, question, type, responseFor(name, before)), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = new Resolver({ timeout: 5000, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return {
    asked,
    resolver,
    async stop() {
      resolver.cancel();
      socket.close();
      await once(socket, "close");
    },
  };
}

function questionOf(query: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  return { name: labels.join(".").toLowerCase(), type, question: query.subarray(HEADER_BYTES, at + 5) };
}

function replyTo(query: Buffer, question: Buffer, type: number, answer: NameAnswer): Buffer {
  const records = typeof answer === "string" ? [] : recordsOf(answer, type);
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(IS_ANSWER | (typeof answer === "string" ? CODES[answer] : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function recordsOf(answer: readonly string[], type: number): Buffer[] {
  let owner: Buffer = SAME_NAME;
  return answer.flatMap((target) => {
    if (!ipaddr.isValid(target)) {
      const record = recordOf(owner, TYPES.CNAME, encodedName(target));
      owner = encodedName(target);
      return [record];
    }
    const address = ipaddr.parse(target);
    const family = address.kind() === "ipv4" ? TYPES.A : TYPES.AAAA;
    return family === type ? [recordOf(owner, family, Buffer.from(address.toByteArray()))] : [];
  });
}

function recordOf(owner: Buffer, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(TTL_SECONDS, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, fixed, data]);
}

function encodedName(name: string): Buffer {
  const labels = name.split(".").flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}
