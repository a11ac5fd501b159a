/** Through an egress proxy: what it is asked for, what is said within, and whose fault it is when it opens no way. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt, type Call } from "../../../core/delivery/attempt.ts";
import { guardedConnector, guardedReach } from "../../../core/delivery/guarded-connector.ts";
import { endpointOf } from "../../../core/http/dial.ts";
import { proxyDialler } from "../../../core/http/proxy-dial.ts";
import { keysOf } from "../../support/keys.ts";
import { startMerchant } from "../../support/merchant-server.ts";
import { trustedCertificate } from "../../support/trusted-certificate.ts";
import { until } from "../../support/until.ts";
import { transportsOver } from "../delivery/over-transports.ts";

const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 300;
const NAME = "merchant.test";
const certificate = trustedCertificate(NAME, "127.0.0.1");
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Proxy {
  readonly url: string;
  /** What it was asked for, in order. */
  readonly asked: string[];
  /** Bytes that it passed on, as it can read them. */
  readonly seen: string[];
  readonly open: Set<Socket>;
}

type Answer = (request: IncomingMessage, socket: Socket, passOn: () => void) => void;

/** @param answer passes on by default */
async function proxyThat(answer: Answer = (_request, _socket, passOn) => passOn(), isTls = false): Promise<Proxy> {
  const asked: string[] = [];
  const seen: string[] = [];
  const server = isTls ? createHttpsServer(certificate) : createServer();
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    asked.push(request.url ?? "");
    socket
      .on("error", () => undefined)
      .on("end", () => socket.end())
      .resume();
    answer(request, socket, () => {
      const [host = "", port = ""] = (request.url ?? "").split(/:(?=\d+$)/);
      const onward = connect(Number(port), host.replace(/^\[|\]$/g, ""), () => {
        socket.write("HTTP/1.1 200 Connection established\r\nvia: a proxy\r\n\r\n");
        socket
          .on("data", (bytes: Buffer) => seen.push(bytes.toString("latin1")))
          .pipe(onward)
          .pipe(socket);
      });
      onward.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
      socket.on("close", () => onward.destroy());
    });
  });
  const { port, open } = await listening(server);
  return { url: `${isTls ? "https" : "http"}://127.0.0.1:${port}`, asked, seen, open };
}

async function listening(server: Server | ReturnType<typeof createTcpServer>) {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, open };
}

/** A merchant over https, of HTTP/2 where it is wanted. */
async function merchant() {
  const bodies: string[] = [];
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    request.on("end", () => response.end(request.httpVersion));
  });
  const { port } = await listening(server);
  return { port, bodies };
}

function caller(proxyUrl: string, port: number, addresses: readonly string[] = ["127.0.0.1"], scheme = "https") {
  const guard = new AddressGuard([`127.0.0.1:${port}`, `127.0.0.8:${port}`]);
  const resolver = { resolve: async () => addresses };
  const dial = proxyDialler(proxyUrl, DEADLINE_MS);
  const opener = guardedConnector(guard, resolver, DEADLINE_MS, Date.now, undefined, dial);
  const transports = transportsOver("undici", opener);
  stops.push(() => transports.close());
  const call = (changes: Partial<Call> = {}) => {
    const made: Call = {
      merchant: { merchantId: "m-1" },
      destination: { origin: `${scheme}://${NAME}:${port}`, path: "/" },
      webhook: { id: "msg_1", body: '{"secret":"of the merchant"}' },
      keys: keysOf(Buffer.alloc(32, 7)),
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
      ...changes,
    };
    return attempt(transports.of(made), made);
  };
  const reach = guardedReach(guard, resolver, dial);
  return { call, isReached: () => reach(endpointOf(`${scheme}://${NAME}:${port}`)) };
}

