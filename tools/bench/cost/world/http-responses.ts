/**
 * The least HTTP/1.1 server that keeps connections open, for the merchants of the benchmark: `node:http` would take as
 * much CPU time as the call that is to be measured. Reads a request by its `content-length`, hands it on, and writes
 * one canned answer.
 */
import { createServer, type Server, type Socket } from "node:net";

export interface HttpRequest {
  /** Request line and headers as they came. */
  readonly head: string;
  readonly body: Buffer;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const ANSWERS = { "keep-alive": respondWith("keep-alive"), closes: respondWith("close") } as const;

/**
 * @param received told each request; answers when it calls `answer`
 * @param connection what becomes of a connection after a response
 */
export function httpServer(
  received: (request: HttpRequest, respond: () => void) => void,
  connection: "keep-alive" | "closes" = "keep-alive",
): Server {
  return createServer({ noDelay: true }, (socket) => {
    let pending: Buffer = Buffer.alloc(0);
    const respond = () => {
      if (!socket.writable) return;
      if (connection === "closes") socket.end(ANSWERS[connection]);
      else socket.write(ANSWERS[connection]);
    };
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      for (;;) {
        const headLength = pending.indexOf(HEAD_END);
        if (headLength === -1) return;
        const head = pending.toString("latin1", 0, headLength);
        const end = headLength + HEAD_END.length + bodyBytes(head, socket);
        if (pending.length < end) return;
        const body = pending.subarray(headLength + HEAD_END.length, end);
        pending = pending.subarray(end);
        received({ head, body }, respond);
      }
    });
  });
}

/** @param head request line and headers. @returns the headers, by their names in small letters */
export function headersOf(head: string): Record<string, string> {
  return Object.fromEntries(
    head
      .split("\r\n")
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
}

function respondWith(connection: "keep-alive" | "close"): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\nconnection: ` +
      `${connection}\r\n\r\n{"status":"ok"}`,
  );
}

function bodyBytes(head: string, socket: Socket): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) socket.destroy(new Error(`a request without content-length: ${head}`));
  return Number(length ?? 0);
}
