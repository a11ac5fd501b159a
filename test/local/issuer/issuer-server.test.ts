import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { SCOPES } from "../../../core/access/scopes.ts";
import { type IssuerServer, startIssuer } from "../../../local/issuer/issuer-server.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const directory = temporaryDirectory();
const keyFile = join(directory, "issuer.json");
const NOW_MS = Date.UTC(2026, 10, 29, 12);

let issuer: IssuerServer;
beforeEach(async () => {
  issuer = await startIssuer({ port: 0, audience: "confirmations", keyFile, nowMs: () => NOW_MS });
});
afterEach(() => issuer.stop());

async function ask(form: Record<string, string> | string) {
  const response = await fetch(`${issuer.issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function tokenFor(form: Record<string, string>) {
  const { body } = await ask({ grant_type: "client_credentials", ...form });
  const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks.json`));
  return jwtVerify(String(body["access_token"]), keys, { currentDate: new Date(NOW_MS - 86_400_000) });
}

describe("the issuer of this machine", () => {
  it("says where its keys and tokens are, as OpenID Connect and OAuth 2 have it", async () => {
    for (const path of ["openid-configuration", "oauth-authorization-server"]) {
      const metadata = await (await fetch(`${issuer.issuer}/.well-known/${path}`)).json();
      expect(metadata).toMatchObject({
        issuer: issuer.issuer,
        jwks_uri: `${issuer.issuer}/jwks.json`,
        token_endpoint: `${issuer.issuer}/token`,
        grant_types_supported: ["client_credentials", "authorization_code"],
        authorization_endpoint: `${issuer.issuer}/authorize`,
        code_challenge_methods_supported: ["S256"],
      });
    }
  });

  it("gives out access tokens of every scope for an hour, unless it is asked for others", async () => {
    const { payload, protectedHeader } = await tokenFor({});
    expect(protectedHeader).toMatchObject({ alg: "ES256", typ: "at+jwt" });
    expect(payload).toMatchObject({
      iss: issuer.issuer,
      sub: "local",
      client_id: "local",
      aud: "confirmations",
      scope: Object.keys(SCOPES).join(" "),
      exp: NOW_MS / 1000 + 3600,
    });
    expect(payload).not.toHaveProperty("merchant_id");
    const other = {
      client_id: "shop",
      subject: "anna",
      scope: "merchants:read audit:read",
      merchant_id: "acme",
      audience: "billing",
      lifetime: "60",
    };
    expect((await tokenFor(other)).payload).toMatchObject({
      client_id: "shop",
      sub: "anna",
      scope: "merchants:read audit:read",
      merchant_id: "acme",
      aud: "billing",
      exp: NOW_MS / 1000 + 60,
    });
  });

  it("gives out one that has expired to whoever wants to see it refused", async () => {
    const { payload } = await tokenFor({ lifetime: "-60" });
    expect(payload.exp).toBe(NOW_MS / 1000 - 60);
    expect(payload.iat).toBe(NOW_MS / 1000 - 60);
  });

  it.each<[string, string, string]>([
    ["without a grant", "scope=audit:read", "unsupported_grant_type"],
    ["of another grant", "grant_type=password", "unsupported_grant_type"],
    ["of a scope that there is not", "grant_type=client_credentials&scope=all", "invalid_scope"],
    ["of a merchant without a name", "grant_type=client_credentials&merchant_id=", "invalid_request"],
    ["for ever", "grant_type=client_credentials&lifetime=99999999", "invalid_request"],
    ["for a while", "grant_type=client_credentials&lifetime=soon", "invalid_request"],
    ["with what it does not know", "grant_type=client_credentials&merchant=acme", "invalid_request"],
    ["with two scopes", "grant_type=client_credentials&scope=audit:read&scope=merchants:read", "invalid_request"],
  ])("refuses a request %s, and says what it expects", async (_what, form, error) => {
    const refused = await ask(form);
    expect(refused.status).toBe(400);
    expect(refused.body).toEqual({ error, error_description: expect.stringMatching(/expected|give it|leave it/) });
  });

  it("refuses a form that is none, and one that is too long", async () => {
    const post = (body: string, type: string) =>
      fetch(`${issuer.issuer}/token`, { method: "POST", body, headers: { "content-type": type } });
    expect((await post("{}", "application/json")).status).toBe(400);
    const form = "application/x-www-form-urlencoded";
    expect((await post(`scope=${"a".repeat(20_000)}`, form)).status).toBe(413);
  });

  it("gives nothing to who came by another name, or by another path", async () => {
    const { port } = new URL(issuer.issuer);
    const status = await new Promise((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/jwks.json", headers: { host: `rebound.example:${port}` } })
        .on("response", (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(421);
    expect((await fetch(`${issuer.issuer}/token`)).status).toBe(404);
    expect((await fetch(issuer.issuer)).status).toBe(404);
  });

  it("keeps its key for its owner alone, and the same one over restarts", async () => {
    const { body } = await ask("grant_type=client_credentials");
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const kept = readFileSync(keyFile, "utf8");
    await issuer.stop();
    issuer = await startIssuer({ port: 0, audience: "confirmations", keyFile });
    expect(readFileSync(keyFile, "utf8")).toBe(kept);
    const keys = createRemoteJWKSet(new URL(`${issuer.issuer}/jwks.json`));
    await jwtVerify(String(body["access_token"]), keys, { currentDate: new Date(NOW_MS) });
    const shown = await (await fetch(`${issuer.issuer}/jwks.json`)).json();
    expect(JSON.stringify(shown)).not.toContain(JSON.parse(kept).d);
  });

  it("keeps no key where it is told of no file", async () => {
    const other = await startIssuer({ port: 0, audience: "confirmations" });
    await other.stop();
    expect(readdirSync(directory)).toEqual(["issuer.json"]);
  });
});
