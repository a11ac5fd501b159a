/** Over HTTP/2, against the server of Node: what is shared, what ends alone, and what may go out again. */
import { once } from "node:events";
import {
  createSecureServer,
  type Http2SecureServer,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { attempt, type Call, type Resends } from "../../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import type { ConnectionPoolsBounds } from "../../../../core/http/connection-pools.ts";
import { keysOf } from "../../../support/keys.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { trustedCertificate } from "../../../support/trusted-certificate.ts";
import { settle, until } from "../../../support/until.ts";
import { transportsOver } from "../../delivery/over-transports.ts";

const DEADLINE_MS = 20_000;
const SHORT_DEADLINE_MS = 300;
const NAME = "merchant.test";
const REFUSED_STREAM = 7;
const INTERNAL_ERROR = 2;
const certificate = trustedCertificate(NAME);
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Received {
  readonly connection: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** @param respond to the stream, the number of its connection from 1, and of the request from 1 */
async function merchant(
  respond: (stream: ServerHttp2Stream, connection: number, request: number) => void,
  options: SecureServerOptions = {},
) {
  const received: Received[] = [];
  const sockets: Socket[] = [];
  const sessions: unknown[] = [];
  const server: Http2SecureServer = createSecureServer({ ...certificate, ...options });
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => undefined);
  });
  server.on("stream", (stream, headers) => {
    const connection = sessions.indexOf(stream.session) + 1;
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      received.push({ connection, headers, body: Buffer.concat(chunks).toString() });
      respond(stream, connection, received.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, received, sockets, origin: `https://${NAME}:${port}` };
}

function caller(port: number, origin: string, bounds: Partial<ConnectionPoolsBounds> = {}) {
  let opened = 0;
  const guard = new AddressGuard([`127.0.0.1:${port}`]);
  const resolver = { resolve: async () => ["127.0.0.1"] };
  const connect = guardedConnector(guard, resolver, DEADLINE_MS, Date.now, () => (opened += 1));
  const transports = transportsOver("undici", connect, bounds);
  stops.push(() => transports.close());
  const call = (changes: Partial<Call> = {}, resends?: Resends) => {
    const made: Call = {
      merchant: { merchantId: "m-1" },
      destination: { origin, path: "/in?of=m-1" },
      webhook: { id: "msg_1", body: '{"amount":"12.50 €"}' },
      keys: keysOf(Buffer.alloc(32, 7)),
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
      ...changes,
    };
    return attempt(transports.of(made), made, resends);
  };
  return { call, transports, opened: () => opened };
}

const ok = (stream: ServerHttp2Stream) => {
  stream.respond({ ":status": 200 });
  stream.end("ok");
};
const DELIVERED = { kind: "delivered", status: 200, answer: "ok" };

describe("a merchant that offers HTTP/2", () => {
  it("gets the webhook as over HTTP/1.1: the very bytes, signed, with the same headers", async () => {
    const { port, origin, received } = await merchant(ok);
    const { call } = caller(port, origin);
    expect(await call({ headerLines: "x-tenant: one\r\n" })).toEqual(DELIVERED);
    expect(received[0]).toMatchObject({
      body: '{"amount":"12.50 €"}',
      headers: {
        ":method": "POST",
        ":path": "/in?of=m-1",
        ":authority": `${NAME}:${port}`,
        "content-type": "application/json",
        "content-length": "22",
        "accept-encoding": "identity",
        "webhook-id": "msg_1",
        "webhook-signature": expect.stringMatching(/^v1,/),
        "x-tenant": "one",
      },
    });
    expect(received[0]?.headers).not.toHaveProperty("connection");
  });

  it("gets a hundred at once on one connection, from the first on", async () => {
    const streams: ServerHttp2Stream[] = [];
    const { port, origin, received } = await merchant((stream, _, request) => {
      streams.push(stream);
      if (request >= 100) streams.splice(0).forEach(ok);
    });
    const { call, opened } = caller(port, origin);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => call()));
    expect(outcomes).toEqual(outcomes.map(() => DELIVERED));
    expect([received.length, opened()]).toEqual([100, 1]);
    await settle();
    expect(await Promise.all([call(), call()])).toEqual([DELIVERED, DELIVERED]);
    expect(opened()).toBe(1);
  });

  it("is asked for HTTP/1.1 alone where that is wanted, and says so itself when it has none", async () => {
    const { port, origin, received } = await merchant(ok);
    const { call } = caller(port, origin);
    const error = expect.stringContaining("no_application_protocol");
    expect(await call({ httpVersion: "1.1" })).toMatchObject({ kind: "failed", class: "connection", error });
    expect(received).toEqual([]);
  });

  it("ends one request alone when its deadline passes; the others on the connection go on", async () => {
    const { port, origin } = await merchant((stream, _, request) => void (request > 1 && ok(stream)));
    const { call, opened } = caller(port, origin);
    const late = call({ deadlineMs: SHORT_DEADLINE_MS });
    const silent = "the request was sent, and nothing of an answer came";
    const error = `no complete answer within ${SHORT_DEADLINE_MS} ms: ${silent}`;
    expect(await call()).toEqual(DELIVERED);
    expect(await late).toEqual({ kind: "failed", class: "timeout", error });
    expect(opened()).toBe(1);
    // Nobody else finds out whether it was dead.
    expect(await call()).toEqual(DELIVERED);
    expect(opened()).toBe(2);
  });

  it("is told apart by status, redirects included", async () => {
    const { port, origin, received } = await merchant((stream, _, request) => {
      stream.respond({ ":status": request === 1 ? 307 : 503, location: "https://127.0.0.1/", "retry-after": "7" });
      stream.end();
    });
    const { call } = caller(port, origin);
    expect(await call()).toMatchObject({ class: "redirect", status: 307 });
    expect(await call()).toMatchObject({ class: "status_5xx", status: 503, retryAfterSeconds: 7 });
    expect(received).toHaveLength(2);
  });

  it("is read to the bounds of head and body, and no further", async () => {
    const { port, origin } = await merchant((stream, _, request) => {
      if (request === 1) {
        stream.respond({
          ":status": 200,
          ...Object.fromEntries(Array.from({ length: 20 }, (__, nth) => [`x-${nth}`, "y".repeat(1000)])),
        });
        stream.end();
        return;
      }
      stream.respond({ ":status": 200 });
      const write = (): void => {
        if (stream.destroyed) return;
        if (stream.write(Buffer.alloc(65_536))) setImmediate(write);
        else stream.once("drain", write);
      };
      write();
    });
    const { call } = caller(port, origin);
    expect(await call()).toMatchObject({ error: "the headers of the answer are too large (HEAD_TOO_LARGE)" });
    expect(await call()).toMatchObject({ kind: "delivered", status: 200 });
  });

  it("is received through interim responses, and what is compressed stays as it came", async () => {
    const { port, origin } = await merchant((stream) => {
      stream.additionalHeaders({ ":status": 103 });
      stream.respond({ ":status": 400, "content-encoding": "gzip" });
      stream.end("not gzip");
    });
    const { call } = caller(port, origin);
    expect(await call()).toMatchObject({ class: "status_4xx", status: 400, answer: "not gzip" });
  });
});

