import { describe, expect, it } from "@jest/globals";
import { SCOPES } from "../../../core/access/scopes.ts";
import { confirmationsApi } from "../../../lambdas/confirmations-api/app.ts";

/** @param authorizer what it said of the token; left out for none */
async function ask(authorizer?: Readonly<Record<string, string>>) {
  const app = confirmationsApi({ logError: () => undefined } as never);
  const requestContext = { requestId: "r-1", ...(authorizer !== undefined && { authorizer }) };
  const response = await app.request("/v1/access", {}, { requestContext });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const anna = { subject: "anna", clientId: "console", scopes: "", merchantId: "" };

describe("what a token lets one do", () => {
  it("is said with whom the token is narrowed to", async () => {
    const { status, body } = await ask({
      ...anna,
      scopes: "audit:read transactions:read openid strange",
      merchantId: "acme",
    });
    expect(status).toBe(200);
    expect(body).toEqual({ subject: "anna", scopes: ["transactions:read", "audit:read"], merchantId: "acme" });
  });

  it.each(Object.keys(SCOPES))("is said to who has the scope %s alone", async (scope) => {
    expect((await ask({ ...anna, scopes: scope })).body).toEqual({ subject: "anna", scopes: [scope] });
  });

  it("is said to nobody without a token, nor to whom a token lets do nothing", async () => {
    expect((await ask()).status).toBe(401);
    expect((await ask({ ...anna, scopes: "openid" })).status).toBe(403);
  });
});
