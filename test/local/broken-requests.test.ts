/** What any page in a browser can send to this machine: it is to end its own connection, and no program. */
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startApi } from "../../local/api/api-server.ts";
import { startControlServer } from "../../local/control/control-server.ts";
import { startIssuer } from "../../local/issuer/issuer-server.ts";

const POST = "POST / HTTP/1.1\r\nhost: HOST\r\ncontent-type: application/x-www-form-urlencoded\r\n";
const rejected: unknown[] = [];
const note = (error: unknown) => void rejected.push(error);
const stops: (() => Promise<void>)[] = [];

beforeAll(() => void process.on("unhandledRejection", note));
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));
afterAll(() => void process.off("unhandledRejection", note));

const SERVERS: Readonly<Record<string, () => Promise<string>>> = {
  async issuer() {
    const server = await startIssuer({ port: 0, audience: "confirmations" });
    stops.push(() => server.stop());
    return server.issuer;
  },
  async API() {
    const api = () => ({ routes: [], gatewayResponses: new Map() });
    const server = await startApi({ port: 0, api, invoke: () => Promise.resolve({}), nowMs: Date.now });
    stops.push(() => server.stop());
    return server.origin;
  },
  async control() {
    const none = { secrets: () => ({}), kmsKeys: () => [], queueAge: () => Promise.resolve(undefined) };
    const server = await startControlServer({ port: 0, ...none, invoke: () => Promise.resolve({}) });
    stops.push(() => server.stop());
    return server.endpoint;
  },
};

/** Writes it, and ends the connection once something came back or `isCut` says that nothing is to come. */
function send(origin: string, text: string, isCut: boolean): Promise<void> {
  const { hostname, port, host } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(text.replaceAll("HOST", host), () => {
        if (isCut) socket.resetAndDestroy();
      });
    });
    socket
      .on("data", () => socket.destroy())
      .on("error", () => undefined)
      .on("close", () => resolve());
  });
}

describe.each(Object.entries(SERVERS))("the server %s of this machine", (_, start) => {
  it.each([
    ["a path that is none", "GET // HTTP/1.1\r\nhost: HOST\r\n\r\n", false],
    ["a path of another host", "GET //[ HTTP/1.1\r\nhost: HOST\r\n\r\n", false],
    ["half a body", `${POST}content-length: 100\r\n\r\ngrant`, true],
    ["half a body of /token", `${POST.replace("/", "/token")}content-length: 100\r\n\r\ngrant`, true],
    ["half a chunk", `${POST.replace("/", "/token")}transfer-encoding: chunked\r\n\r\n50\r\nabc`, true],
  ])("outlives %s", async (__, text, isCut) => {
    const origin = await start();
    await send(origin, text, isCut);
    expect((await fetch(origin)).status).toBeGreaterThan(0);
    // A rejection is told of once the turn in which it happened is over.
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejected).toEqual([]);
  });
});