describe("a merchant that offers HTTP/1.1 alone", () => {
  it("is called over that, and each call has a connection of its own", async () => {
    const requests: string[] = [];
    const server = createHttpsServer(certificate, (request, response) => {
      requests.push(request.httpVersion);
      request.resume().on("end", () => void until(() => requests.length >= 5).then(() => response.end("ok")));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    stops.push(() => server.close());
    const { call, opened } = caller(port, `https://${NAME}:${port}`);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => call()));
    expect(outcomes).toEqual(outcomes.map(() => DELIVERED));
    expect([requests, opened()]).toEqual([["1.1", "1.1", "1.1", "1.1", "1.1"], 5]);
    await settle();
    expect(await call()).toEqual(DELIVERED);
    expect(opened()).toBe(5);
  });
});

describe("a request that a server of HTTP/2 ends", () => {
  it("is a failed attempt, with the name of what it said", async () => {
    const { port, origin } = await merchant((stream) => stream.close(INTERNAL_ERROR));
    const { call, opened } = caller(port, origin);
    const error = "the request was reset by the server (INTERNAL_ERROR)";
    expect(await call({}, { mayResend: () => true })).toMatchObject({ kind: "failed", class: "connection", error });
    expect(opened()).toBe(1);
  });

  it("as refused goes out again, uncounted and on another connection; five times is a failed attempt", async () => {
    const { port, origin, received } = await merchant((stream, _, request) =>
      request === 1 || request > 2 ? stream.close(REFUSED_STREAM) : ok(stream),
    );
    const { call } = caller(port, origin);
    const never: Resends = { mayResend: neverCalled("mayResend") };
    expect(await call({}, never)).toEqual(DELIVERED);
    expect(received.map(({ connection }) => connection)).toEqual([1, 2]);
    const refused = { kind: "failed", error: "the request was reset by the server (REFUSED_STREAM)" };
    expect(await call()).toMatchObject(refused);
    expect(received).toHaveLength(2 + 5);
  });

  it("as it goes away goes out again, uncounted and on another connection", async () => {
    const { port, origin, received } = await merchant((stream, _, request) => {
      if (request === 2) stream.session?.goaway(0, 1);
      else ok(stream);
    });
    const { call } = caller(port, origin);
    expect(await call()).toEqual(DELIVERED);
    await settle();
    expect(await call()).toEqual(DELIVERED);
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  it("by breaking the connection fails with it, each of those on it", async () => {
    const { port, origin, received, sockets } = await merchant(() => undefined);
    const { call } = caller(port, origin);
    const calls = [call(), call(), call()];
    await until(() => received.length === 3);
    for (const socket of sockets) socket.resetAndDestroy();
    for (const outcome of await Promise.all(calls))
      expect(outcome).toMatchObject({ kind: "failed", class: "connection" });
  });
});

describe("a connection of HTTP/2", () => {
  it("is not used past its age, and its end is awaited by what is under way", async () => {
    let now = 0;
    const held: ServerHttp2Stream[] = [];
    const { port, origin, received } = await merchant(
      (stream, _, request) => void (request === 1 ? held.push(stream) : ok(stream)),
    );
    const { call, opened } = caller(port, origin, { now: () => now, random: () => 0 });
    const first = call();
    await until(() => received.length === 1);
    now = 60_001;
    expect(await call()).toEqual(DELIVERED);
    expect(opened()).toBe(2);
    held.forEach(ok);
    expect(await first).toEqual(DELIVERED);
  });

  it("is closed when it was idle for long enough, and with its transport", async () => {
    let now = 0;
    const { port, origin, sockets } = await merchant(ok);
    const { call, transports } = caller(port, origin, { now: () => now, keepAliveMs: 40 });
    expect(await call()).toEqual(DELIVERED);
    await settle();
    now = 41;
    await until(() => sockets.every((socket) => socket.destroyed));
    expect(transports.size).toBe(0);
    expect(await call()).toEqual(DELIVERED);
    transports.close();
    await until(() => sockets.every((socket) => socket.destroyed));
    expect(await call()).toMatchObject({ kind: "failed", error: expect.stringContaining("closed") });
  });
});
