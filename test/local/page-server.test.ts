import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type PageServer, startPage } from "../../local/page/page-server.ts";

const shown = { endMs: 0, periodSeconds: 10, periods: 0, sections: [] };
let page: PageServer;

beforeAll(async () => {
  page = await startPage({ port: 0, shown: () => shown });
});
afterAll(() => page.stop());

/** `fetch` sets the host itself. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(page.origin, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the server of the live page", () => {
  it.each([
    ["/", "text/html"],
    ["/page.css", "text/css"],
    ["/page.js", "text/javascript"],
    ["/data", "application/json"],
  ])("answers %s, and lets nothing be loaded from elsewhere", async (path, type) => {
    const response = await fetch(page.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain(type);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await response.text()).length).toBeGreaterThan(0);
  });

  it("gives the data as they are", async () => {
    const response = await fetch(`${page.origin}/data`);
    expect(await response.json()).toEqual(shown);
  });

  it.each(["/nothing", "/constructor", "/../package.json", "/page.html"])("has no %s", async (path) => {
    expect((await fetch(page.origin + path)).status).toBe(404);
  });

  it("changes nothing", async () => {
    expect((await fetch(page.origin, { method: "POST", body: "x" })).status).toBe(405);
    expect((await fetch(page.origin, { method: "HEAD" })).status).toBe(200);
  });

  it("answers nobody who was led here by another name", async () => {
    const { port } = new URL(page.origin);
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200);
    expect(await statusFor(`localhost:${port}`)).toBe(200);
    expect(await statusFor(`evil.example:${port}`)).toBe(421);
  });
});
