/** Bytes through a reader, in whatever pieces, without a connection. */
import type { ResponseHead } from "../../../core/http/response-head.ts";
import { ResponseParser } from "../../../core/http/response-parser.ts";

const OLD_BYTES = Buffer.from("\r\n\r\nHTTP/1.1 500 Old\r\n0\r\n\r\n");

export interface Read {
  readonly status?: number;
  readonly headers: Record<string, unknown>;
  readonly keptMs?: number;
  readonly body: string;
  /** Bytes that belong to the response. */
  readonly bytes: number;
  readonly isWhole: boolean;
  readonly isCut?: boolean;
  readonly code?: string;
}

/**
 * What is read of bytes in pieces of these sizes, over and over, up to the end of the connection. Each piece lies
 * before old bytes.
 */
export function readIn(sizes: readonly number[], text: string, reader = new ResponseParser(), mostBytes = 1e9): Read {
  const all = Buffer.from(text, "latin1");
  let read: Read = { headers: {}, body: "", bytes: 0, isWhole: false };
  let at = 0;
  const cut = { isCut: false };
  const listener = {
    onCut: () => {
      if (cut.isCut) throw new Error("cut twice");
      cut.isCut = true;
    },
    onHead: ({ status, headers, keptMs }: ResponseHead) => {
      if (read.status !== undefined) throw new Error("a second head");
      read = { ...read, status, headers: { ...headers }, keptMs };
    },
    onData: (bytes: Buffer, from: number, to: number) => {
      if (read.status === undefined) throw new Error("data before the head");
      read = { ...read, body: read.body + bytes.toString("latin1", from, to) };
    },
  };
  reader.expect(mostBytes);
  try {
    for (let index = 0; at < all.length && !reader.hasEnded && !cut.isCut; index += 1) {
      const piece = all.subarray(at, at + (sizes[index % sizes.length] ?? 1));
      const buffer = Buffer.concat([piece, OLD_BYTES]);
      at += reader.read(buffer, piece.length, listener, () => true);
    }
    // How far it had read by then depends on the cut, and so does what was handed on.
    if (cut.isCut) return { ...read, body: "", bytes: 0, isWhole: false, isCut: true };
    const isWhole = reader.hasEnded || reader.finish();
    return { ...read, bytes: at, isWhole };
  } catch (error) {
    // How far it had read by then depends on the cut.
    return { headers: {}, body: "", bytes: 0, isWhole: false, code: (error as { code: string }).code };
  }
}
