import { describe, expect, it } from "@jest/globals";
import { apiOf, type Scope } from "../../console/src/api/api.ts";
import { Refusal } from "../../console/src/api/refusal.ts";
import { find } from "../../console/src/find/find.ts";

const MOST_READS = 4;
const MERCHANTS = "/v1/merchants?prefix=a%2F1&limit=20";
const never = new AbortController().signal;

/** @param there what the API responds with, by path; what is not among it is not there */
function apiWith(there: Readonly<Record<string, object>>, status = 404) {
  const asked: string[] = [];
  const api = apiOf({
    origin: "http://console.example",
    token: () => "token",
    onUnauthenticated: () => undefined,
    fetch: ({ url }) => {
      const { pathname, search } = new URL(url);
      asked.push(pathname + search);
      const found = there[pathname + search];
      return Promise.resolve(Response.json(found ?? { detail: "no" }, { status: found === undefined ? status : 200 }));
    },
  });
  return { api, asked };
}

describe("what a text finds", () => {
  it("is the transaction with that id and merchants whose ids begin so, in four reads at most", async () => {
    const items = [{ merchantId: "a/1" }, { merchantId: "a/10" }];
    const { api, asked } = apiWith({ "/v1/transactions/a%2F1": {}, [MERCHANTS]: { items } });
    expect(await find(api, () => true, "a/1", never)).toEqual({
      findings: [
        { kind: "transaction", id: "a/1" },
        { kind: "merchant", id: "a/1" },
        { kind: "merchant", id: "a/10" },
      ],
      isMore: false,
    });
    expect(asked.length).toBeLessThanOrEqual(MOST_READS);
  });

  it("says where there are more merchants", async () => {
    const { api } = apiWith({ [MERCHANTS]: { items: [{ merchantId: "a/10" }], nextCursor: "next" } });
    expect(await find(api, () => true, "a/1", never)).toMatchObject({ isMore: true });
  });

  it("is nothing where nothing is one's to see", async () => {
    const { api } = apiWith({});
    expect(await find(api, () => true, "a", never)).toEqual({ findings: [], isMore: false });
  });

  it("asks for nothing that the token is not for", async () => {
    const { api, asked } = apiWith({});
    await find(api, (scope: Scope) => scope === "merchants:read", "a/1", never);
    expect(asked).toEqual([MERCHANTS]);
  });

  it("is a refusal where the API cannot say", async () => {
    const { api } = apiWith({}, 503);
    await expect(find(api, () => true, "a", never)).rejects.toThrow(Refusal);
  });
});
