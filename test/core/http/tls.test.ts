/**
 * TLS, whose bytes are read into the shared buffer too. The certificates are this file's own, and trusted by this
 * process while it runs.
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server, type TLSSocket, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, it } from "@jest/globals";
import { dialler, endpointOf } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { selfSignedFor } from "../../../tools/chaos/run/certificate.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { trustedCertificate } from "../../support/trusted-certificate.ts";
import { settle, until } from "../../support/until.ts";
import { ask } from "./asked.ts";

const TIMEOUT_MS = 20_000;
const NAME = "merchant.test";
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const trusted = trustedCertificate(NAME, "127.0.0.1");
const elsewhere = trustedCertificate("127.0.0.9");
const servers: Server[] = [];
const raw = new Set<Socket>();
const open: ConnectionPools[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
  for (const server of servers.splice(0)) server.close();
  for (const socket of raw) socket.destroy();
});

async function serverThat(respond: (socket: TLSSocket, tcp: Socket) => void, options: TlsOptions = {}) {
  const accepted: TLSSocket[] = [];
  const reused: boolean[] = [];
  const received: Buffer[] = [];
  const tcps: Socket[] = [];
  const server = createServer({ ...trusted, ...options }, (socket) => {
    accepted.push(socket);
    reused.push(socket.isSessionReused());
    const tcp = tcps[accepted.length - 1] as Socket;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received.push(bytes);
      if (bytes.toString("latin1").endsWith("}")) respond(socket, tcp);
    });
  });
  server.on("connection", (socket: Socket) => {
    raw.add(socket);
    tcps.push(socket);
    socket.on("close", () => raw.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return { port: (server.address() as AddressInfo).port, accepted, reused, received };
}

/** All names are this machine. */
function pools(keepAliveMs = 4000, now?: () => number): ConnectionPools {
  const dial = dialler(TIMEOUT_MS, now);
  const made = new ConnectionPools({
    connect: (to, ...hears) => dial(to, "127.0.0.1", ...hears),
    maxPools: 10,
    keepAliveMs,
  });
  open.push(made);
  return made;
}

const body = (length: number, seed: number): string =>
  Buffer.from(Array.from({ length }, (_, index) => (seed * 31 + index * 7) % 251)).toString("latin1");

