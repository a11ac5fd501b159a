import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { JobStore } from "../../../core/aws/job-store.ts";
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
  world.sendingParts = async () => undefined;
});

const WRITES = { scopes: "redeliveries:write audit:read" };
const READS = { scopes: "transactions:read" };
type Token = Parameters<World["ask"]>[2] extends infer More ? NonNullable<More> : never;
const ask = (method: string, path: string, body?: unknown, token: Token["token"] = WRITES) =>
  world.ask(method, path, { token, ...(body !== undefined && { body }) });
const ofAcme = { filter: { merchantId: "acme", state: "FAILED" }, reason: "their database was restored" };
const create = async (more: object = {}, token: Token["token"] = WRITES): Promise<string> => {
  const { status, body } = await ask("POST", "/redeliveries", { ...ofAcme, ...more }, token);
  expect(status).toBe(202);
  return body["jobId"] ?? "";
};
const stateOf = async (jobId: string) => (await ask("GET", `/redeliveries/${jobId}`)).body["state"];

describe("asking for a redelivery", () => {
  it("notes it, says where it is, sends messages for its parts, and tells of it in the audit log", async () => {
    const { status, headers, body } = await ask("POST", "/redeliveries", { ...ofAcme, ratePerSecond: 7 });
    const jobId: string = body["jobId"] ?? "";
    expect([status, headers.get("location")]).toEqual([202, `/v1/redeliveries/${jobId}`]);
    expect(body).toMatchObject({
      state: "running",
      filter: { merchantId: "acme", state: "FAILED" },
      merchantId: "acme",
      reason: "their database was restored",
      ratePerSecond: 7,
      requestedBy: "tests",
      counts: { matched: 0, sent: 0, skipped: 0, skippedBy: {} },
    });
    expect(world.parts).toEqual([0, 1].map((part) => ({ id: { jobId, pass: "run", part }, afterMs: 2000 })));
    const log = await ask("GET", `/audit-log?resource=redeliveries/${jobId}`);
    expect(log.body["items"]).toEqual([
      expect.objectContaining({
        action: "createRedelivery",
        actor: { subject: "tests", clientId: "client" },
        after: expect.objectContaining({ reason: "their database was restored", dryRun: false, ratePerSecond: 7 }),
      }),
    ]);
  });

  it("of ids is one part of them", async () => {
    const jobId = await create({ filter: { transactionIds: ["t-1", "t-2", "t-1"] } });
    expect(world.parts.map(({ id }) => id)).toEqual([{ jobId, pass: "run", part: 0 }]);
    const { body } = await ask("GET", `/redeliveries/${jobId}`);
    expect(body).toMatchObject({ filter: { transactionIds: ["t-1", "t-2"] }, ratePerSecond: 50 });
    expect(body).not.toHaveProperty("merchantId");
  });

  it("of all merchants is of live ones, unless it says the sandbox", async () => {
    const shownOf = async (filter: object) =>
      (await ask("POST", "/redeliveries", { ...ofAcme, filter })).body["filter"];
    expect(await shownOf({ state: "FAILED" })).toEqual({ state: "FAILED", environment: "live" });
    const inSandbox = { state: "FAILED", environment: "sandbox" };
    expect(await shownOf(inSandbox)).toEqual(inSandbox);
  });

  it.each([
    [
      "an environment beside a merchant",
      { filter: { merchantId: "acme", environment: "live" } },
      "/filter/environment",
    ],
    ["neither a merchant nor ids nor failed ones", { filter: { state: "CONFIRMED" } }, "/filter/merchantId"],
    ["ids and more", { filter: { transactionIds: ["a"], state: "FAILED" } }, "/filter/state"],
    ["a reason of what did not fail", { filter: { merchantId: "acme", reason: "expired" } }, "/filter/reason"],
    [
      "times the wrong way round",
      { filter: { merchantId: "acme", from: "2026-11-22T10:00:00Z", to: "2026-11-22T10:00:00Z" } },
      "/filter/from",
    ],
    [
      "too many ids",
      { filter: { transactionIds: Array.from({ length: 101 }, (_, id) => `t-${id}`) } },
      "/filter/transactionIds",
    ],
    ["too high a rate", { ratePerSecond: 1001 }, "/ratePerSecond"],
    ["no reason", { reason: " " }, "/reason"],
    ["a state that nothing is sent again in", { filter: { merchantId: "acme", state: "PENDING" } }, "/filter/state"],
  ])("is refused with %s", async (_, more, pointer) => {
    const { status, body } = await ask("POST", "/redeliveries", { ...ofAcme, ...more });
    expect([status, body["code"]]).toEqual([422, "API_BODY_INVALID"]);
    expect(body["errors"]).toEqual([expect.objectContaining({ pointer })]);
    expect(world.parts).toEqual([]);
  });

  it("says how to go on where its work cannot be queued", async () => {
    world.sendingParts = () => Promise.reject(new Error("no queue"));
    const { status, headers, body } = await ask("POST", "/redeliveries", ofAcme);
    expect([status, body["code"]]).toEqual([503, "API_UNAVAILABLE"]);
    world.sendingParts = async () => undefined;
    const path = headers.get("location")?.slice("/v1".length) ?? "";
    expect((await ask("POST", `${path}/resume`)).status).toBe(200);
    expect(world.parts).toHaveLength(2);
  });
});

