/**
 * X-Ray's daemon as this machine plays it: takes documents over UDP, checks each against X-Ray's rules, and keeps it.
 * Programs find it by `AWS_XRAY_DAEMON_ADDRESS`, as they find the daemon in Lambda.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { LocalLog } from "../local-stack.ts";
import { LOOPBACK } from "../machine.ts";
import { type Document, documentFaults, textIn } from "./document-faults.ts";
import { type KeptDocument, TraceFile } from "./trace-file.ts";

export interface TraceCollector {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  stop(): Promise<void>;
}

export interface TraceCollectorOptions {
  readonly stateDirectory: string;
  readonly now: () => number;
  readonly log: LocalLog;
}

/**
 * Bytes that wait for this process at most, as far as the operating system grants it: what comes beyond is lost, as
 * with any daemon.
 */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export async function startTraceCollector({
  stateDirectory,
  now,
  log,
}: TraceCollectorOptions): Promise<TraceCollector> {
  const file = new TraceFile(stateDirectory);
  const socket = createSocket({ type: "udp4", recvBufferSize: RECEIVE_BUFFER_BYTES });
  socket.on("message", (datagram) => {
    const kept = readDatagram(datagram.toString("utf8"), now());
    if (kept.faults.length > 0)
      log(
        "X-Ray would refuse a document of " +
          `${kept.document === undefined ? "a program" : textIn(kept.document, "name")}: ${kept.faults.join("; ")}.`,
      );
    file.add(kept);
  });
  socket.bind(0, LOOPBACK);
  await once(socket, "listening");
  return {
    address: `${LOOPBACK}:${socket.address().port}`,
    async stop() {
      socket.close();
      await file.flush();
    },
  };
}

/** `{"format":"json","version":1}`, a line break, and the document. */
export function readDatagram(text: string, now: number): KeptDocument {
  const end = text.indexOf("\n");
  const header = parse(text.slice(0, Math.max(0, end)));
  if (header?.["format"] !== "json" || header["version"] !== 1)
    return { faults: ['there is no line {"format":"json","version":1} before the document'] };
  const json = text.slice(end + 1);
  const document = parse(json);
  if (document === undefined) return { faults: ["the document is not a JSON object"] };
  return { document, faults: documentFaults(document, Buffer.byteLength(json), now) };
}

function parse(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Document) : undefined;
  } catch {
    return undefined;
  }
}
