/**
 * Loaded into the worker before its own code (`node --import`): nothing that it sends to merchants gets out while a
 * file says so, which the suite rewrites while the program runs. No route or firewall of the machine is touched. New
 * connections hang or fail at once; what is written to one that is open goes nowhere, now and later. What was on its
 * way is answered. AWS's endpoints are not merchants.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import { EGRESS_FILE_VARIABLE, type EgressMode, HITS_FILE_VARIABLE } from "./egress-file.ts";

type Callback = (error?: Error | null) => void;

/** What Node's own sockets have beneath their public face. */
interface SocketInside {
  connecting: boolean;
  connect: (this: SocketInside, ...given: readonly unknown[]) => Socket;
  _writeGeneric: (this: SocketInside, writev: boolean, data: unknown, encoding: string, callback: Callback) => void;
}

const LOOK_EVERY_MS = 20;
const file = process.env[EGRESS_FILE_VARIABLE];
const hitsFile = process.env[HITS_FILE_VARIABLE];
const ownPorts = new Set(
  Object.values(process.env).flatMap((value = "") =>
    [...value.matchAll(/http:\/\/[\d.]+:(\d+)/g)].map(([, port]) => port),
  ),
);
const toMerchants = new WeakSet<object>();
const cutOff = new WeakSet<object>();
let mode: EgressMode = "open";

function install(): void {
  const inside = Socket.prototype as unknown as SocketInside;
  const { connect, _writeGeneric: writeGeneric } = inside;
  inside.connect = function connectOut(this: SocketInside, ...given: readonly unknown[]): Socket {
    const { port, host = "" } = optionsOf(given);
    if (port === undefined || ownPorts.has(String(port))) return connect.apply(this, [...given]);
    toMerchants.add(this);
    if (mode === "open") return connect.apply(this, [...given]);
    hit();
    this.connecting = true;
    const socket = this as unknown as Socket;
    if (mode === "unreachable") process.nextTick(() => socket.destroy(unreachable(host, port)));
    return socket;
  };
  inside._writeGeneric = function writeOut(this: SocketInside, writev, data, encoding, callback): void {
    if (mode !== "open" && toMerchants.has(this) && !cutOff.has(this)) {
      hit();
      cutOff.add(this);
    }
    if (cutOff.has(this)) return callback();
    writeGeneric.call(this, writev, data, encoding, callback);
  };
}

/** `connect(options)`, `connect(port, host)`, or what `net.connect` has made of either. */
function optionsOf(given: readonly unknown[]): { readonly port?: number | string; readonly host?: string } {
  const first = Array.isArray(given[0]) ? (given[0] as readonly unknown[])[0] : given[0];
  if (typeof first === "object" && first !== null) return first;
  return { port: first as number, host: String(given[1]) };
}

function unreachable(host: string, port: number | string): Error {
  const error = new Error(`connect ENETUNREACH ${host}:${port}`);
  return Object.assign(error, { code: "ENETUNREACH", syscall: "connect", address: host, port });
}

function hit(): void {
  if (hitsFile !== undefined) appendFileSync(hitsFile, ".");
}

function look(from: string): void {
  try {
    mode = (readFileSync(from, "utf8") || "open") as EgressMode;
  } catch {
    mode = "open";
  }
}

// Only what has a file of its own; functions call no merchants.
if (file !== undefined) {
  install();
  look(file);
  setInterval(look, LOOK_EVERY_MS, file).unref();
}