describe("acts on a redelivery", () => {
  it("start what was counted, pause, resume and cancel it, each noted once", async () => {
    const jobId = await create({ dryRun: true });
    expect(await stateOf(jobId)).toBe("counting");
    expect((await ask("POST", `/redeliveries/${jobId}/start`)).body["code"]).toBe("API_REDELIVERY_CONFLICT");
    const store = new JobStore(world.dynamodb.client, "Jobs", Date.now);
    await store.change(jobId, "counting", { state: "counted", counted: { totals: { new: 3 }, sample: ["t-1"] } });
    expect((await ask("GET", `/redeliveries/${jobId}`)).body).toMatchObject({
      count: 3,
      sample: ["t-1"],
      counts: { matched: 3, sent: 0 },
    });
    world.parts.length = 0;
    for (const [verb, state] of [
      ["start", "running"],
      // Whose response was lost asks again.
      ["start", "running"],
      ["pause", "paused"],
      ["pause", "paused"],
      ["resume", "running"],
      ["cancel", "canceled"],
      ["cancel", "canceled"],
    ] as const) {
      const { status, body } = await ask("POST", `/redeliveries/${jobId}/${verb}`);
      expect([verb, status, body["state"]]).toEqual([verb, 200, state]);
    }
    for (const verb of ["start", "pause", "resume"])
      expect((await ask("POST", `/redeliveries/${jobId}/${verb}`)).status).toBe(409);
    expect(world.parts.every(({ id }) => id.pass === "run")).toBe(true);
    const { body } = await ask("GET", `/audit-log?resource=redeliveries/${jobId}`);
    expect((body["items"] as unknown as { action: string }[]).map(({ action }) => action).toReversed()).toEqual([
      "createRedelivery",
      "startRedelivery",
      "pauseRedelivery",
      "resumeRedelivery",
      "cancelRedelivery",
    ]);
  });

  it("are over at once for one that has sent nothing", async () => {
    const jobId = await create({ dryRun: true });
    const { body } = await ask("POST", `/redeliveries/${jobId}/cancel`);
    expect(body).toMatchObject({ state: "canceled", doneAt: expect.any(String) });
  });
});

describe("who may see and send", () => {
  it("reads with either scope, and writes with one", async () => {
    const jobId = await create();
    expect((await ask("GET", `/redeliveries/${jobId}`, undefined, READS)).status).toBe(200);
    expect((await ask("POST", "/redeliveries", ofAcme, READS)).body["code"]).toBe("API_SCOPE_MISSING");
    expect((await ask("POST", `/redeliveries/${jobId}/pause`, undefined, READS)).status).toBe(403);
  });

  it("narrowed to a merchant sends and sees its own, and nothing else is there", async () => {
    const own = { ...WRITES, merchantId: "acme" };
    const foreign = await create({ filter: { merchantId: "other" } });
    const everyones = await create({ filter: { state: "FAILED" } });
    for (const jobId of [foreign, everyones]) {
      expect((await ask("GET", `/redeliveries/${jobId}`, undefined, own)).status).toBe(404);
      expect((await ask("POST", `/redeliveries/${jobId}/cancel`, undefined, own)).status).toBe(404);
    }
    expect((await ask("POST", "/redeliveries", { ...ofAcme, filter: { merchantId: "other" } }, own)).status).toBe(404);
    const failed = await create({ filter: { state: "FAILED" } }, own);
    expect((await ask("GET", `/redeliveries/${failed}`, undefined, own)).body).toMatchObject({
      merchantId: "acme",
      filter: { merchantId: "acme", state: "FAILED" },
    });
    const byId = await create({ filter: { transactionIds: ["t-1"] } }, own);
    const { body } = await ask("GET", "/redeliveries?limit=100", undefined, own);
    const items = body["items"] as unknown as { jobId: string; merchantId: string }[];
    expect(new Set(items.map(({ merchantId }) => merchantId))).toEqual(new Set(["acme"]));
    expect(items.map(({ jobId }) => jobId)).toEqual(expect.arrayContaining([failed, byId]));
  });

  it("finds nothing under an id that is another row of the table", async () => {
    const jobId = await create();
    for (const id of [`${jobId}%23run%230`, "nobody", "%20"])
      expect((await ask("GET", `/redeliveries/${id}`)).status).toBe(404);
  });
});

describe("the list of redeliveries", () => {
  it("is the newest first, page by page", async () => {
    const made = [await create(), await create(), await create()];
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await ask("GET", `/redeliveries?limit=2${cursor === undefined ? "" : `&cursor=${cursor}`}`);
      seen.push(...(body["items"] as unknown as { jobId: string }[]).map(({ jobId }) => jobId));
      cursor = body["nextCursor"];
    } while (cursor !== undefined);
    expect(seen.slice(0, 3)).toEqual(made.toReversed());
    expect(new Set(seen).size).toBe(seen.length);
  });
});
