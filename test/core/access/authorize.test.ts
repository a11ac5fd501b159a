import { describe, expect, it } from "@jest/globals";
import { authorize } from "../../../core/access/authorize.ts";
import { type OperationAccess, type OperationId, OPERATIONS } from "../../../core/access/operations.ts";
import type { Principal } from "../../../core/access/principal.ts";
import { SCOPES } from "../../../core/access/scopes.ts";

const ids = Object.keys(OPERATIONS) as OperationId[];
const guarded = ids.filter((id) => OPERATIONS[id].scopes.length > 0);
const bearing = (scopes: readonly string[], merchantId?: string): Principal => ({
  subject: "s",
  clientId: "c",
  scopes: new Set(scopes),
  ...(merchantId !== undefined && { merchantId }),
});
const all = Object.keys(SCOPES);

describe("authorize", () => {
  it.each(guarded)("%s wants a token", (id) => {
    expect(authorize(undefined, id, { merchantId: "acme" }).kind).toBe("unauthenticated");
  });

  it.each(guarded)("%s wants one of its scopes, and no other helps", (id) => {
    const { scopes }: OperationAccess = OPERATIONS[id];
    for (const scope of scopes) expect(authorize(bearing([scope]), id).kind).toBe("allowed");
    const others = all.filter((scope) => !scopes.some((one) => one === scope));
    expect(authorize(bearing(others), id)).toEqual({ kind: "scope missing", scopes });
  });

  it.each(guarded)("%s shows a token that is narrowed to a merchant nothing of another's", (id) => {
    expect(authorize(bearing(all, "acme"), id, { merchantId: "other" }).kind).toMatch(/^(foreign|narrowed)$/);
    expect(authorize(bearing(all, "acme"), id, { merchantId: "" }).kind).toMatch(/^(foreign|narrowed)$/);
  });

  it.each(guarded)("%s takes a narrowed token for its own, or not at all", (id) => {
    const expected = OPERATIONS[id].narrowed === "refused" ? "narrowed" : "allowed";
    expect(authorize(bearing(all, "acme"), id, { merchantId: "acme" }).kind).toBe(expected);
  });

  it("lets no narrowed token submit transactions", () => {
    // To see what a token lets one do submits nothing.
    for (const id of guarded.filter((one) => one !== "getAccess"))
      if ((OPERATIONS[id].scopes as readonly string[]).includes("transactions:write"))
        expect(authorize(bearing(all, "acme"), id, { merchantId: "acme" }).kind).toBe("narrowed");
  });
});
