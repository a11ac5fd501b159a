import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Shown } from "../../../core/dashboard/shown.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { LIVE_KEPT_MS, transactionsWorld, type World } from "./transactions-world.ts";

const panel = { help: "made up", columns: 12 };
const SHOWN: Shown = {
  endMs: Date.UTC(2026, 10, 22, 12),
  periodSeconds: 60,
  periods: 2,
  sections: [
    {
      title: "All",
      panels: [
        {
          ...panel,
          kind: "lines",
          id: "rates",
          title: "Rates",
          unit: "perSecond",
          series: [{ label: "In", tone: "blue", points: [1 / 3, null], value: 1_234_567 }],
        },
        {
          ...panel,
          kind: "alarms",
          id: "alarms",
          title: "Alarms",
          rows: [{ name: "DeadLetters", state: "ALARM", sinceMs: 0, why: "2 > 0", what: "Given up." }],
        },
      ],
    },
  ],
};

let world: World;
beforeAll(async () => {
  world = await transactionsWorld();
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
const get = (token: object = { scopes: "transactions:read" }) => world.ask("GET", "/live", { token });

describe("the dashboard's numbers", () => {
  it("are shown with their time, and for how long they are fresh", async () => {
    const readAtMs = Date.now() - 20_000;
    world.readLive = async () => ({ value: SHOWN, readAtMs });
    const { status, headers, body } = await get();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      readAt: new Date(readAtMs).toISOString(),
      isLate: false,
      endAt: "2026-11-22T12:00:00.000Z",
      periodSeconds: 60,
      periods: 2,
      sections: [
        {
          title: "All",
          panels: [
            // Whole numbers stay whole; what has a fraction has six digits.
            { id: "rates", series: [{ label: "In", points: [0.333333, null], value: 1_234_567 }] },
            { id: "alarms", rows: [{ name: "DeadLetters", state: "ALARM", since: "1970-01-01T00:00:00.000Z" }] },
          ],
        },
      ],
    });
    const { freshSeconds } = body as unknown as { readonly freshSeconds: number };
    expect(freshSeconds).toBeGreaterThan(0);
    expect(freshSeconds).toBeLessThanOrEqual(40);
    expect(headers.get("cache-control")).toBe(`private, max-age=${freshSeconds}`);
  });

  it("are the last ones, and said to be late, where CloudWatch does not answer", async () => {
    world.readLive = async () => ({ value: SHOWN, readAtMs: Date.now() - 2 * LIVE_KEPT_MS });
    const { status, headers, body } = await get();
    expect([status, body]).toEqual([200, expect.objectContaining({ isLate: true, freshSeconds: 5 })]);
    expect(headers.get("cache-control")).toBe("private, max-age=5");
  });

  it("are not late while somebody is just reading them anew", async () => {
    world.readLive = async () => ({ value: SHOWN, readAtMs: Date.now() - LIVE_KEPT_MS - 1000 });
    expect((await get()).body).toMatchObject({ isLate: false, freshSeconds: 2 });
  });

  it("are none where CloudWatch has never answered, which says so and when to ask again", async () => {
    world.readLive = async () => undefined;
    const { status, headers, body } = await get();
    expect([status, body["code"], body["detail"]]).toEqual([
      503,
      "API_UNAVAILABLE",
      expect.stringMatching(/^CloudWatch has not responded yet/),
    ]);
    expect([headers.get("retry-after"), headers.get("cache-control")]).toEqual(["2", "no-store"]);
  });

  it("are for who may read transactions or operate, and for nobody who is narrowed to a merchant", async () => {
    world.readLive = async () => ({ value: SHOWN, readAtMs: Date.now() });
    expect((await get({ scopes: "operations:write" })).status).toBe(200);
    expect((await get({ scopes: "merchants:read audit:read" })).body["code"]).toBe("API_SCOPE_MISSING");
    expect((await get({ scopes: "transactions:read", merchantId: "acme" })).body["code"]).toBe("API_TOKEN_NARROWED");
  });
});
