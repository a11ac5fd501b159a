/**
 * Interim answers (1xx) come before the real one and mean nothing to us (RFC 9110, section 15.2: a client must be able to read them,
 * asked for or not). undici passes over most of them, but breaks the connection at a `100 Continue` that it did not ask for, which some
 * servers send to every POST. So they are taken out of what a connection reads, between a request and the head of its answer and nowhere
 * else. Past a bound they are left in, and undici ends the attempt.
 */
import type { Socket } from "node:net";

const MAX_BYTES = 16_384;
const STATUS_AT = "HTTP/1.1 ".length;
const END_OF_HEAD = "\r\n\r\n";
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d/;
/** 101 is not an interim answer but the end of HTTP on the connection. */
const MAY_BECOME_INTERIM = /^H(?:T(?:T(?:P(?:\/(?:1(?:\.(?:[01](?: (?:1\d?)?)?)?)?)?)?)?)?)?$/;
const NOTHING = Buffer.alloc(0);

/** @returns the same socket, whose answers begin with their last head */
export function withoutInterimAnswers<S extends Socket>(socket: S): S {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const filter = new InterimFilter();
  socket.write = (...args: unknown[]) => {
    filter.expect();
    return write(...args);
  };
  socket.read = (size?: number) => {
    for (;;) {
      const chunk = read(size);
      if (chunk === null || !filter.isExpecting) return chunk;
      const rest = filter.take(chunk);
      if (rest.length > 0) return rest;
    }
  };
  return socket;
}

class InterimFilter {
  #isExpecting = false;
  /** The beginning of a head of which more must be seen. */
  #held: Buffer = NOTHING;
  #skippedBytes = 0;

  get isExpecting(): boolean {
    return this.#isExpecting;
  }

  /** A request is on its way: what is read next is the head of an answer. */
  expect(): void {
    this.#isExpecting = true;
    this.#skippedBytes = 0;
  }

  /** @returns what is left for undici */
  take(chunk: Buffer): Buffer {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = NOTHING;
    while (bytes.length > 0) {
      const begin = bytes.toString("latin1", 0, STATUS_AT + 3);
      const isInterim = INTERIM.test(begin);
      if (!isInterim && !MAY_BECOME_INTERIM.test(begin)) break;
      const end = isInterim ? bytes.indexOf(END_OF_HEAD) : -1;
      const skipped = end === -1 ? bytes.length : end + END_OF_HEAD.length;
      if (this.#skippedBytes + skipped > MAX_BYTES) break;
      if (end === -1) {
        this.#held = bytes;
        return NOTHING;
      }
      this.#skippedBytes += skipped;
      bytes = bytes.subarray(skipped);
    }
    if (bytes.length > 0) this.#isExpecting = false;
    return bytes;
  }
}
