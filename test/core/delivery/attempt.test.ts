import type { Socket } from "node:net";
import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { secretText } from "../../../core/signing/signature.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt, type Call } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import type { Connect } from "../../../core/http/dial.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { keysOf } from "../../support/keys.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../../support/merchant-server.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { settle, until } from "../../support/until.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

/** Long enough for a loaded machine to answer, and for nothing in these tests to be near it. */
const DEADLINE_MS = 20_000;
/** For merchants that never finish: the attempt ends by it and by nothing else. */
/** Within which a merchant has time to begin its response. */
const SHORT_DEADLINE_MS = patienceMs(150);
const SECRET = Buffer.alloc(32, 7);
const stops: (() => Promise<void>)[] = [];
let over: TransportName;
/** undici tells nothing of a head that does not come whole, not even its status. */
const HALF_HEADS = new Set([
  "is closed within the headers",
  "carries a header that is none",
  "carries headers without end",
]);

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function to(merchant: MerchantServer | Promise<MerchantServer>, changes: Partial<Call> = {}) {
  const started = await merchant;
  const { port, origin } = started;
  const guard = new AddressGuard([`127.0.0.1:${port}`]);
  const connect = guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now);
  const transports = transportsOver(over, connect);
  stops.push(
    async () => transports.close(),
    () => started.stop(),
  );
  const call: Call = {
    merchant: { merchantId: "m-1" },
    destination: { origin, path: "/confirmations?of=m-1" },
    webhook: { id: "msg_1", body: '{"amount":"12.50 €"}' },
    keys: keysOf(SECRET),
    deadlineMs: DEADLINE_MS,
    now: Date.now(),
    ...changes,
  };
  return { call: () => attempt(transports.of(call), call) };
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("an attempt", () => {
    it("posts the very bytes that it signed, with the headers of Standard Webhooks", async () => {
      const merchant = await startMerchant((response) => response.end());
      const { call } = await to(merchant);
      await call();
      const [delivery] = merchant.deliveries;
      expect(delivery).toMatchObject({ method: "POST", url: "/confirmations?of=m-1", body: '{"amount":"12.50 €"}' });
      expect(delivery?.headers).toMatchObject({
        "content-type": "application/json",
        "content-length": "22",
        "accept-encoding": "identity",
        "webhook-id": "msg_1",
      });
      const verified = new Webhook(secretText(SECRET)).verify(
        delivery?.body ?? "",
        delivery?.headers as Record<string, string>,
      );
      expect(verified).toEqual({ amount: "12.50 €" });
      expect(delivery?.headers["webhook-signature"]).toMatch(/^v1,[\w+/]{43}= v1a,[\w+/]{86}==$/);
    });

    it("hands on the trace that it belongs to, and sends no traceparent where there is none", async () => {
      const merchant = await startMerchant((response) => response.end());
      const traceparent = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
      for (const changes of [{ traceparent }, {}]) await (await to(merchant, changes)).call();
      expect(merchant.deliveries.map(({ headers }) => headers["traceparent"])).toEqual([traceparent, undefined]);
    });

    it("sends a merchant's own headers behind those of the webhook", async () => {
      const merchant = await startMerchant((response) => response.end());
      await (await to(merchant, { headerLines: "x-tenant: one\r\nauthorization: Bearer of-ours\r\n" })).call();
      const headers = { "webhook-id": "msg_1", "x-tenant": "one", authorization: "Bearer of-ours" };
      expect(merchant.deliveries[0]?.headers).toMatchObject(headers);
    });

    it.each([200, 201, 202, 204, 299])("is delivered by %i", async (status) => {
      const { call } = await to(startMerchant((response) => response.writeHead(status).end()));
      expect(await call()).toEqual({ kind: "delivered", status });
    });

    it.each([
      [400, "status_4xx"],
      [401, "status_4xx"],
      [404, "status_4xx"],
      [408, "status_408"],
      [429, "status_429"],
      [500, "status_5xx"],
      [503, "status_5xx"],
      [599, "status_5xx"],
    ])("fails by %i as %s", async (status, failureClass) => {
      const { call } = await to(startMerchant((response) => response.writeHead(status).end("no")));
      const error = `the endpoint answered ${status}`;
      expect(await call()).toEqual({ kind: "failed", class: failureClass, status, error, answer: "no" });
    });

    // Convoy and Outpost follow redirects: a GET without a body elsewhere then counts as delivered.
    it.each([300, 301, 302, 303, 305, 307, 308, 399])(
      "fails by %i, and never calls where it points to",
      async (status) => {
        const target = await startMerchant((response) => response.end());
        stops.push(() => target.stop());
        const merchant = await startMerchant((response) =>
          response.writeHead(status, { location: `${target.origin}/elsewhere` }).end(),
        );
        const { call } = await to(merchant);
        expect(await call()).toMatchObject({ kind: "failed", class: "redirect", status });
        expect(merchant.deliveries).toHaveLength(1);
        expect(target.opened).toHaveLength(0);
      },
    );

    it("fails by 304, which is no redirect: it answers no POST", async () => {
      const { call } = await to(startMerchant((response) => response.writeHead(304).end()));
      const error = "the endpoint answered 304, which is no answer to a POST";
      expect(await call()).toEqual({ kind: "failed", class: "status_4xx", status: 304, error });
    });

    it("fails when the connection is refused", async () => {
      const merchant = await startMerchant((response) => response.end());
      const { call } = await to({ ...merchant, stop: async () => undefined });
      await merchant.stop();
      expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
    });

    it.each<[string, Parameters<typeof startRawMerchant>[0], number | undefined]>([
      ["is reset before the answer", (socket) => void socket.on("data", () => socket.resetAndDestroy()), undefined],
      [
        "is reset within the answer",
        (socket) =>
          void socket.on("data", () => {
            socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", () => resetLater(socket));
          }),
        200,
      ],
      [
        "is closed within the answer",
        (socket) =>
          void socket.on("data", () => {
            socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
          }),
        200,
      ],
      [
        "is closed within the headers",
        (socket) => void socket.on("data", () => socket.end("HTTP/1.1 201 Created\r\ncontent-le")),
        201,
      ],
      [
        "carries a header that is none",
        (socket) => void socket.on("data", () => socket.end("HTTP/1.1 202 Accepted\r\nno colon\r\n\r\n")),
        202,
      ],
      [
        "carries a chunk that is none",
        (socket) =>
          void socket.on("data", () => socket.end("HTTP/1.1 203 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n")),
        203,
      ],
      ["carries no HTTP", (socket) => void socket.on("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")), undefined],
      [
        "carries headers without end",
        (socket) =>
          void socket.on("data", () => {
            socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}`);
          }),
        200,
      ],
    ])("fails when the connection %s, with the status if that came", async (what, talk, status) => {
      const { call } = await to(startRawMerchant(talk));
      const outcome = await call();
      expect(outcome).toMatchObject({ kind: "failed", class: "connection", error: expect.stringMatching(/./) });
      expect(outcome.status).toBe(over === "undici" && HALF_HEADS.has(what) ? undefined : status);
    });
  });

  describe("what a merchant asks for in its response", () => {
    it("is read from the headers of a failure", async () => {
      const headers = { "Retry-After": "120", "Webhook-Delivery": "abort-message" };
      const { call } = await to(startMerchant((response) => response.writeHead(503, headers).end()));
      expect(await call()).toEqual({
        kind: "failed",
        class: "status_5xx",
        status: 503,
        error: "the endpoint answered 503",
        retryAfterSeconds: 120,
        abortsMessage: true,
      });
    });

    it("is read as a date by the clock of the merchant", async () => {
      const at = Date.UTC(2001, 0, 1);
      const headers = { date: new Date(at).toUTCString(), "retry-after": new Date(at + 90_000).toUTCString() };
      const { call } = await to(startMerchant((response) => response.writeHead(429, headers).end()));
      expect(await call()).toMatchObject({ class: "status_429", retryAfterSeconds: 90 });
    });

    it("is heard on a delivery only where its URL is to be disabled", async () => {
      const headers = { "webhook-delivery": "disable, abort-message", "retry-after": "5" };
      const { call } = await to(startMerchant((response) => response.writeHead(200, headers).end()));
      expect(await call()).toEqual({ kind: "delivered", status: 200, disablesUrl: true });
    });

    it("is heard though the body of the failure never ends", async () => {
      const head = "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 100\r\n\r\nso bu";
      const { call } = await to(
        startRawMerchant((socket) => void socket.on("data", () => socket.write(head))),
        { deadlineMs: SHORT_DEADLINE_MS },
      );
      expect(await call()).toMatchObject({ class: "status_5xx", status: 503, retryAfterSeconds: 7, answer: "so" });
    });

    it("is heard though the connection breaks within the body of the failure", async () => {
      const head = "HTTP/1.1 404 No\r\ncontent-length: 100\r\n\r\n";
      const { call } = await to(
        startRawMerchant((socket) => void socket.on("data", () => socket.write(head, () => socket.resetAndDestroy()))),
      );
      expect(await call()).toMatchObject({ class: "status_4xx", status: 404 });
    });
  });

  describe("a connection that fails", () => {
    it("says so in words, with the code of the system", async () => {
      const merchant = await startMerchant((response) => response.end());
      const { call } = await to({ ...merchant, stop: async () => undefined });
      await merchant.stop();
      expect(await call()).toMatchObject({ error: "the connection was refused: nothing listens there (ECONNREFUSED)" });
    });

    it("asks whether it is http, where the port does not speak TLS", async () => {
      const merchant = await startMerchant((response) => response.end());
      const destination = { origin: merchant.origin.replace("http:", "https:"), path: "/" };
      const { call } = await to(merchant, { destination });
      expect(await call()).toMatchObject({
        kind: "failed",
        class: "connection",
        error: expect.stringMatching(/^the port answered, but not with TLS: is it http\? \(\w+\)$/),
      });
    });

    it("says what is no HTTP", async () => {
      const { call } = await to(
        startRawMerchant((socket) => void socket.on("data", () => socket.end("SSH-2.0-x\r\n"))),
      );
      expect(await call()).toMatchObject({ error: expect.stringMatching(/^the answer is not HTTP: ./) });
    });
  });

  const WAITING = "the request was sent, and nothing of an answer came";
  const IN_HEAD = "an answer began, and its headers did not end";
  const IN_BODY = "the headers of an answer came, and its body did not end";

  describe("the deadline of an attempt", () => {
    it("tells a request that the merchant does not read from one that it does not answer", async () => {
      const { call } = await to(
        startRawMerchant((socket) => void socket.pause()),
        { webhook: { id: "msg_1", body: JSON.stringify("x".repeat(20_000_000)) }, deadlineMs: SHORT_DEADLINE_MS },
      );
      expect(await call()).toMatchObject({
        error: expect.stringMatching(/: the request could not be sent to its end$/),
      });
    });

    it.each<[string, Parameters<typeof startRawMerchant>[0], object, string]>([
      ["before the headers", (socket) => void socket.resume(), {}, WAITING],
      [
        "within the status",
        (socket) => void socket.on("data", () => socket.write("HTTP/1.1 20")),
        { isReached: true },
        IN_HEAD,
      ],
      [
        "after an interim answer",
        (socket) => void socket.on("data", () => socket.write("HTTP/1.1 102 Processing\r\n\r\n")),
        { isReached: true },
        IN_HEAD,
      ],
      [
        "within the headers",
        (socket) => void socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nx")),
        { status: 200 },
        IN_HEAD,
      ],
      [
        "within the body",
        (socket) =>
          void socket.on("data", () => {
            socket.write("HTTP/1.1 201 OK\r\ncontent-length: 10\r\n\r\nhalf");
          }),
        { status: 201 },
        IN_BODY,
      ],
      [
        // Svix's deadline ends with the headers; its body may drip for ever.
        "dripping its body",
        (socket) => {
          socket.once("data", () => {
            socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
            const drip = setInterval(() => socket.write("."), 5);
            socket.on("close", () => clearInterval(drip));
          });
        },
        { status: 200 },
        IN_BODY,
      ],
    ])("ends one whose merchant hangs %s, and gives its connection up", async (where, talk, reached, phase) => {
      const merchant = await startRawMerchant(talk);
      const { call } = await to(merchant, { deadlineMs: SHORT_DEADLINE_MS });
      expect(await call()).toEqual({
        kind: "failed",
        class: "timeout",
        error: `no complete answer within ${SHORT_DEADLINE_MS} ms: ${phase}`,
        ...(over === "undici" && where === "within the headers" ? { isReached: true } : reached),
      });
      await until(() => merchant.open.size === 0);
    });

    it.each<[string, Connect]>([
      [
        "its name to resolve",
        guardedConnector(new AddressGuard([]), { resolve: () => new Promise(() => undefined) }, DEADLINE_MS, Date.now),
      ],
      ["its connection to open", () => () => undefined],
    ])("ends one that waits for %s", async (_, connect) => {
      const transports = transportsOver(over, connect);
      stops.push(async () => transports.close());
      const destination = { origin: "https://dead.example", path: "/" };
      const webhook = { id: "msg_1", body: "{}" };
      const outcome = await attempt(transports.of({}), {
        merchant: { merchantId: "m-1" },
        destination,
        webhook,
        keys: keysOf(SECRET),
        deadlineMs: SHORT_DEADLINE_MS,
        now: 0,
      });
      expect(outcome).toMatchObject({ kind: "failed", class: "timeout" });
    });

    it("that passed before the connection was open keeps the request from being sent at all", async () => {
      const merchant = await startMerchant((response) => response.end());
      const guard = new AddressGuard([`127.0.0.1:${merchant.port}`]);
      const name = Promise.withResolvers<string[]>();
      const connect = guardedConnector(guard, { resolve: () => name.promise }, DEADLINE_MS, Date.now);
      const transports = transportsOver(over, connect);
      stops.push(
        async () => transports.close(),
        () => merchant.stop(),
      );
      const destination = { origin: `http://m-1.localhost:${merchant.port}`, path: "/" };
      const webhook = { id: "msg_1", body: "{}" };
      const merchantOf = { merchantId: "m-1" };
      const late = {
        merchant: merchantOf,
        destination,
        webhook,
        keys: keysOf(SECRET),
        deadlineMs: SHORT_DEADLINE_MS,
        now: 0,
      };
      expect(await attempt(transports.of({}), late)).toMatchObject({ kind: "failed", class: "timeout" });
      name.resolve(["127.0.0.1"]);
      expect(
        await attempt(transports.of({}), { ...late, webhook: { id: "msg_2", body: "{}" }, deadlineMs: DEADLINE_MS }),
      ).toMatchObject({ kind: "delivered" });
      await settle(20);
      expect(merchant.deliveries.map(({ headers }) => headers["webhook-id"])).toEqual(["msg_2"]);
    });

    it("leaves no timer behind once the response is there", async () => {
      const { call } = await to(startMerchant((response) => response.end()));
      const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
      await call();
      const after = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
      expect(after).toBeLessThanOrEqual(before + 1);
    });
  });

  describe("the response's body", () => {
    it("is read to a bound and no further; its status counts", async () => {
      let sent = 0;
      const merchant = await startMerchant((response) => {
        const chunk = Buffer.alloc(65_536);
        const write = (): void => {
          if (response.destroyed) return;
          sent += chunk.length;
          if (response.write(chunk)) setImmediate(write);
          else response.once("drain", write);
        };
        write();
      });
      const { call } = await to(merchant);
      expect(await call()).toMatchObject({ kind: "delivered", status: 200 });
      await until(() => merchant.open.size === 0);
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    });

    it.each([200, 500])(
      "counts as it comes over the wire, chunks' sizes too, and the status of it counts: %i",
      async (status) => {
        let sent = 0;
        const merchant = await startRawMerchant((socket) => {
          socket.once("data", () => {
            socket.write(`HTTP/1.1 ${status} X\r\ntransfer-encoding: chunked\r\n\r\n`);
            const piece = `${"0".repeat(1000)}1\r\nx\r\n`.repeat(10);
            const write = (): void => {
              if (socket.destroyed) return;
              sent += piece.length;
              if (socket.write(piece)) setImmediate(write);
              else socket.once("drain", write);
            };
            write();
          });
        });
        const { call } = await to(merchant);
        expect(await call()).toMatchObject(status === 200 ? { kind: "delivered", status } : { kind: "failed", status });
        await until(() => merchant.open.size === 0);
        expect(sent).toBeLessThan(64 * 1024 * 1024);
      },
    );

    // Convoy's bound counts before decompression.
    it("is never decompressed, so a bomb is only the bytes that came", async () => {
      const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
      expect(bomb.length).toBeLessThan(65_536);
      const answer = { "content-encoding": "gzip", "content-length": String(bomb.length) };
      const { call } = await to(startMerchant((response) => response.writeHead(500, answer).end(bomb)));
      expect(await call()).toMatchObject({ status: 500, answer: `[${bomb.length} bytes that are not text]` });
    });

    it("that does not end is cut at its bound for a failure too", async () => {
      const merchant = await startRawMerchant((socket) => {
        socket.once("data", () => {
          socket.write("HTTP/1.1 500 No\r\ncontent-length: 1000000000\r\n\r\n");
          const more = setInterval(() => socket.write("so wrong ".repeat(1000)), 1);
          socket.on("close", () => clearInterval(more));
        });
      });
      const { call } = await to(merchant);
      expect(await call()).toMatchObject({ status: 500, answer: expect.stringMatching(/^so wrong (so wrong )+so/) });
      await until(() => merchant.open.size === 0);
    });

    it("is kept in its first kilobyte for a failure, without what must not be kept", async () => {
      const body = `{"card":"4111 1111 1111 1111","mail":"jane@mail.example"} ${"blank ".repeat(500)}`;
      const { call } = await to(startMerchant((response) => response.writeHead(422).end(body)));
      const { answer: response = "" } = await call();
      expect(response).toMatch(/^\{"card":"\[card number\]","mail":"\[e-mail\]"\} (blank )+blank$/);
      expect(response.length).toBeLessThanOrEqual(1024);
    });

    it("is kept in its first few words for a delivery, enough to know a maintenance page from a merchant", async () => {
      const page = `<html><title>Down for maintenance</title>${"<p>soon</p>".repeat(500)}`;
      const { call } = await to(startMerchant((response) => response.end(page)));
      const { answer: response = "" } = await call();
      expect(response).toContain("Down for maintenance");
      expect(response.length).toBeLessThanOrEqual(128);
    });
  });

  describe("connections", () => {
    it("are used again, one call after the other", async () => {
      const merchant = await startMerchant((response) => response.end("thanks"));
      const { call } = await to(merchant);
      for (let index = 0; index < 20; index += 1) await call();
      expect(merchant.deliveries).toHaveLength(20);
      // Each call comes in the very turn in which the one before ends, when its connection rests still.
      expect(merchant.opened.length).toBeLessThanOrEqual(2);
    });

    it("carry one call at a time, so that a slow response holds up no other", async () => {
      const waiting: (() => void)[] = [];
      const merchant = await startMerchant((response) => void waiting.push(() => response.end()));
      const { call } = await to(merchant);
      const calls = [call(), call(), call()];
      await until(() => waiting.length === 3);
      expect(merchant.opened).toHaveLength(3);
      for (const end of waiting) end();
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 3 }, () => ({ kind: "delivered", status: 200 })));
    });
  });

  /** What was written is read by then: a reset takes what was not. */
  function resetLater(socket: Socket): void {
    setImmediate(() => setImmediate(() => setImmediate(() => socket.resetAndDestroy())));
  }
});
