import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readTokenResponse, tokenRequest } from "../../../../core/delivery/oauth2/token-request.ts";
import type { OpenedOAuth2 } from "../../../../core/delivery/opened-connection.ts";
import type { PostResponse } from "../../../../core/delivery/post.ts";

const destination = { origin: "https://token.example", path: "/oauth/token" };
const client: OpenedOAuth2 = {
  merchantId: "m-1",
  name: "one",
  tokenUrl: "https://token.example/oauth/token",
  clientId: "us",
  clientSecret: "hush",
  authMethod: "client_secret_basic",
};
const basicOf = ({ headerLines }: { headerLines: string }) =>
  Buffer.from(/authorization: Basic (\S+)\r\n/.exec(headerLines)?.[1] ?? "", "base64").toString();

describe("the request for a token", () => {
  it("says who asks in the way that its server wants, and what for", () => {
    const basic = tokenRequest({ ...client, scope: "a b", audience: "https://hook.example" }, destination);
    expect(basicOf(basic)).toBe("us:hush");
    expect(basic.body).toBe("grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fhook.example");
    const posted = tokenRequest({ ...client, authMethod: "client_secret_post" }, destination);
    expect(posted.headerLines).not.toContain("authorization");
    expect(posted.body).toBe("grant_type=client_credentials&client_id=us&client_secret=hush");
  });

  it("has credentials encoded before they are joined, so that nothing in them ends a part or a line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (clientId, clientSecret) => {
        const request = tokenRequest({ ...client, clientId, clientSecret }, destination);
        const [id = "", secret = "", ...more] = basicOf(request).split(":");
        expect(more).toEqual([]);
        const decoded = new URLSearchParams(`id=${id}&secret=${secret}`);
        expect([decoded.get("id"), decoded.get("secret")]).toEqual([
          clientId.toWellFormed(),
          clientSecret.toWellFormed(),
        ]);
        expect(request.headerLines.split("\r\n")).toHaveLength(6);
      }),
    );
  });
});

const response = (body: unknown, status = 200, isWhole = true): PostResponse => ({
  kind: "response",
  status,
  headers: {},
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  isWhole,
});
const token = { access_token: "abc", token_type: "Bearer", expires_in: 600 };

describe("the response of a token server", () => {
  it("is a token and its life", () => {
    expect(readTokenResponse(response(token))).toEqual({ value: "abc", lifeMs: 600_000 });
    expect(readTokenResponse(response({ ...token, token_type: "bearer" }))).toHaveProperty("value", "abc");
  });

  it.each<[unknown, number]>([
    [undefined, 300_000],
    [null, 300_000],
    ["600", 600_000],
    ["soon", 300_000],
    [0.5, 500],
    [86_400, 3_600_000],
    [1e308, 3_600_000],
    [{}, 300_000],
  ])("with expires_in %j lives %i ms", (expiresIn, lifeMs) => {
    expect(readTokenResponse(response({ ...token, expires_in: expiresIn }))).toEqual({ value: "abc", lifeMs });
  });

  it.each<[string, PostResponse]>([
    ["a token that has ended", response({ ...token, expires_in: 0 })],
    ["a token that ended before", response({ ...token, expires_in: -5 })],
    ["no token", response({ token_type: "Bearer" })],
    ["an empty token", response({ ...token, access_token: "" })],
    ["a token with CRLF", response({ ...token, access_token: "a\r\nhost: other" })],
    ["a token with a space", response({ ...token, access_token: "a b" })],
    ["a token with another alphabet", response({ ...token, access_token: "ä" })],
    ["a token that is no text", response({ ...token, access_token: { a: 1 } })],
    ["a token that is too long", response({ ...token, access_token: "a".repeat(8193) })],
    ["a token of another type", response({ ...token, token_type: "mac" })],
    ["a type that is no text", response({ ...token, token_type: 1 })],
    ["more than is read", response(token, 200, false)],
    ["no JSON", response("<html>")],
    ["a list", response([token])],
    ["nothing", response("")],
    ["a redirect", response("", 302)],
    ["201", response(token, 201)],
    ["204", response("", 204)],
    ["500", response("", 500)],
  ])("is refused with %s", (_, given) => {
    expect(readTokenResponse(given)).toEqual({ error: expect.stringMatching(/^the token server answered/) });
  });

  it("tells the code of an error that is registered, and nothing else that it says", () => {
    const refused = { error: "invalid_client", error_description: "hush hush" };
    expect(readTokenResponse(response(refused, 401))).toEqual({
      error: "the token server answered 401, invalid_client",
    });
    expect(readTokenResponse(response({ error: "hush hush" }, 400))).toEqual({
      error: "the token server answered 400",
    });
    expect(JSON.stringify(readTokenResponse(response({ ...token, access_token: "hush hush" })))).not.toContain("hush");
  });
});
