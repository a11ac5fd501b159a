import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type CryptoKey, exportSPKI, importJWK } from "jose";
import type { Expected } from "../../../lambdas/api-authorizer/claims.ts";
import { IssuerKeys } from "../../../lambdas/api-authorizer/issuer-keys.ts";
import { fetchKeys } from "../../../lambdas/api-authorizer/issuer-metadata.ts";
import { judgeToken } from "../../../lambdas/api-authorizer/judge-token.ts";
import { type Claims, issuerKey, testIssuer, tokenOf, type TestIssuer, type TokenOf } from "./issuers.ts";

const key = await issuerKey("key-1");
const rsa = await issuerKey("key-rsa", "RS256");
const foreign = await issuerKey("key-1");
const now = Math.floor(Date.now() / 1000);

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await testIssuer([key.publicJwk, rsa.publicJwk]);
});
afterEach(async () => {
  await issuer[Symbol.asyncDispose]();
});

function judge(token: string, given: Partial<Expected> = {}) {
  const expected: Expected = {
    issuer: issuer.url,
    audience: ["confirmations"],
    clientIds: [],
    scopePrefix: "",
    merchantClaim: "merchant_id",
    ...given,
  };
  const keys = new IssuerKeys({
    issuer: issuer.url,
    fetchKeys: () => fetchKeys(issuer.url, { fetch, leftMs: () => 1000 }),
    nowMs: Date.now,
    onStale: () => undefined,
  });
  return judgeToken(token, keys, expected);
}

const token = (given: Partial<TokenOf> = {}) => tokenOf({ issuer: issuer.url, key, ...given });
const judged = async (claims: Claims, given: Partial<Expected> = {}) => judge(await token({ claims }), given);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token that holds", () => {
  it("says whose it is, and what it may do", async () => {
    expect(await judged({ merchant_id: "acme" })).toEqual({
      kind: "identified",
      identity: {
        subject: "erp",
        clientId: "erp",
        scopes: ["transactions:read", "transactions:write"],
        merchantId: "acme",
        expiresAt: expect.any(Number),
      },
    });
  });

  it("may be signed by any key of the issuer, with another algorithm too", async () => {
    expect(await judge(await token({ key: rsa }))).toMatchObject({ kind: "identified" });
  });

  it.each([undefined, "JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])("may have the type %s", async (typ) => {
    expect(await judge(await token({ header: { typ } }))).toMatchObject({ kind: "identified" });
  });

  it.each<[string, Claims, readonly string[]]>([
    ["a text", { scope: "audit:read merchants:read" }, ["audit:read", "merchants:read"]],
    ["a text in scp", { scope: undefined, scp: "audit:read" }, ["audit:read"]],
    ["a list in scp", { scope: undefined, scp: ["audit:read", "merchants:read"] }, ["audit:read", "merchants:read"]],
    ["none", { scope: undefined }, []],
    ["named twice", { scope: "audit:read audit:read" }, ["audit:read"]],
    ["smuggled into one of a list", { scope: undefined, scp: ["x audit:read", "a\nb"] }, []],
  ])("has scopes that are %s", async (_what, claims, scopes) => {
    expect(await judged(claims)).toMatchObject({ identity: { scopes } });
  });

  it("has the issuer's prefix taken from its scopes, and those without it left out", async () => {
    const claims = { scope: "https://api.example/audit:read merchants:write" };
    expect(await judged(claims, { scopePrefix: "https://api.example/" })).toMatchObject({
      identity: { scopes: ["audit:read"] },
    });
  });

  it("may be narrowed by a claim of another name, and by no other then", async () => {
    const merchantClaim = "https://acme.example/merchant";
    const claims = { [merchantClaim]: "acme", merchant_id: "other", "custom:merchant_id": "third" };
    expect(await judged(claims, { merchantClaim })).toMatchObject({ identity: { merchantId: "acme" } });
    const { identity } = (await judged({ "custom:merchant_id": "third" })) as { identity: object };
    expect(identity).not.toHaveProperty("merchantId");
  });

  it("may name its client as azp, or have no subject but its client", async () => {
    const claims = { client_id: undefined, azp: "shop", sub: undefined };
    expect(await judged(claims)).toMatchObject({ identity: { subject: "shop", clientId: "shop" } });
  });

  it("may be for several, of which we are one", async () => {
    expect(await judged({ aud: ["other", "confirmations"] })).toMatchObject({ kind: "identified" });
  });

  it("may be of one of the clients that are taken, with no audience looked at", async () => {
    const clients = { audience: [], clientIds: ["shop", "erp"] };
    expect(await judged({ aud: undefined }, clients)).toMatchObject({ kind: "identified" });
    expect(await judged({ client_id: "stranger" }, clients)).toMatchObject({ kind: "refused" });
    expect(await judged({ client_id: undefined }, clients)).toMatchObject({ kind: "refused" });
  });

  it("may be off by as much as clocks differ, and by no more", async () => {
    expect(await judged({ exp: now - 5, nbf: now + 5 })).toMatchObject({ kind: "identified" });
    expect(await judged({ exp: now - 30 })).toMatchObject({ kind: "refused" });
    expect(await judged({ nbf: now + 60 })).toMatchObject({ kind: "refused" });
  });
});