describe("over TLS", () => {
  it.each([NAME, "127.0.0.1"])("a response is read, and its connection used again: https://%s", async (host) => {
    const { port, accepted } = await serverThat((socket) => socket.write(OK));
    const to = pools();
    for (let nth = 0; nth < 3; nth += 1) {
      expect(await ask(to, `https://${host}:${port}`)).toMatchObject({ status: 200, body: "ok" });
      await settle();
    }
    expect(accepted).toHaveLength(1);
  });

  it("a response larger than the shared buffer is whole, byte by byte", async () => {
    const sent = body(300_000, 5);
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${sent.length}\r\n\r\n`;
    const { port } = await serverThat((socket) => socket.write(Buffer.from(head + sent, "latin1")));
    const asked = await ask(pools(), `https://${NAME}:${port}`);
    expect([asked.error, asked.body === sent]).toEqual([undefined, true]);
  });

  it("no response sees the bytes of another, on a hundred connections at once", async () => {
    let nth = 0;
    const { port } = await serverThat((socket) => {
      const own = (nth += 1);
      const sent = body(20_000 + own * 97, own);
      const bytes = Buffer.from(
        `HTTP/1.1 200 OK\r\nx-nth: ${own}\r\ncontent-length: ${sent.length}\r\n\r\n${sent}`,
        "latin1",
      );
      const write = (at: number): void => {
        socket.write(bytes.subarray(at, at + 1000 + own));
        if (at + 1000 + own < bytes.length) setImmediate(write, at + 1000 + own);
      };
      write(0);
    });
    const to = pools();
    const all = await Promise.all(Array.from({ length: 100 }, () => ask(to, `https://${NAME}:${port}`)));
    for (const { headers, body: got, error } of all) {
      const which = Number(headers?.["x-nth"]);
      expect([error, got === body(20_000 + which * 97, which)]).toEqual([undefined, true]);
    }
    expect(new Set(all.map(({ headers }) => headers?.["x-nth"])).size).toBe(100);
  });

  it("the origin's name is asked for, HTTP/1.1 alone is offered, and an address is not sent as a name", async () => {
    const { port, accepted } = await serverThat((socket) => socket.write(OK), { ALPNProtocols: ["h2", "http/1.1"] });
    const to = pools();
    await ask(to, `https://${NAME}:${port}`);
    await ask(to, `https://127.0.0.1:${port}`);
    expect(accepted.map(({ servername, alpnProtocol }) => [servername, alpnProtocol])).toEqual([
      [NAME, "http/1.1"],
      [false, "http/1.1"],
    ]);
  });

  it.each<[string, TlsOptions, string, string]>([
    ["for another name", {}, "other.test", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["for another address", elsewhere, "127.0.0.1", "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["of nobody who is trusted", selfSignedFor(NAME), NAME, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  ])("a certificate %s is refused before anything is sent", async (_, options, host, code) => {
    const { port, received } = await serverThat(() => undefined, options);
    const to = pools();
    expect(await ask(to, `https://${host}:${port}`)).toMatchObject({ error: { code } });
    // Nor is it taken for good the next time, by a session that was begun meanwhile.
    expect(await ask(to, `https://${host}:${port}`)).toMatchObject({ error: { code } });
    expect([received, to.size]).toEqual([[], 0]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a session of %s is taken up again by the next connection",
    async (version) => {
      const { port, accepted, reused } = await serverThat((socket) => socket.write(OK), {
        minVersion: version,
        maxVersion: version,
      });
      const to = pools();
      const [one, two] = [ask(to, `https://${NAME}:${port}`), ask(to, `https://${NAME}:${port}`)];
      await Promise.all([one, two]);
      for (const socket of accepted) socket.destroy();
      await settle(20);
      await until(() => to.size === 0);
      expect(await ask(to, `https://${NAME}:${port}`)).toMatchObject({ status: 200 });
      expect(reused).toEqual([false, false, true]);
    },
  );

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "a session of %s is taken up for as long as the certificate is good, and not after that, however often it was",
    async (version) => {
      const { port, accepted, reused } = await serverThat((socket) => socket.write(OK), {
        minVersion: version,
        maxVersion: version,
      });
      let now = Date.now();
      const to = pools(4000, () => now);
      const connectAnew = async () => {
        expect(await ask(to, `https://${NAME}:${port}`)).toMatchObject({ status: 200 });
        for (const socket of accepted) socket.destroy();
        await settle(20);
        await until(() => to.size === 0);
      };
      await connectAnew();
      await connectAnew();
      await connectAnew();
      // Its certificate is good for a year.
      now += 366 * 24 * 3_600_000;
      await connectAnew();
      await connectAnew();
      expect(reused).toEqual([false, true, true, false, false]);
    },
  );

  it("the dot of the root is neither asked for nor looked for in the certificate", async () => {
    const { port, accepted } = await serverThat((socket) => socket.write(OK));
    expect(await ask(pools(), `https://${NAME}.:${port}`)).toMatchObject({ status: 200 });
    expect(accepted[0]?.servername).toBe(NAME);
  });

  it("a host that refuses the connection costs no session, nor does one that is given up", async () => {
    const { port, reused, accepted } = await serverThat((socket) => socket.write(OK));
    const dial = dialler(TIMEOUT_MS);
    const to = new ConnectionPools({ connect: (where, ...hears) => dial(where, "127.0.0.1", ...hears), maxPools: 10 });
    open.push(to);
    await ask(to, `https://${NAME}:${port}`);
    await settle(20);
    for (const socket of accepted) socket.destroy();
    await until(() => to.size === 0);
    const endpoint = endpointOf(`https://${NAME}:${port}`);
    // Nobody listens there.
    const refused = new Promise((resolve) =>
      dial(
        endpoint,
        "127.0.0.9",
        () => neverCalled("receive")(),
        (error) => resolve((error as { code?: string }).code),
      ),
    );
    expect(await refused).toBe("ECONNREFUSED");
    dial(
      endpoint,
      "127.0.0.1",
      () => neverCalled("receive")(),
      () => neverCalled("dialled")(),
    )();
    expect(await ask(to, `https://${NAME}:${port}`)).toMatchObject({ status: 200 });
    expect(reused.at(-1)).toBe(true);
  });

  it("a session of one name is not taken up for another", async () => {
    const { port, reused } = await serverThat((socket) => socket.write(OK));
    const to = pools();
    await ask(to, `https://${NAME}:${port}`);
    await settle(20);
    expect(await ask(to, `https://other.test:${port}`)).toMatchObject({
      error: { code: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    expect(reused).not.toContain(true);
  });

  it.each([
    ["within a length", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", false],
    ["within a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok", false],
    ["after a whole answer", OK, true],
  ])(
    "a connection cut without a word (no close_notify) %s: whether it is whole is told by its length",
    async (_, text, isWhole) => {
      const { port } = await serverThat((socket, tcp) => socket.write(text, () => tcp.end()));
      const asked = await ask(pools(), `https://${NAME}:${port}`);
      expect(asked.error === undefined).toBe(isWhole);
    },
  );

  it("a server that ends with an alert within the handshake is a failed connection", async () => {
    const { port } = await serverThat(() => undefined, { minVersion: "TLSv1.3", ciphers: "TLS_AES_128_CCM_SHA256" });
    expect((await ask(pools(), `https://${NAME}:${port}`)).error?.code).toMatch(/^ERR_SSL_|^ECONNRESET$/);
  });
});
