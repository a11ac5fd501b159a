/** What any page in a browser can send to this machine: it is to end its own connection, and no program. */
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { startApi } from "../../local/api/api-server.ts";
import { startConsole } from "../../local/console/console-server.ts";
import { startControlServer } from "../../local/control/control-server.ts";
import { startIssuer } from "../../local/issuer/issuer-server.ts";
import { serveLoopback } from "../../local/serve-loopback.ts";

const POST = "POST / HTTP/1.1\r\nhost: HOST\r\ncontent-type: application/x-www-form-urlencoded\r\n";
const rejected: unknown[] = [];
const note = (error: unknown) => void rejected.push(error);
const stops: (() => Promise<void>)[] = [];

beforeAll(() => void process.on("unhandledRejection", note));
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));
afterAll(() => void process.off("unhandledRejection", note));

/** Instead of what a server asks of others at each request. */
type Asked = () => never;

const SERVERS: Readonly<Record<string, (fault?: Asked) => Promise<string>>> = {
  async issuer(fault) {
    const server = await startIssuer({ port: 0, audience: "confirmations", ...(fault && { nowMs: fault }) });
    stops.push(() => server.stop());
    return server.issuer;
  },
  async API(fault) {
    const apis = fault ?? (() => []);
    const server = await startApi({ port: 0, apis, invoke: () => Promise.resolve({}), nowMs: Date.now });
    stops.push(() => server.stop());
    return server.origin;
  },
  async control(fault) {
    const queueAge = () => Promise.resolve(undefined);
    const none = { secrets: () => ({}), kmsKeys: () => [], queueAge, ses: fault ?? (() => undefined) };
    const server = await startControlServer({ port: 0, ...none, invoke: () => Promise.resolve({}) });
    stops.push(() => server.stop());
    return server.endpoint;
  },
  async console(fault) {
    const server = await startConsole({
      port: 0,
      files: () => Promise.resolve(import.meta.dirname),
      config: fault ?? (() => ({ issuer: "http://127.0.0.1:9327", clientId: "console", scopes: [] })),
      api: () => "http://127.0.0.1:9/prod",
    });
    stops.push(() => server.stop());
    return server.origin;
  },
};

/** Of which a server asks others. @default `GET /` */
const FAULTY: Readonly<Record<string, RequestInit & { readonly path?: string }>> = {
  issuer: { path: "/token", method: "POST", body: new URLSearchParams({ grant_type: "client_credentials" }) },
  control: { method: "POST", body: "{}" },
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

const fail: Asked = () => {
  throw new Error("our own fault");
};

async function nothingRejected(): Promise<void> {
  // A rejection is told of once the turn in which it happened is over.
  await new Promise((resolve) => setImmediate(resolve));
  expect(rejected).toEqual([]);
}

describe.each(Object.entries(SERVERS))("the server %s of this machine", (name, start) => {
  it.each([
    ["a path that is none", "GET // HTTP/1.1\r\nhost: HOST\r\n\r\n", false],
    ["a path of another host", "GET //[ HTTP/1.1\r\nhost: HOST\r\n\r\n", false],
    ["half a body", `${POST}content-length: 100\r\n\r\ngrant`, true],
    ["half a body of /token", `${POST.replace("/", "/token")}content-length: 100\r\n\r\ngrant`, true],
    ["half a chunk", `${POST.replace("/", "/token")}transfer-encoding: chunked\r\n\r\n50\r\nabc`, true],
  ])("outlives %s", async (_, text, isCut) => {
    const origin = await start();
    await send(origin, text, isCut);
    expect((await fetch(origin)).status).toBeGreaterThan(0);
    await nothingRejected();
  });

  it("says which fault of its own it was, with a 500", async () => {
    const { path = "/", ...init } = FAULTY[name] ?? {};
    const origin = await start(fail);
    const response = await fetch(origin + path, init);
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("our own fault")]);
    await nothingRejected();
  });
});

describe("any server of this machine", () => {
  it("breaks off where a fault of its own comes in the middle of a response", async () => {
    const server = await serveLoopback({
      port: 0,
      part: "a test",
      option: "--port-test",
      respond: async (_request, response) => {
        response.writeHead(200, { "content-length": "10" });
        await new Promise<void>((resolve) => response.write("half", () => resolve()));
        fail();
      },
    });
    stops.push(() => server.stop());
    const response = await fetch(server.origin);
    await expect(response.text()).rejects.toThrow("terminated");
    await nothingRejected();
  });
});
