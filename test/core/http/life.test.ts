/** A connection from its opening to its end, over real sockets to servers that break it wherever they can. */
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { settle, until } from "../../support/until.ts";
import { ask } from "./asked.ts";
import { rawServer, serverThat, stopServers } from "./servers.ts";

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
const LARGE_BYTES = 20_000_000;
afterEach(stopServers);

describe("a connection that its server closes", () => {
  it("while it is idle is not used after", async () => {
    const { pools, server } = await serverThat((socket) => socket.write(OK));
    await ask(pools, server.origin);
    await settle();
    for (const socket of server.open) socket.end();
    await until(() => pools.size === 0);
    expect(await ask(pools, server.origin)).toMatchObject({ status: 200 });
    expect(server.opened).toHaveLength(2);
  });

  it("and resets while it is idle is not used after, and throws nothing", async () => {
    const { pools, server } = await serverThat((socket) => socket.write(OK));
    await ask(pools, server.origin);
    await settle();
    for (const socket of server.open) socket.resetAndDestroy();
    await until(() => pools.size === 0);
    expect(await ask(pools, server.origin)).toMatchObject({ status: 200 });
  });

  it.each([0, 1, 2])("with its response, without saying so, costs no call after %i turns", async (turns) => {
    const { pools, server, requests } = await serverThat((socket) => socket.end(OK));
    for (let nth = 0; nth < 100; nth += 1) {
      expect(await ask(pools, server.origin)).toMatchObject({ status: 200 });
      await settle(turns);
    }
    expect(requests()).toBe(100);
  });

  it.each<[string, (socket: Socket) => void, string]>([
    ["before a request", (socket) => socket.resume().end(), "CLOSED_EARLY"],
    ["before an answer", (socket) => socket.on("data", () => socket.end()), "CLOSED_EARLY"],
    ["within a head", (socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\nx:")), "CLOSED_EARLY"],
    [
      "after an interim answer",
      (socket) => socket.on("data", () => socket.end("HTTP/1.1 102 P\r\n\r\n")),
      "CLOSED_EARLY",
    ],
    ["within a body", (socket) => socket.on("data", () => socket.end(OK.slice(0, -1))), "CLOSED_EARLY"],
    [
      "between chunks",
      (socket) =>
        socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n")),
      "CLOSED_EARLY",
    ],
    ["by a reset before a request", (socket) => socket.resetAndDestroy(), "ECONNRESET"],
    ["by a reset before an answer", (socket) => socket.on("data", () => socket.resetAndDestroy()), "ECONNRESET"],
    ["by a reset within a head", (socket) => resetAfter(socket, "HTTP/1.1 200 OK\r\nx:"), "ECONNRESET"],
    ["by a reset within a body", (socket) => resetAfter(socket, OK.slice(0, -1)), "ECONNRESET"],
    [
      "by a reset within a body of no length",
      (socket) => resetAfter(socket, "HTTP/1.1 200 OK\r\n\r\nok"),
      "ECONNRESET",
    ],
  ])("%s fails its exchange, and nothing of it is left", async (_, talk, code) => {
    const { pools, server } = await rawServer(talk);
    expect((await ask(pools, server.origin)).error?.code).toBe(code);
    expect(pools.size).toBe(0);
    await until(() => server.open.size === 0);
  });

  it("while a large request is on its way fails its exchange", async () => {
    const { pools, server } = await rawServer((socket) => socket.once("data", () => socket.destroy()));
    const { error } = await ask(pools, server.origin, { body: "x".repeat(LARGE_BYTES) });
    expect(["EPIPE", "ECONNRESET", "CLOSED_EARLY"]).toContain(error?.code);
    expect(pools.size).toBe(0);
  });

  it("for its own side only, after a body of no length, makes that whole", async () => {
    const { pools, server } = await serverThat((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nall of it"));
    expect(await ask(pools, server.origin)).toEqual({ status: 200, headers: {}, body: "all of it" });
    expect(pools.size).toBe(0);
  });
});

describe("a response", () => {
  it("that comes while the request is still on its way counts, and its connection is not used again", async () => {
    const { pools, server } = await rawServer((socket) => {
      socket.once("data", () => {
        socket.pause();
        socket.write(OK);
      });
    });
    expect(await ask(pools, server.origin, { body: "x".repeat(LARGE_BYTES) })).toMatchObject({
      status: 200,
      body: "ok",
    });
    await until(() => pools.size === 0);
    await ask(pools, server.origin);
    expect(server.opened).toHaveLength(2);
  });

  it("that came before the request belongs to nobody once the next request goes out", async () => {
    const { pools, server, requests } = await serverThat((socket, nth) => {
      // Two for the first: the second one is there before anybody asks.
      socket.write(nth === 1 ? OK : "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n");
      if (nth === 1) setImmediate(() => socket.write(OK));
    });
    expect((await ask(pools, server.origin)).status).toBe(200);
    await until(() => pools.size === 0);
    expect((await ask(pools, server.origin)).status).toBe(500);
    expect([requests(), server.opened.length]).toEqual([2, 2]);
  });

  it("is heard alone: no response sees the bytes of another, on fifty connections at once", async () => {
    const bodyOf = (nth: number) => Buffer.alloc(5000 + nth * 101, `${nth}.`).toString("latin1");
    const { pools, server } = await serverThat((socket, nth) => {
      const text = `HTTP/1.1 200 OK\r\nx-nth: ${nth}\r\ncontent-length: ${bodyOf(nth).length}\r\n\r\n${bodyOf(nth)}`;
      const write = (at: number): void => {
        socket.write(text.slice(at, at + 300 + nth));
        if (at + 300 + nth < text.length) setImmediate(write, at + 300 + nth);
      };
      write(0);
    });
    for (let round = 0; round < 3; round += 1) {
      const all = await Promise.all(Array.from({ length: 50 }, () => ask(pools, server.origin)));
      for (const { headers, body } of all) expect(body === bodyOf(Number(headers?.["x-nth"]))).toBe(true);
      await settle();
    }
    expect(server.opened).toHaveLength(50);
  });
});

function resetAfter(socket: Socket, text: string): void {
  socket.on("data", () => {
    socket.write(text);
    // What was written is read by then: a reset takes what was not.
    setImmediate(() => setImmediate(() => setImmediate(() => socket.resetAndDestroy())));
  });
}