describe("through an egress proxy", () => {
  it.each<["1.1" | "2", string, boolean]>([
    ["1.1", "1.1", false],
    ["2", "2.0", false],
    ["1.1", "1.1", true],
    ["2", "2.0", true],
  ])("a merchant is called over HTTP/%s within TLS of its own", async (httpVersion, answer, isTls) => {
    const proxy = await proxyThat(undefined, isTls);
    const { port, bodies } = await merchant();
    const { call, isReached } = caller(proxy.url, port);
    expect(await call({ httpVersion })).toEqual({ kind: "delivered", status: 200, answer });
    expect(bodies).toEqual(['{"secret":"of the merchant"}']);
    // The address that was checked, and no name; and nothing of what was sent.
    expect(proxy.asked).toEqual([`127.0.0.1:${port}`]);
    expect(proxy.seen.join("")).not.toContain("secret");
    expect(await isReached()).toBe(true);
    expect(proxy.asked).toHaveLength(2);
  });

  it("a listed merchant is called over plain http", async () => {
    const proxy = await proxyThat();
    const plain = await startMerchant((response) => response.end("plain"));
    stops.push(() => plain.stop());
    expect(await caller(proxy.url, plain.port, undefined, "http").call()).toMatchObject({ answer: "plain" });
    expect(plain.deliveries).toHaveLength(1);
  });

  it("no way is asked for to an address that may not be called", async () => {
    const proxy = await proxyThat();
    const { call, isReached } = caller(proxy.url, 443, ["10.0.0.1", "169.254.169.254", "::1"]);
    expect(await call()).toMatchObject({ kind: "failed", class: "refused" });
    expect(await isReached()).toBe(false);
    expect(proxy.asked).toEqual([]);
  });

  it("the next address is tried where one has nobody", async () => {
    const proxy = await proxyThat();
    const { port } = await merchant();
    const { call } = caller(proxy.url, port, ["127.0.0.8", "127.0.0.1"]);
    expect(await call()).toMatchObject({ kind: "delivered" });
    expect(proxy.asked).toEqual([`127.0.0.8:${port}`, `127.0.0.1:${port}`]);
  });

  it.each([403, 502, 504])("a merchant to whom it opens no way has failed: %i", async (status) => {
    const proxy = await proxyThat((_, socket) => void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
    const outcome = await caller(proxy.url, 443, ["192.0.2.1", "8.8.8.8"]).call();
    const error = `the egress proxy answered ${status} for 8.8.8.8:443`;
    expect(outcome).toEqual({ kind: "failed", class: "connection", error });
  });

  it.each<[string, Answer, string]>([
    ["wants credentials", (_, socket) => void socket.end("HTTP/1.1 407 No\r\n\r\n"), "wants credentials (407)"],
    ["is closed", (_, socket) => void socket.end(), "closed the connection before it answered"],
    ["is reset", (_, socket) => void socket.resetAndDestroy(), "cannot be used (ECONNRESET)"],
    ["speaks something else", (_, socket) => void socket.write("SSH-2.0\r\n\r\n"), "does not answer as HTTP"],
    ["never ends its head", (_, socket) => void socket.write("HTTP/1.1 200 " + "y".repeat(20_000)), "too large a head"],
  ])("a proxy that %s is our own fault", async (_, answer, said) => {
    const proxy = await proxyThat(answer);
    const { call, isReached } = caller(proxy.url, 443, ["8.8.8.8"]);
    const error = expect.stringContaining(said);
    expect(await call()).toEqual({ kind: "failed", class: "connection", error, proxyFault: true });
    expect(await isReached()).toBe(false);
    await until(() => proxy.open.size === 0);
  });

  it("a proxy where nobody listens is our own fault", async () => {
    const { port } = await listening(createTcpServer());
    for (const stop of stops.splice(0)) stop();
    const outcome = await caller(`http://127.0.0.1:${port}`, 443, ["8.8.8.8"]).call();
    const error = expect.stringContaining("cannot be used (ECONNREFUSED)");
    expect(outcome).toEqual({ kind: "failed", class: "connection", error, proxyFault: true });
  });

  it("a proxy that is silent costs the time of the call, and its connection is closed", async () => {
    const proxy = await proxyThat(() => undefined);
    const { call } = caller(proxy.url, 443, ["8.8.8.8"]);
    expect(await call({ deadlineMs: SHORT_DEADLINE_MS })).toMatchObject({ kind: "failed", class: "timeout" });
    await until(() => proxy.open.size === 0);
  });
});