describe("a token that does not hold", () => {
  it.each<[string, Claims, RegExp]>([
    ["expired", { exp: now - 60 }, /has expired/],
    ["never expires", { exp: undefined }, /never expires/],
    ["is for another audience", { aud: "billing" }, /audience is another/],
    ["is for nobody", { aud: undefined }, /audience is another/],
    ["is for one whose name only begins like ours", { aud: "confirmations.example" }, /audience is another/],
    ["is an ID token of Cognito", { token_use: "id" }, /ID tokens are not taken/],
    ["is an ID token by its claims", { nonce: "n", at_hash: "h" }, /ID tokens are not taken/],
    ["is a refresh token of Keycloak", { typ: "Refresh" }, /no access token/],
    ["is a logout token", { events: {} }, /no access token/],
    ["is bound to a key of its holder", { cnf: { jkt: "x" } }, /bound to a key/],
    ["names nobody", { sub: undefined, client_id: undefined }, /neither a subject nor a client/],
    ["names a subject that is empty, and no client", { sub: "", client_id: "" }, /neither a subject nor a client/],
    ["has scopes of a wrong type", { scope: undefined, scp: 7 }, /scopes of the token/],
    ["has a list of scopes with something else in it", { scope: undefined, scp: ["a", 7] }, /scopes/],
    ["is narrowed to an empty merchant", { merchant_id: "" }, /narrows the token/],
    ["is narrowed to null", { merchant_id: null }, /narrows the token/],
    ["is narrowed to a list", { merchant_id: ["acme"] }, /narrows the token/],
    ["is narrowed to a number", { merchant_id: 7 }, /narrows the token/],
    ["is narrowed to a name with spaces around it", { merchant_id: " acme" }, /narrows the token/],
  ])("is refused for good: it %s", async (_what, claims, reason) => {
    expect(await judged(claims)).toEqual({
      kind: "refused",
      reason: expect.stringMatching(reason),
      mayHoldLater: false,
    });
  });

  it("is refused for now where it does not hold yet, or names a key that nobody knows", async () => {
    expect(await judged({ nbf: now + 600 })).toMatchObject({ kind: "refused", mayHoldLater: true });
    const unknown = await judge(await token({ header: { kid: "key-2" } }));
    expect(unknown).toMatchObject({ kind: "refused", mayHoldLater: true, reason: expect.stringMatching(/no key/) });
  });

  it("is refused where another signed it under the name of the issuer's key", async () => {
    expect(await judge(await token({ key: foreign }))).toMatchObject({ reason: expect.stringMatching(/signature/) });
  });

  it("is refused where its content was changed", async () => {
    const [header, , signature] = (await token()).split(".");
    const changed = part({ iss: issuer.url, sub: "erp", aud: "confirmations", exp: now + 600, scope: "audit:read" });
    expect(await judge(`${header}.${changed}.${signature}`)).toMatchObject({ kind: "refused" });
  });

  it("is refused where it is of a foreign issuer, and nobody is asked for keys", async () => {
    for (const iss of ["https://issuer.example", `${issuer.url}/`, undefined])
      expect(await judged({ iss })).toMatchObject({ kind: "refused", reason: expect.stringMatching(/another issuer/) });
    expect(issuer.asked).toEqual([]);
  });

  it.each(["none", "None", "NONE", ""])("is refused without a signature, alg %j", async (alg) => {
    const payload = { iss: issuer.url, sub: "erp", aud: "confirmations", exp: now + 600 };
    const unsigned = `${part({ alg, typ: "at+jwt", kid: key.kid })}.${part(payload)}`;
    for (const tail of [".", ".AA"]) expect(await judge(unsigned + tail)).toMatchObject({ kind: "refused" });
  });

  it("is refused where the public key was used as a shared secret", async () => {
    const pem = await exportSPKI((await importJWK(rsa.publicJwk, "RS256")) as CryptoKey);
    const payload = { iss: issuer.url, sub: "erp", aud: "confirmations", exp: now + 600 };
    for (const secret of [pem, JSON.stringify(rsa.publicJwk), rsa.publicJwk.n ?? ""]) {
      const signed = `${part({ alg: "HS256", typ: "at+jwt", kid: rsa.kid })}.${part(payload)}`;
      const mac = createHmac("sha256", secret).update(signed).digest("base64url");
      expect(await judge(`${signed}.${mac}`)).toMatchObject({ kind: "refused" });
    }
  });

  it("is refused where it brings its own key along, by value or by address", async () => {
    await using other = await testIssuer([foreign.publicJwk]);
    const stranger = await issuerKey("key-9");
    for (const header of [
      { jwk: foreign.publicJwk },
      { jku: `${other.url}/keys` },
      { x5u: `${other.url}/keys`, x5c: ["AAAA"] },
    ]) {
      expect(await judge(await token({ key: foreign, header }))).toMatchObject({ kind: "refused" });
      expect(await judge(await token({ key: stranger, header }))).toMatchObject({ kind: "refused" });
    }
    expect(other.asked).toEqual([]);
  });

  it.each(["dpop+jwt", "logout+jwt", "secevent+jwt", "id+jwt", "JOSE"])("is refused with the type %s", async (typ) => {
    expect(await judge(await token({ header: { typ } }))).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/another type/),
    });
  });

  it("is refused where it names no key, or says that it cannot be understood", async () => {
    const noKey = await judge(await token({ header: { kid: undefined } }));
    expect(noKey).toMatchObject({ reason: expect.stringMatching(/does not name the key/) });
    const payload = (await token()).split(".")[1];
    const critical = `${part({ alg: "ES256", kid: key.kid, crit: ["exp"], exp: 1 })}.${payload}.AA`;
    expect(await judge(critical)).toMatchObject({ reason: expect.stringMatching(/critical/) });
  });

  it.each(["", "x", "a.b", "a.b.c", "a.b.c.d", "....", `${"A".repeat(9000)}.B.C`])(
    "is refused where it is no JWT: %j",
    async (text) => {
      expect(await judge(text)).toMatchObject({ kind: "refused" });
      expect(issuer.asked).toEqual([]);
    },
  );

  it("never has anything of it in the reason", async () => {
    const refusals = [await judged({ sub: "secret-subject", exp: now - 60 }), await judged({ aud: "secret-audience" })];
    expect(JSON.stringify(refusals)).not.toMatch(/secret/);
  });
});
