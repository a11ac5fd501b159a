import { hash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { decodeJwt } from "jose";
import { type IssuerServer, startIssuer } from "../../../local/issuer/issuer-server.ts";

const VERIFIER = "v".repeat(43);
const CHALLENGE = hash("sha256", VERIFIER, "base64url");
const REDIRECT = "http://127.0.0.1:9329/signed-in";
const ASKED = {
  response_type: "code",
  client_id: "console",
  redirect_uri: REDIRECT,
  scope: "openid transactions:read",
  state: "s-1",
  nonce: "n-1",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
} as const;

let issuer: IssuerServer;
let nowMs: number;
beforeAll(async () => {
  issuer = await startIssuer({ port: 0, audience: "confirmations", nowMs: () => nowMs });
});
afterAll(() => issuer.stop());
beforeEach(() => {
  nowMs = Date.UTC(2026, 10, 30, 12);
});

function show(asked: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${issuer.issuer}/authorize?${new URLSearchParams(asked).toString()}`);
}

async function codeFor(asked: Readonly<Record<string, string>> = ASKED): Promise<string> {
  const form = new URLSearchParams({ query: new URLSearchParams(asked).toString(), subject: "anna" });
  const response = await fetch(`${issuer.issuer}/authorize`, { method: "POST", body: form, redirect: "manual" });
  expect(response.status).toBe(303);
  const target = new URL(response.headers.get("location") ?? "");
  expect(target.searchParams.get("state")).toBe("s-1");
  expect(target.searchParams.get("iss")).toBe(issuer.issuer);
  return target.searchParams.get("code") ?? "";
}

async function exchange(code: string, more: Readonly<Record<string, string>> = {}): Promise<number> {
  const form = {
    grant_type: "authorization_code",
    code,
    client_id: "console",
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...more,
  };
  return (await fetch(`${issuer.issuer}/token`, { method: "POST", body: new URLSearchParams(form) })).status;
}

describe("the page where a browser signs in", () => {
  it("has no script, and is framed by nobody", async () => {
    const response = await show(ASKED);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(await response.text()).not.toContain("<script");
  });

  it("shows who asks as text", async () => {
    const html = await (await show({ ...ASKED, client_id: `<img src=x onerror="alert(1)">` })).text();
    expect(html).not.toContain("<img");
    expect(html).toContain("&#60;img");
  });

  it.each([
    ["another machine's page", { redirect_uri: "http://console.example/signed-in" }],
    ["a page that only looks like this machine's", { redirect_uri: "http://127.0.0.1.evil.example/" }],
    ["a script", { redirect_uri: "javascript:alert(1)" }],
    ["a token in the address", { response_type: "token" }],
    ["no proof of the client", { code_challenge: "" }],
    ["a weak proof", { code_challenge_method: "plain" }],
    ["a scope that there is not", { scope: "all" }],
  ])("sends no code to %s", async (_what, wrong) => {
    const response = await show({ ...ASKED, ...wrong });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("expected");
  });
});

describe("a code", () => {
  it("is a token once", async () => {
    const code = await codeFor();
    expect(await exchange(code)).toBe(200);
    expect(await exchange(code)).toBe(400);
  });

  it.each([
    ["without the verifier of its challenge", { code_verifier: "w".repeat(43) }],
    ["for another client", { client_id: "other" }],
    ["for another address", { redirect_uri: "http://127.0.0.1:1/signed-in" }],
  ])("is no token %s", async (_what, wrong) => {
    expect(await exchange(await codeFor(), wrong)).toBe(400);
  });

  it("is over after a minute", async () => {
    const code = await codeFor();
    nowMs += 60_000;
    expect(await exchange(code)).toBe(400);
  });
});

describe("a browser", () => {
  /** @returns the cookie that it keeps */
  async function signedIn(): Promise<string> {
    const form = { query: new URLSearchParams(ASKED).toString(), subject: "ana & co", merchant_id: "acme" };
    const body = new URLSearchParams(form);
    const response = await fetch(`${issuer.issuer}/authorize`, { method: "POST", body, redirect: "manual" });
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/; Path=\/authorize; HttpOnly; SameSite=Lax$/);
    return cookie.split(";")[0] ?? "";
  }

  function again(cookie: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const query = new URLSearchParams({ ...ASKED, ...more }).toString();
    return fetch(`${issuer.issuer}/authorize?${query}`, { headers: { cookie }, redirect: "manual" });
  }

  it("that has signed in is sent back without a word, as whom it was", async () => {
    const response = await again(await signedIn());
    expect(response.status).toBe(303);
    const code = new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
    const form = {
      grant_type: "authorization_code",
      code,
      client_id: "console",
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    };
    const token = await fetch(`${issuer.issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
    const { access_token: accessToken } = (await token.json()) as { readonly access_token: string };
    expect(decodeJwt(accessToken)).toMatchObject({ sub: "ana & co", merchant_id: "acme" });
  });

  it("is asked all the same where the page wants it so, and where its cookie says nothing", async () => {
    const cookie = await signedIn();
    expect((await again(cookie, { prompt: "login" })).status).toBe(200);
    for (const strange of ["signed-in=", "signed-in=e30", "signed-in=%%", "other=1"])
      expect((await again(strange)).status).toBe(200);
  });

  it("that has signed in is sent nowhere else than one that has not", async () => {
    expect((await again(await signedIn(), { redirect_uri: "http://console.example/signed-in" })).status).toBe(400);
  });

  it.each([
    ["to the page of this machine that asked for it", "http://127.0.0.1:9329/signed-out", 303],
    ["to no other page", "https://evil.example/", 200],
  ])("is signed out, and sent back %s", async (_where, target, status) => {
    const query = new URLSearchParams({ post_logout_redirect_uri: target }).toString();
    const { end_session_endpoint: endpoint } = (await (
      await fetch(`${issuer.issuer}/.well-known/openid-configuration`)
    ).json()) as { readonly end_session_endpoint: string };
    const response = await fetch(`${endpoint}?${query}`, { redirect: "manual" });
    expect(response.status).toBe(status);
    expect(response.headers.get("location")).toBe(status === 303 ? target : null);
    expect(response.headers.get("set-cookie")).toMatch(/^signed-in=; Max-Age=0; Path=\/authorize;/);
  });
});

describe("what the issuer says", () => {
  it.each([
    ["http://127.0.0.1:9329", "http://127.0.0.1:9329"],
    ["http://localhost:9329", "http://localhost:9329"],
    ["https://evil.example", null],
    ["http://127.0.0.1.evil.example", null],
    ["null", null],
  ])("may be read by a page of %s: %s", async (origin, allowed) => {
    const response = await fetch(`${issuer.issuer}/.well-known/openid-configuration`, { headers: { origin } });
    expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
  });
});
