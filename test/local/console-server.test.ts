import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { contentSecurityPolicy } from "../../lib/console/console-policy.ts";
import { startConsole } from "../../local/console/console-server.ts";
import type { LoopbackServer } from "../../local/serve-loopback.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const CONFIG = { issuer: "http://127.0.0.1:9327", clientId: "console", scopes: ["openid"] };
const files = temporaryDirectory();
let api: Server;
let respondAtLength: ((response: ServerResponse) => void) | undefined;
let filesAsked = 0;
let consoleServer: LoopbackServer;

beforeAll(async () => {
  mkdirSync(join(files, "assets"));
  writeFileSync(join(files, "index.html"), "<title>Console</title>");
  writeFileSync(join(files, "assets", "app-1.js"), "1;");
  writeFileSync(join(files, "..", "outside.js"), "secret;");
  api = createServer((incoming, response) => {
    respondAtLength?.(response);
    if (respondAtLength !== undefined) return;
    response.writeHead(202, { "content-type": "application/json", "x-request-id": "r-1" });
    incoming.pipe(response);
    if (incoming.method === "GET")
      response.end(JSON.stringify({ url: incoming.url, authorization: incoming.headers.authorization }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => api.once("listening", resolve));
  const { port } = api.address() as AddressInfo;
  consoleServer = await startConsole({
    port: 0,
    files: () => {
      filesAsked += 1;
      return Promise.resolve(files);
    },
    config: () => CONFIG,
    api: () => `http://127.0.0.1:${port}/prod`,
  });
});
afterEach(() => (respondAtLength = undefined));
afterAll(async () => {
  await consoleServer.stop();
  api.close();
});

function get(path: string): Promise<Response> {
  return fetch(consoleServer.origin + path);
}

/** As it is written: `fetch` would take the dots away, and sets the host itself. */
function statusOf(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  const { hostname, port } = new URL(consoleServer.origin);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

describe("the server of the console", () => {
  it.each(["/", "/transactions/t-1", "/transactions/a.b", "/signed-in?code=1", "/merchants/..%2f..%2foutside.js"])(
    "answers %s with the page, which asks its own origin and the issuer alone",
    async (path) => {
      const response = await get(path);
      expect(await response.text()).toBe("<title>Console</title>");
      expect(response.headers.get("content-security-policy")).toBe(contentSecurityPolicy([CONFIG.issuer]));
      expect(response.headers.get("cache-control")).toBe("no-cache");
    },
  );

  it("lets a browser keep files that have the digest of their content in their names", async () => {
    const response = await get("/assets/app-1.js");
    expect(response.headers.get("content-type")).toContain("text/javascript");
    expect(response.headers.get("cache-control")).toContain("immutable");
  });

  it("compresses what it sends to who takes it so", async () => {
    const sentTo = async (accepted: string) => {
      const response = await fetch(`${consoleServer.origin}/assets/app-1.js`, {
        headers: { "accept-encoding": accepted },
      });
      return [response.headers.get("content-encoding"), await response.text()];
    };
    expect(await sentTo("gzip, deflate, br")).toEqual(["br", "1;"]);
    expect(await sentTo("gzip;q=0.5, br;q=0")).toEqual(["gzip", "1;"]);
    expect(await sentTo("identity")).toEqual([null, "1;"]);
  });

  it("says whose tokens it takes", async () => {
    expect(await (await get("/config.json")).json()).toEqual(CONFIG);
  });

  it.each(["/assets/nothing.js", "/nothing.js", "/assets/../../outside.js", "/assets/..%2f..%2foutside.js"])(
    "has no %s",
    async (path) => {
      expect(await statusOf(path)).toBe(404);
    },
  );

  it("is the API's address too, with the caller's token and body and the API's answer", async () => {
    const read = await fetch(`${consoleServer.origin}/v1/merchants?limit=1`, {
      headers: { authorization: "Bearer t" },
    });
    expect(read.status).toBe(202);
    expect(read.headers.get("x-request-id")).toBe("r-1");
    expect(await read.json()).toEqual({ url: "/prod/v1/merchants?limit=1", authorization: "Bearer t" });
    const written = await fetch(`${consoleServer.origin}/v1/redeliveries`, { method: "POST", body: "{}" });
    expect(await written.text()).toBe("{}");
  });

  it("asks for nothing any more of the API once whoever asked is gone", async () => {
    const [begun, ended] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    respondAtLength = (response) => {
      response.once("close", () => ended.resolve(undefined));
      begun.resolve(undefined);
    };
    const asking = request(`${consoleServer.origin}/v1/live`).on("error", () => undefined);
    asking.end();
    await begun.promise;
    asking.destroy();
    await ended.promise;
  });

  it("breaks off where the API does", async () => {
    respondAtLength = (response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => response.destroy());
    };
    const response = await get("/v1/live");
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("looks for a new build when a page is opened, and not for each of its files", async () => {
    await get("/");
    const before = filesAsked;
    await get("/assets/app-1.js");
    await get("/config.json");
    expect(filesAsked).toBe(before);
    await get("/transactions/t-1");
    expect(filesAsked).toBe(before + 1);
  });

  it("changes nothing by itself", async () => {
    expect((await fetch(consoleServer.origin, { method: "POST", body: "x" })).status).toBe(405);
  });

  it("answers nobody who was led here by another name", async () => {
    const { port } = new URL(consoleServer.origin);
    expect(await statusOf("/", { host: `localhost:${port}` })).toBe(200);
    expect(await statusOf("/", { host: `evil.example:${port}` })).toBe(421);
    expect(await statusOf("/v1/merchants", { host: `evil.example:${port}` })).toBe(421);
  });
});
