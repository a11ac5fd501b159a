import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { IssuerKeys } from "../../../lambdas/api-authorizer/issuer-keys.ts";
import { fetchKeys, IssuerUnavailableError, metadataUrls } from "../../../lambdas/api-authorizer/issuer-metadata.ts";
import { issuerKey, testIssuer, tokenOf, type TestIssuer } from "./issuers.ts";

const [first, second] = [await issuerKey("key-1"), await issuerKey("key-2")];
const MINUTE_MS = 60_000;

let issuer: TestIssuer;
let nowMs: number;
let stale: unknown[];
beforeEach(async () => {
  issuer = await testIssuer([first.publicJwk], "/tenant");
  nowMs = 1_000_000;
  stale = [];
});
afterEach(async () => {
  await issuer[Symbol.asyncDispose]();
});

const fetching = { fetch, leftMs: () => 1000 };
const keysOf = () =>
  new IssuerKeys({
    issuer: issuer.url,
    fetchKeys: () => fetchKeys(issuer.url, fetching),
    nowMs: () => nowMs,
    onStale: (error) => stale.push(error),
  });
const breakDown = () => issuer.answers.set("/tenant/.well-known/openid-configuration", { status: 500, body: "" });
const verified = async (keys: IssuerKeys, key: typeof first) =>
  (await keys.verifierFor(key.kid)).verifySync(await tokenOf({ issuer: issuer.url, key }));

describe("keys of the issuer", () => {
  it("are found through its metadata, and kept for five minutes", async () => {
    const keys = keysOf();
    await verified(keys, first);
    nowMs += 4 * MINUTE_MS;
    await verified(keys, first);
    expect(issuer.asked).toEqual(["/tenant/.well-known/openid-configuration", "/tenant/keys"]);
    nowMs += 2 * MINUTE_MS;
    await verified(keys, first);
    expect(issuer.asked).toHaveLength(4);
  });

  it("are asked for at once where a token names a new one", async () => {
    const keys = keysOf();
    await verified(keys, first);
    issuer.keys = [first.publicJwk, second.publicJwk];
    nowMs += MINUTE_MS;
    await verified(keys, second);
  });

  it("hold no longer than five minutes after the issuer took one back", async () => {
    const keys = keysOf();
    await verified(keys, first);
    issuer.keys = [second.publicJwk];
    nowMs += 5 * MINUTE_MS;
    await expect(verified(keys, first)).rejects.toThrow(/not found/);
  });

  it("are those of now where another one has the same name", async () => {
    const keys = keysOf();
    await verified(keys, first);
    const renamed = { ...second, kid: "key-1" };
    issuer.keys = [{ ...second.publicJwk, kid: "key-1" }];
    nowMs += 5 * MINUTE_MS;
    await verified(keys, renamed);
    await expect(verified(keys, first)).rejects.toThrow(/signature/);
  });

  it("are asked for every ten seconds at most, whatever names tokens make up", async () => {
    const keys = keysOf();
    await verified(keys, first);
    const before = issuer.asked.length;
    for (let index = 0; index < 50; index += 1) {
      await keys.verifierFor(`made-up-${index}`);
      nowMs += 500;
    }
    expect((issuer.asked.length - before) / 2).toBeLessThanOrEqual(3);
  });

  it("hold for an hour while the issuer does not answer, and no longer", async () => {
    const keys = keysOf();
    await verified(keys, first);
    breakDown();
    nowMs += 50 * MINUTE_MS;
    await verified(keys, first);
    expect(stale).toEqual([expect.any(IssuerUnavailableError)]);
    nowMs += 11 * MINUTE_MS;
    await expect(verified(keys, first)).rejects.toThrow(IssuerUnavailableError);
    issuer.answers.clear();
    nowMs += MINUTE_MS;
    await verified(keys, first);
  });

  it("are none before the issuer first answers, which is no fault of the token", async () => {
    breakDown();
    const keys = keysOf();
    await expect(verified(keys, first)).rejects.toThrow(/ISSUER|answers 500/);
    issuer.answers.clear();
    nowMs += 10_000;
    await verified(keys, first);
  });

  it("that we do not know the kind of cost the others nothing", async () => {
    issuer.keys = [{ kty: 7 } as never, { kty: "AKP", kid: "pq", alg: "ML-DSA-44", pub: "x" }, first.publicJwk];
    await verified(keysOf(), first);
  });
});

describe("metadata of the issuer", () => {
  const OPENID = "/tenant/.well-known/openid-configuration";
  const failing = () => fetchKeys(issuer.url, fetching);

  it("is looked for as OpenID Connect has it, and as OAuth 2 has it", async () => {
    expect(metadataUrls("https://login.example/tenant/")).toEqual([
      "https://login.example/tenant/.well-known/openid-configuration",
      "https://login.example/.well-known/oauth-authorization-server/tenant",
    ]);
    issuer.answers.set(OPENID, { status: 404, body: "" });
    issuer.answers.set("/.well-known/oauth-authorization-server/tenant", {
      status: 200,
      body: JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }),
    });
    expect((await failing()).keys).toHaveLength(1);
  });

  it.each<[string, { readonly status: number; readonly body: string } | Record<string, unknown>, RegExp]>([
    ["of another issuer", { issuer: "https://issuer.example" }, /names "https:\/\/issuer.example"/],
    ["without an issuer", { issuer: undefined }, /its metadata names/],
    ["without an address of keys", { jwks_uri: undefined }, /no jwks_uri/],
    ["with keys in a file", { jwks_uri: "file:///etc/passwd" }, /no jwks_uri/],
    ["that is none", { status: 200, body: "<html>" }, /gave nothing to be used/],
    ["that is a text", { status: 200, body: '"x"' }, /no JSON object/],
    ["that is nowhere", { status: 404, body: "" }, /no metadata/],
    ["that leads elsewhere", { status: 302, body: "" }, /gave nothing to be used/],
    ["that is too long", { status: 200, body: `"${"x".repeat(300_000)}"` }, /gave nothing to be used/],
  ])("is refused: one %s", async (_what, given, message) => {
    if ("status" in given) issuer.answers.set(OPENID, given as never);
    else issuer.metadata = given;
    await expect(failing()).rejects.toThrow(message);
    await expect(failing()).rejects.toBeInstanceOf(IssuerUnavailableError);
  });

  it("with keys over plain http is refused of an issuer that is not on loopback", async () => {
    const metadata = { issuer: "https://issuer.example", jwks_uri: "http://issuer.example/keys" };
    const answering = (() => Promise.resolve(Response.json(metadata))) as typeof fetch;
    await expect(fetchKeys("https://issuer.example", { fetch: answering, leftMs: () => 1000 })).rejects.toThrow(
      /no jwks_uri with https/,
    );
  });
});
