import type { buildConnector } from "undici";
import { afterEach, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { secretText } from "../../core/signature.ts";
import { AddressGuard } from "../../delivery/address-guard.ts";
import { attempt, type Call } from "../../delivery/attempt.ts";
import { guardedConnector } from "../../delivery/guarded-connector.ts";
import { Origins } from "../../delivery/origins.ts";
import { keysOf } from "../faults/keys.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../faults/merchant-server.ts";
import { neverCalled } from "../faults/strict-fake.ts";
import { settle, until } from "../faults/until.ts";

/** Long enough for a loaded machine to answer, and for nothing in these tests to be near it. */
const DEADLINE_MS = 20_000;
/** For merchants that never finish: the attempt ends by it and by nothing else. */
const SHORT_DEADLINE_MS = 150;
const SECRET = Buffer.alloc(32, 7);
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function to(merchant: MerchantServer | Promise<MerchantServer>, changes: Partial<Call> = {}) {
  const started = await merchant;
  const { port, origin } = started;
  const guard = new AddressGuard([`127.0.0.1:${port}`]);
  const origins = new Origins(guardedConnector(guard, { resolve: neverCalled("resolve") }, DEADLINE_MS, Date.now), 10);
  stops.push(
    () => origins.close(),
    () => started.stop(),
  );
  const call: Call = {
    destination: { origin, path: "/confirmations?of=m-1" },
    webhook: { id: "msg_1", body: '{"amount":"12.50 €"}' },
    keys: keysOf(SECRET),
    deadlineMs: DEADLINE_MS,
    now: Date.now(),
    ...changes,
  };
  return { call: () => attempt(origins, call), origins };
}

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

  it.each([200, 201, 202, 204, 299])("is delivered by %i", async (status) => {
    const { call } = await to(startMerchant((response) => response.writeHead(status).end()));
    expect(await call()).toEqual({ kind: "delivered", status });
  });

  it.each([400, 401, 404, 410, 429, 500, 503, 599])("fails by %i", async (status) => {
    const { call } = await to(startMerchant((response) => response.writeHead(status).end("no")));
    const error = `the endpoint answered ${status}`;
    expect(await call()).toEqual({ kind: "failed", class: "status", status, error });
  });

  it.each([300, 301, 302, 303, 304, 307, 308])("fails by %i, and never calls where it points to", async (status) => {
    const target = await startMerchant((response) => response.end());
    stops.push(() => target.stop());
    const merchant = await startMerchant((response) =>
      response.writeHead(status, { location: `${target.origin}/elsewhere` }).end(),
    );
    const { call } = await to(merchant);
    expect(await call()).toMatchObject({ kind: "failed", class: "redirect", status });
    expect(merchant.deliveries).toHaveLength(1);
    expect(target.opened).toHaveLength(0);
  });

  it("fails when the connection is refused", async () => {
    const merchant = await startMerchant((response) => response.end());
    const { call } = await to({ ...merchant, stop: async () => undefined });
    await merchant.stop();
    expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
  });

  it.each<[string, Parameters<typeof startRawMerchant>[0]]>([
    ["is reset before the answer", (socket) => void socket.on("data", () => socket.resetAndDestroy())],
    [
      "is reset within the answer",
      (socket) =>
        void socket.on("data", () => {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", () => socket.resetAndDestroy());
        }),
    ],
    [
      "is closed within the answer",
      (socket) =>
        void socket.on("data", () => {
          socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
        }),
    ],
    ["carries no HTTP", (socket) => void socket.on("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"))],
    [
      "carries headers without end",
      (socket) =>
        void socket.on("data", () => {
          socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}`);
        }),
    ],
  ])("fails when the connection %s", async (_, talk) => {
    const { call } = await to(startRawMerchant(talk));
    expect(await call()).toMatchObject({ kind: "failed", class: "connection", error: expect.stringMatching(/./) });
  });
});

describe("the deadline of an attempt", () => {
  it.each<[string, Parameters<typeof startRawMerchant>[0]]>([
    ["before the headers", (socket) => void socket.resume()],
    ["within the headers", (socket) => void socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\nx"))],
    [
      "within the body",
      (socket) =>
        void socket.on("data", () => {
          socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf");
        }),
    ],
    [
      "dripping its body",
      (socket) => {
        socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n"));
        const drip = setInterval(() => socket.write("."), 5);
        socket.on("close", () => clearInterval(drip));
      },
    ],
  ])("ends one whose merchant hangs %s, and gives its connection up", async (_, talk) => {
    const merchant = await startRawMerchant(talk);
    const { call } = await to(merchant, { deadlineMs: SHORT_DEADLINE_MS });
    expect(await call()).toEqual({
      kind: "failed",
      class: "timeout",
      error: `no complete answer within ${SHORT_DEADLINE_MS} ms`,
    });
    await until(() => merchant.open.size === 0);
  });

  it.each<[string, buildConnector.connector]>([
    [
      "its name to resolve",
      guardedConnector(new AddressGuard([]), { resolve: () => new Promise(() => undefined) }, DEADLINE_MS, Date.now),
    ],
    ["its connection to open", () => undefined],
  ])("ends one that waits for %s", async (_, connect) => {
    const origins = new Origins(connect, 10);
    const destination = { origin: "https://dead.example", path: "/" };
    const webhook = { id: "msg_1", body: "{}" };
    const outcome = await attempt(origins, {
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
    const origins = new Origins(guardedConnector(guard, { resolve: () => name.promise }, DEADLINE_MS, Date.now), 10);
    stops.push(
      () => origins.close(),
      () => merchant.stop(),
    );
    const destination = { origin: `http://m-1.localhost:${merchant.port}`, path: "/" };
    const webhook = { id: "msg_1", body: "{}" };
    const late = { destination, webhook, keys: keysOf(SECRET), deadlineMs: SHORT_DEADLINE_MS, now: 0 };
    expect(await attempt(origins, late)).toMatchObject({ kind: "failed", class: "timeout" });
    name.resolve(["127.0.0.1"]);
    expect(
      await attempt(origins, { ...late, webhook: { id: "msg_2", body: "{}" }, deadlineMs: DEADLINE_MS }),
    ).toMatchObject({ kind: "delivered" });
    await settle(20);
    expect(merchant.deliveries.map(({ headers }) => headers["webhook-id"])).toEqual(["msg_2"]);
  });

  it("leaves no timer behind once the answer is there", async () => {
    const { call } = await to(startMerchant((response) => response.end()));
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    await call();
    const after = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    expect(after).toBeLessThanOrEqual(before + 1);
  });
});

describe("the answer's body", () => {
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
    expect(await call()).toEqual({ kind: "delivered", status: 200 });
    await until(() => merchant.open.size === 0);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it("is never decompressed, so a bomb is only bytes", async () => {
    const bomb = Buffer.from("this is not gzip");
    const answer = { "content-encoding": "gzip", "content-length": String(bomb.length) };
    const { call } = await to(startMerchant((response) => response.writeHead(200, answer).end(bomb)));
    expect(await call()).toEqual({ kind: "delivered", status: 200 });
  });
});

describe("connections", () => {
  it("are used again, one call after the other", async () => {
    const merchant = await startMerchant((response) => response.end("thanks"));
    const { call } = await to(merchant);
    for (let index = 0; index < 20; index += 1) await call();
    expect(merchant.deliveries).toHaveLength(20);
    // undici takes a second one when a call comes in the very turn in which the one before ends.
    expect(merchant.opened.length).toBeLessThanOrEqual(2);
  });

  it("carry one call at a time, so that a slow answer holds up no other", async () => {
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
