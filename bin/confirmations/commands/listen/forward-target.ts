/**
 * Where copies are forwarded to: this machine, and nothing else. A name is resolved once, before anything is asked of
 * the API, and only the addresses that were found then are dialled: whatever the name says later, nothing leaves.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { type CommandFailure, wrongLine } from "../../frame/command-failure.ts";

export interface ForwardTarget {
  /** As it was given. */
  readonly url: string;
  /** With its port, as the header `host` has it. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Loopback each; the next where one refuses. */
  readonly addresses: readonly string[];
}

const LOCAL_NAME = "localhost";
const HTTP_PORT = 80;
const EXPECTED =
  "expected an http URL of this machine such as http://localhost:9000 (localhost, 127.0.0.1, [::1]), as copies go " +
  "nowhere else; run the command where your server runs";
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** @throws CommandFailure */
export async function forwardTarget(text: string, resolve = addressesOf): Promise<ForwardTarget> {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" || url.username !== "" || url.password !== "" || url.hash !== "")
    throw refused(shortly(text));
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(name) === 0 && name !== LOCAL_NAME) throw refused(shortly(text));
  const addresses = isIP(name) === 0 ? await resolve(name) : [name];
  if (addresses.length === 0) throw refused(`${shortly(text)}, whose name has no address here`);
  const foreign = addresses.find((address) => !isLoopback(address));
  if (foreign !== undefined)
    throw refused(foreign === name ? shortly(text) : `${shortly(text)}, which is ${foreign} here`);
  return {
    url: text,
    host: url.host,
    port: url.port === "" ? HTTP_PORT : Number(url.port),
    path: `${url.pathname}${url.search}`,
    addresses,
  };
}

function refused(got: string): CommandFailure {
  return wrongLine(`--forward-to is ${got}, ${EXPECTED}`);
}

function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

async function addressesOf(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return [...new Set(found.map(({ address }) => address))];
}
