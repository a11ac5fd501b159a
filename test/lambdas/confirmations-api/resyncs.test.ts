import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../../support/machine-speed.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  world.parts.length = 0;
});

const token = { scopes: "operations:write audit:read" };
const ask = (method: string, path: string, body?: unknown) =>
  world.ask(method, path, { token, ...(body !== undefined && { body }) });
const create = async (): Promise<string> => {
  const { status, body } = await ask("POST", "/resyncs", { reason: "orders was down" });
  expect(status).toBe(202);
  return body["jobId"] ?? "";
};

describe("asking for a resync", () => {
  it("notes it, has its parts come once rows may be read, and tells of it in the audit log", async () => {
    const { status, headers, body } = await ask("POST", "/resyncs", {
      reason: "orders was down",
      audience: "orders",
      merchantId: "acme",
      ratePerSecond: 7,
    });
    const jobId: string = body["jobId"] ?? "";
    expect([status, headers.get("location")]).toEqual([202, `/v1/resyncs/${jobId}`]);
    expect(body).toMatchObject({
      state: "running",
      merchantId: "acme",
      audience: "orders",
      ratePerSecond: 7,
      counts: { transactions: 0, published: 0, skipped: 0 },
    });
    expect(Date.parse(body["since"] ?? "") - Date.parse(body["createdAt"] ?? "")).toBe(5000);
    expect(world.parts).toEqual([0, 1, 2, 3].map((part) => ({ id: { jobId, pass: "run", part }, afterMs: 30_000 })));
    const log = await ask("GET", `/audit-log?resource=resyncs/${jobId}`);
    expect(log.body["items"]).toEqual([
      expect.objectContaining({ action: "createResync", after: expect.objectContaining({ audience: "orders" }) }),
    ]);
  });

  it("shows it, has it go on, and cancels it once", async () => {
    const jobId = await create();
    expect((await ask("GET", `/resyncs/${jobId}`)).body).toMatchObject({ jobId, state: "running" });
    world.parts.length = 0;
    expect((await ask("POST", `/resyncs/${jobId}/resume`)).status).toBe(200);
    expect(world.parts).toHaveLength(4);
    expect((await ask("POST", `/resyncs/${jobId}/cancel`)).body).toMatchObject({ state: "canceled" });
    expect((await ask("POST", `/resyncs/${jobId}/cancel`)).status).toBe(200);
    expect((await ask("POST", `/resyncs/${jobId}/resume`)).body["code"]).toBe("API_RESYNC_CONFLICT");
    const { body } = await ask("GET", `/audit-log?resource=resyncs/${jobId}`);
    const items = body["items"] as unknown as readonly { readonly action: string }[];
    expect(items.map(({ action }) => action).toSorted()).toEqual(["cancelResync", "createResync"]);
  });

  it("is listed, the newest first, page by page", async () => {
    const [older, newer] = [await create(), await create()];
    const page = async (query: string) => (await ask("GET", `/resyncs?${query}`)).body;
    const first = await page("limit=1");
    expect(first).toMatchObject({ items: [{ jobId: newer, state: "running" }], consistency: "eventual" });
    const second = await page(`limit=1&cursor=${first["nextCursor"] ?? ""}`);
    expect(second).toMatchObject({ items: [{ jobId: older }] });
  });

  it("is refused to whoever is narrowed to a merchant, and to whoever may not operate", async () => {
    for (const [more, code] of [
      [{ ...token, merchantId: "acme" }, "API_TOKEN_NARROWED"],
      [{ scopes: "transactions:read" }, "API_SCOPE_MISSING"],
    ] as const) {
      const { body } = await world.ask("POST", "/resyncs", { token: more, body: { reason: "why not" } });
      expect(body["code"]).toBe(code);
    }
  });

  it("finds no redelivery, and nothing that is not there", async () => {
    expect((await ask("GET", "/resyncs/nothing")).status).toBe(404);
  });
});
