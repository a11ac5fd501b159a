import { describe, expect, it } from "@jest/globals";
import { type Answer, type Asked, ran } from "./surroundings.ts";

const merchant = {
  merchantId: "acme",
  environment: "live",
  mode: "shadow",
  liveFrom: "2026-12-01T12:00:00.000Z",
  switches: [{ mode: "shadow" }, { mode: "live", from: "2026-12-01T12:00:00.000Z" }],
  ownership: { origins: [] },
  secret: "derived",
  secretKeyVersion: "1",
  signatures: ["v1"],
};
const counts = {
  transactions: 10,
  confirmedByPipeline: 4,
  confirmedByOldSystem: 6,
  both: 1,
  neither: 1,
  underway: 0,
  oldSystemAlone: 0,
  pipelineAlone: 1,
  againstTheRule: 1,
};
const page = {
  merchantId: "acme",
  mode: "shadow",
  switches: merchant.switches,
  counts,
  latencies: { pipeline: [{ ms: 200, count: 9 }], oldSystem: [{ ms: 60_000, count: 6 }] },
  examples: { both: ["t-1"], neither: ["t-2"], oldSystemAlone: [], pipelineAlone: ["t-2"], againstTheRule: ["t-1"] },
  unknownHere: { count: 2, isMore: false, examples: ["n-1", "n-2"] },
  consistency: "eventual",
};
const { unknownHere: _, ...nextPage } = page;

describe("cutover switch", () => {
  it("says from when on which system confirms", async () => {
    const at = "2026-12-01T12:00:00Z";
    const { code, stdout, asked } = await ran(["cutover", "switch", "acme", "live", "--live-from", at], () => ({
      body: merchant,
    }));
    expect(code).toBe(0);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /prod/v1/merchants/acme/mode"]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ mode: "live", liveFrom: at });
    expect(stdout).toMatch(/shadow.*2026-12-01T12:00:00\.000Z/);
  });

  it("takes a mode that there is", async () => {
    const { code, stderr, asked } = await ran(["cutover", "switch", "acme", "dark"]);
    expect([code, asked]).toEqual([2, []]);
    expect(stderr).toMatch(/live, mirror, shadow/);
  });
});

describe("cutover confirmed", () => {
  it.each([
    [false, /^Noted: the old system confirmed t-1\./],
    [true, /delivered from here too: both systems confirmed t-1/],
  ])("notes what the old system confirmed; overlap: %s", async (overlap, text) => {
    const args = ["cutover", "confirmed", "t-1", "--of", "2", "--at", "2026-12-01T12:00:00Z"];
    const { stdout, asked } = await ran(args, () => ({ body: { transactionId: "t-1", version: 2, overlap } }));
    expect(asked[0]?.path).toBe("/prod/v1/transactions/t-1/elsewhere");
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ version: 2, confirmedAt: "2026-12-01T12:00:00Z" });
    expect(stdout).toMatch(text);
  });
});

describe("cutover status", () => {
  const answer = ({ path }: Asked): Answer => {
    if (path.startsWith("/prod/v1/merchants?")) {
      const others = { ...merchant, switches: undefined, merchantId: "never-switched" };
      return { body: { items: path.includes("sandbox") ? [] : [others, merchant], consistency: "eventual" } };
    }
    return { body: path.includes("cursor=") ? nextPage : { ...page, nextCursor: "next" } };
  };

  it("adds up the pages of each merchant that was ever switched", async () => {
    const { code, stdout, asked } = await ran(["cutover", "status", "--json"], answer);
    expect(code).toBe(0);
    expect(asked.map(({ path }) => path).filter((path) => path.includes("/cutover"))).toEqual([
      "/prod/v1/merchants/acme/cutover",
      "/prod/v1/merchants/acme/cutover?cursor=next",
    ]);
    const { items, totals } = JSON.parse(stdout) as { items: object[]; totals: object };
    expect(items).toEqual([
      expect.objectContaining({
        merchantId: "acme",
        transactions: 20,
        both: 2,
        confirmedByOldSystem: 12,
        latencyMs: {
          pipeline: { count: 18, p50: 200, p95: 200, p99: 200 },
          oldSystem: { count: 12, p50: 60_000, p95: 60_000, p99: 60_000 },
        },
        unknownHere: { count: 2, isMore: false, examples: ["n-1", "n-2"] },
      }),
    ]);
    expect(totals).toMatchObject({ transactions: 20, both: 2, neither: 2 });
  });

  it("is of those that are named, and of a time, and shows a person the same", async () => {
    const args = ["cutover", "status", "acme", "--from", "2026-11-01T00:00:00Z", "--to", "2026-12-01T00:00:00Z"];
    const { stdout, asked } = await ran(args, () => ({ body: page }));
    expect(asked.map(({ path }) => path)).toEqual([
      "/prod/v1/merchants/acme/cutover?from=2026-11-01T00%3A00%3A00Z&to=2026-12-01T00%3A00%3A00Z",
    ]);
    expect(stdout).toMatch(/acme/);
    expect(stdout).toMatch(/t-1/);
  });
});
