/**
 * A request that its reused connection's end left unread is sent once more, on a fresh connection, and the attempt ends
 * as that one does. Real servers, which close at the very request that they would have raced with.
 */
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, it, beforeAll } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt, type Call, type Resends } from "../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { type Connect, dialler } from "../../../core/http/dial.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { keysOf } from "../../support/keys.ts";
import { startMerchant, startRawMerchant } from "../../support/merchant-server.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { trustedCertificate } from "../../support/trusted-certificate.ts";
import { settle, until } from "../../support/until.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "./over-transports.ts";

const DEADLINE_MS = 20_000;
const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const WITHIN_CLOSING_MS = 99;
const LATER_MS = 101;
const ends: (() => unknown)[] = [];
let over: TransportName;

afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

interface Bench {
  readonly call: (changes?: Partial<Call>) => ReturnType<typeof attempt>;
  /** Requests in the order in which they came, by the number of their connection. */
  readonly requests: { readonly connection: number; readonly head: string }[];
  readonly clock: FakeClock;
  readonly asked: () => number;
}

type Talk = (socket: Socket, nth: number, total: number) => void;

/**
 * @param talk called for each request with how many the connection and the server had, this one included
 * @param isOn whether anything is sent again at all
 */
async function bench(talk: Talk, resends?: Resends["mayResend"], isOn = true): Promise<Bench> {
  const requests: { connection: number; head: string }[] = [];
  const clock = new FakeClock();
  let asked = 0;
  let connections = 0;
  const server = await startRawMerchant((socket) => {
    const connection = (connections += 1);
    let nth = 0;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      requests.push({ connection, head: bytes.toString("latin1").split("\r\n\r\n")[0] ?? "" });
      talk(socket, (nth += 1), requests.length);
    });
  });
  const connect = guardedConnector(
    new AddressGuard([`127.0.0.1:${server.port}`]),
    { resolve: neverCalled("resolve") },
    DEADLINE_MS,
    Date.now,
  );
  const transports = transportsOver(over, connect, { now: clock.now });
  ends.push(
    () => transports.close(),
    () => server.stop(),
  );
  const mayResend: Resends["mayResend"] = (merchant) => {
    asked += 1;
    return resends === undefined ? true : resends(merchant);
  };
  const call: Bench["call"] = async (changes = {}) => {
    const outcome = await attempt(
      transports.of({}),
      {
        merchant: { merchantId: "m-1" },
        destination: { origin: server.origin, path: "/" },
        webhook: { id: "msg_1", body: "{}" },
        keys: keysOf(Buffer.alloc(32, 7)),
        deadlineMs: DEADLINE_MS,
        now: Date.now(),
        ...changes,
      },
      isOn ? { mayResend } : undefined,
    );
    // So that the next call finds the connection idle.
    await settle();
    return outcome;
  };
  return { call, requests, clock, asked: () => asked };
}

const answersFirst =
  (then: (socket: Socket) => void): Talk =>
  (socket, nth) =>
    nth === 1 ? void socket.write(OK) : then(socket);

