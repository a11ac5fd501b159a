import { describe, expect, it } from "@jest/globals";
import { principalOf } from "../../../core/access/principal.ts";

const NOW_MS = 1_796_000_000_000;
const context = {
  principalId: "erp",
  subject: "erp",
  clientId: "client-1",
  scopes: "transactions:read audit:read",
  merchantId: "",
  expiresAt: String(NOW_MS / 1000 + 60),
};

describe("who makes a request", () => {
  it("is whom the authorizer found in the token", () => {
    expect(principalOf(context, NOW_MS)).toEqual({
      subject: "erp",
      clientId: "client-1",
      scopes: new Set(["transactions:read", "audit:read"]),
    });
    expect(principalOf({ ...context, merchantId: "acme" }, NOW_MS)).toMatchObject({ merchantId: "acme" });
  });

  it("is nobody once the token has expired, however long API Gateway keeps what was said of it", () => {
    expect(principalOf(context, NOW_MS + 69_000)).toBeDefined();
    expect(principalOf(context, NOW_MS + 70_000)).toBeUndefined();
  });

  it.each<[string, object | undefined | null]>([
    ["no context", undefined],
    ["null", null],
    ["an empty one", {}],
    ["no subject", { ...context, subject: "" }],
    ["a client that is no text", { ...context, clientId: 1 }],
    ["no scopes", { ...context, scopes: undefined }],
    ["no word of a merchant", { ...context, merchantId: undefined }],
    ["an end that is no time", { ...context, expiresAt: "never" }],
    ["an end that is empty", { ...context, expiresAt: "" }],
  ])("is nobody with %s", (_what, given) => {
    expect(principalOf(given, NOW_MS)).toBeUndefined();
  });
});
