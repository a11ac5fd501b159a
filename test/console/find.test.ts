import { describe, expect, it } from "@jest/globals";
import { apiOf, type Scope } from "../../console/src/api/api.ts";
import { Refusal } from "../../console/src/api/refusal.ts";
import { find } from "../../console/src/find/find.ts";

const MOST_READS = 4;
const never = new AbortController().signal;

/** @param there paths that answer with something */
function apiWith(there: readonly string[], status = 404) {
  const asked: string[] = [];
  const api = apiOf({
    origin: "http://console.example",
    token: () => "token",
    onUnauthenticated: () => undefined,
    fetch: ({ url }) => {
      const { pathname } = new URL(url);
      asked.push(pathname);
      const found = there.includes(pathname);
      return Promise.resolve(Response.json(found ? {} : { detail: "no" }, { status: found ? 200 : status }));
    },
  });
  return { api, asked };
}

describe("what an id finds", () => {
  it("is the transaction and the merchant that have it, in four reads at most", async () => {
    const { api, asked } = apiWith(["/v1/transactions/a%2F1", "/v1/merchants/a%2F1"]);
    expect(await find(api, () => true, "a/1", never)).toEqual([
      { kind: "transaction", id: "a/1" },
      { kind: "merchant", id: "a/1" },
    ]);
    expect(asked.length).toBeLessThanOrEqual(MOST_READS);
  });

  it("is nothing where nothing is one's to see", async () => {
    const { api } = apiWith([]);
    expect(await find(api, () => true, "a", never)).toEqual([]);
  });

  it("asks for nothing that the token is not for", async () => {
    const { api, asked } = apiWith([]);
    await find(api, (scope: Scope) => scope === "merchants:read", "a", never);
    expect(asked).toEqual(["/v1/merchants/a"]);
  });

  it("is a refusal where the API cannot say", async () => {
    const { api } = apiWith([], 503);
    await expect(find(api, () => true, "a", never)).rejects.toThrow(Refusal);
  });
});