const CLOSINGS: [string, (socket: Socket) => void][] = [
  ["FIN", (socket) => void socket.end()],
  ["FIN, and then a reset for what comes after", (socket) => void socket.destroy()],
  ["RST", (socket) => void socket.resetAndDestroy()],
];

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  describe("a reused connection that is closed at the next request", () => {
    it.each(CLOSINGS)("by %s costs no attempt: the request goes out once more, afresh", async (_, close) => {
      const { call, requests } = await bench(answersFirst(close));
      expect(await call()).toEqual({ kind: "delivered", status: 200, answer: "ok" });
      expect(await call({ webhook: { id: "msg_2", body: "{}" } })).toEqual({
        kind: "delivered",
        status: 200,
        answer: "ok",
        isResent: true,
      });
      expect(requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
      const [, first, again] = requests;
      expect(first?.head).toContain("webhook-id: msg_2\r\n");
      expect(again?.head).toBe(first?.head);
    });

    it("which another idle one stands beside, is followed by a fresh one all the same", async () => {
      const held: (() => void)[] = [];
      const { call, requests } = await bench((socket, nth, total) => {
        if (total <= 2) held.push(() => socket.write(OK));
        else if (nth > 1) socket.end();
        else socket.write(OK);
      });
      const both = [call(), call()];
      await until(() => held.length === 2);
      for (const respond of held) respond();
      await Promise.all(both);
      await settle();
      expect(await call()).toMatchObject({ kind: "delivered", isResent: true });
      expect(requests.map(({ connection }) => connection).at(-1)).toBe(3);
    });

    it("and so is the fresh one: that is the one failed attempt", async () => {
      const { call, requests, asked } = await bench((socket, _, total) =>
        total === 1 ? void socket.write(OK) : void socket.end(),
      );
      await call();
      expect(await call()).toMatchObject({ kind: "failed", class: "connection", isResent: true });
      expect([requests.length, asked()]).toEqual([3, 1]);
    });

    it("is a failed attempt where no more may be sent again", async () => {
      const { call, requests } = await bench(
        answersFirst((socket) => void socket.end()),
        () => false,
      );
      await call();
      const failed = await call();
      expect(failed).toMatchObject({ kind: "failed", class: "connection" });
      expect(failed.isResent).toBeUndefined();
      expect(requests).toHaveLength(2);
    });

    it("is a failed attempt where that is turned off", async () => {
      const { call, requests, asked } = await bench(
        answersFirst((socket) => void socket.end()),
        undefined,
        false,
      );
      await call();
      expect(await call()).toMatchObject({ kind: "failed", class: "connection" });
      expect([requests.length, asked()]).toEqual([2, 0]);
    });

    it("waits for the leave to send again, and sends nothing once its deadline is over", async () => {
      const leave = Promise.withResolvers<boolean>();
      const { call, requests } = await bench(
        answersFirst((socket) => void socket.end()),
        () => leave.promise,
      );
      await call();
      const late = call({ deadlineMs: 150 });
      expect(await late).toMatchObject({ kind: "failed", class: "timeout" });
      leave.resolve(true);
      await settle(20);
      expect(requests).toHaveLength(2);
    });

    it("long after the request was written is a failed attempt", async () => {
      const sent: Socket[] = [];
      const { call, requests, clock, asked } = await bench(answersFirst((socket) => void sent.push(socket)));
      for (const [ms, outcome] of [
        [WITHIN_CLOSING_MS, { kind: "delivered", isResent: true }],
        [LATER_MS, { kind: "failed", class: "connection" }],
      ] as const) {
        if (sent.length === 0) await call();
        const before = sent.length;
        const second = call();
        await until(() => sent.length > before);
        clock.advance(ms);
        sent.at(-1)?.end();
        expect(await second).toMatchObject(outcome);
      }
      expect([requests.length, asked()]).toEqual([4, 1]);
    });
  });

  describe("is never sent again what", () => {
    it.each<[string, Talk]>([
      ["went out on a fresh connection", (socket) => void socket.end()],
      ["was answered with a byte", answersFirst((socket) => void socket.end("H"))],
      [
        "was answered with a byte before a reset",
        answersFirst((socket) => void socket.write("H", () => reset(socket))),
      ],
      ["was answered in the interim", answersFirst((socket) => void socket.end("HTTP/1.1 100 Continue\r\n\r\n"))],
      ["was answered with what is no HTTP", answersFirst((socket) => void socket.write("SSH-2.0-x\r\n"))],
      ["was answered with a broken body", answersFirst((socket) => void socket.end(OK.slice(0, -1)))],
    ])("%s", async (_, talk) => {
      const { call, asked } = await bench(talk);
      await call();
      await call();
      expect(asked()).toBe(0);
    });

    it("has no response within the deadline", async () => {
      const { call, requests, asked } = await bench(answersFirst(() => undefined));
      await call();
      expect(await call({ deadlineMs: 150 })).toMatchObject({ class: "timeout" });
      expect([requests.length, asked()]).toEqual([2, 0]);
    });
  });

  describe("servers as they are", () => {
    it("a server of Node that keeps idle connections for a moment costs no attempt, whenever it closes", async () => {
      const merchant = await startMerchant((response) => response.end("ok"));
      const connect = guardedConnector(
        new AddressGuard([`127.0.0.1:${merchant.port}`]),
        { resolve: neverCalled("resolve") },
        DEADLINE_MS,
        Date.now,
      );
      // No machine is too busy for it.
      const transports = transportsOver(over, connect, { now: new FakeClock().now });
      ends.push(
        () => transports.close(),
        () => merchant.stop(),
      );
      const failed: unknown[] = [];
      for (let nth = 0; nth < 100; nth += 1) {
        const call: Call = {
          merchant: { merchantId: "m-1" },
          destination: { origin: merchant.origin, path: "/" },
          webhook: { id: `msg_${nth}`, body: "{}" },
          keys: keysOf(Buffer.alloc(32, 7)),
          deadlineMs: DEADLINE_MS,
          now: Date.now(),
        };
        const called = attempt(transports.of({}), call, { mayResend: () => true });
        // What is idle at the server is closed at the very moment at which the request is on its way.
        if (nth % 2 === 1) for (const socket of merchant.open) socket.destroy();
        const outcome = await called;
        if (outcome.kind === "failed") failed.push(outcome);
        await settle(nth % 4);
      }
      expect(failed).toEqual([]);
    });

    it("one that closes after each response without a word costs no attempt", async () => {
      const { call } = await bench((socket) => void socket.write(OK, () => setImmediate(() => socket.end())));
      for (let nth = 0; nth < 100; nth += 1) expect(await call()).toMatchObject({ kind: "delivered" });
    });
  });

  describe("over TLS", () => {
    const certificate = trustedCertificate("merchant.test");
    it.each<[string, (socket: Socket, tcp: Socket) => void]>([
      ["a close_notify", (socket) => void socket.end()],
      ["a plain FIN", (_, tcp) => void tcp.end()],
      ["RST", (_, tcp) => void tcp.resetAndDestroy()],
    ])("a reused connection closed by %s costs no try", async (_, close) => {
      const tcps = new Set<Socket>();
      let requests = 0;
      const server: Server = createServer(certificate, (request, response) => {
        requests += 1;
        const [tcp] = tcps;
        if (requests !== 2 || tcp === undefined) response.end("ok");
        else request.resume().on("end", () => close(request.socket, tcp));
      });
      server.on("connection", (socket: Socket) => tcps.add(socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const dial = dialler(DEADLINE_MS);
      const clock = new FakeClock();
      const connect: Connect = (to, ...hears) => dial(to, "127.0.0.1", ...hears);
      const transports = transportsOver(over, connect, { now: clock.now });
      ends.push(
        () => transports.close(),
        () => server.close(),
        () => tcps.forEach((socket) => socket.destroy()),
      );
      const call = async () => {
        const outcome = await attempt(
          transports.of({}),
          {
            merchant: { merchantId: "m-1" },
            destination: { origin: `https://merchant.test:${(server.address() as AddressInfo).port}`, path: "/" },
            webhook: { id: "msg_1", body: "{}" },
            keys: keysOf(Buffer.alloc(32, 7)),
            deadlineMs: DEADLINE_MS,
            now: Date.now(),
          },
          { mayResend: () => true },
        );
        await settle();
        return outcome;
      };
      expect(await call()).toMatchObject({ kind: "delivered" });
      expect(await call()).toMatchObject({ kind: "delivered", isResent: true });
      expect([requests, tcps.size]).toEqual([3, 2]);
    });
  });

  function reset(socket: Socket): void {
    setImmediate(() => setImmediate(() => setImmediate(() => socket.resetAndDestroy())));
  }
});
