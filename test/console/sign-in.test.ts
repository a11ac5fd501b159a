import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { decodeJwt } from "jose";
import { beginSignIn, completeSignIn, type SignInParts } from "../../console/src/session/sign-in.ts";
import { type IssuerServer, startIssuer } from "../../local/issuer/issuer-server.ts";

const ORIGIN = "http://127.0.0.1:9329";
let issuer: IssuerServer;

beforeAll(async () => {
  issuer = await startIssuer({ port: 0, audience: "confirmations" });
});
afterAll(() => issuer.stop());

function config() {
  return { issuer: issuer.issuer, clientId: "console", scopes: ["openid", "transactions:read", "merchants:read"] };
}

function parts(): SignInParts {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  return { origin: ORIGIN, storage, nowMs: () => 1000 };
}

/** What a person does at the issuer's page. @returns where the browser is sent */
async function sayWho(target: URL, who: Readonly<Record<string, string>>): Promise<URL> {
  expect((await fetch(target)).status).toBe(200);
  const form = new URLSearchParams({ query: target.searchParams.toString(), ...who });
  const response = await fetch(new URL("/authorize", target), { method: "POST", body: form, redirect: "manual" });
  expect(response.status).toBe(303);
  return new URL(response.headers.get("location") ?? "");
}

describe("signing in", () => {
  it("gives a token of who one said to be, and leads back to the page that was asked for", async () => {
    const here = parts();
    const target = await beginSignIn(config(), "/transactions/t-1", here);
    expect(target.searchParams.get("code_challenge_method")).toBe("S256");
    const back = await sayWho(target, { subject: "anna", merchant_id: "acme" });
    expect(back.origin + back.pathname).toBe(`${ORIGIN}/signed-in`);

    const { access, returnTo } = await completeSignIn(config(), back, here);

    expect(returnTo).toBe("/transactions/t-1");
    expect(access.expiresAt).toBe(1000 + 3600_000);
    const signOut = new URL(access.signOutUrl ?? "");
    expect(signOut.origin).toBe(issuer.issuer);
    expect(Object.fromEntries(signOut.searchParams)).toEqual({
      client_id: "console",
      post_logout_redirect_uri: `${ORIGIN}/signed-out`,
      logout_uri: `${ORIGIN}/signed-out`,
      id_token_hint: expect.stringMatching(/^ey/),
    });
    expect(decodeJwt(access.token)).toMatchObject({
      sub: "anna",
      client_id: "console",
      aud: "confirmations",
      merchant_id: "acme",
      scope: "transactions:read merchants:read",
    });
  });

  it("takes a code once", async () => {
    const here = parts();
    const back = await sayWho(await beginSignIn(config(), "/", here), { subject: "anna" });
    const again = parts();
    again.storage.setItem("console.signing-in", here.storage.getItem("console.signing-in") ?? "");
    await completeSignIn(config(), back, here);
    await expect(completeSignIn(config(), back, here)).rejects.toMatchObject({ code: "not begun" });
    await expect(completeSignIn(config(), back, again)).rejects.toThrow();
  });

  it.each(["//elsewhere.example/x", "/\\elsewhere.example/x", "elsewhere.example/x"])(
    "leads back to this origin, whatever the address was: %s",
    async (address) => {
      const here = parts();
      const back = await sayWho(await beginSignIn(config(), address, here), { subject: "anna" });
      const { returnTo } = await completeSignIn(config(), back, here);
      expect(new URL(returnTo, ORIGIN).href).toBe(`${ORIGIN}/elsewhere.example/x`);
    },
  );

  it("says that the issuer is not there", async () => {
    const nowhere = { ...config(), issuer: "http://127.0.0.1:1" };
    await expect(beginSignIn(nowhere, "/", parts())).rejects.toMatchObject({ code: "issuer unreachable" });
  });

  it("takes no response that it did not ask for", async () => {
    const here = parts();
    const back = await sayWho(await beginSignIn(config(), "/", here), { subject: "mallory" });
    const victim = parts();
    await beginSignIn(config(), "/", victim);
    await expect(completeSignIn(config(), back, victim)).rejects.toThrow();
  });

  it("says what the issuer says when it refuses", async () => {
    const here = parts();
    const { searchParams } = await beginSignIn(config(), "/", here);
    const state = searchParams.get("state") ?? "";
    const back = new URL(`${ORIGIN}/signed-in`);
    const said = { error: "access_denied", error_description: "not today", state, iss: issuer.issuer };
    back.search = new URLSearchParams(said).toString();
    await expect(completeSignIn(config(), back, here)).rejects.toThrow("access_denied: not today");
  });

  it("takes no code of a response that names another issuer", async () => {
    const here = parts();
    const back = await sayWho(await beginSignIn(config(), "/", here), { subject: "anna" });
    back.searchParams.set("iss", "http://127.0.0.1:1");
    await expect(completeSignIn(config(), back, here)).rejects.toThrow();
  });
});
