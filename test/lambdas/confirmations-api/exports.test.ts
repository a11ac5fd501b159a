import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { JobStore } from "../../../core/aws/job-store.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { API_TABLES } from "./api-tables.ts";
import { type Token, transactionsWorld, type World } from "./transactions-world.ts";

let world: World;
let store: JobStore;
beforeAll(async () => {
  world = await transactionsWorld();
  store = new JobStore(world.dynamodb.client, API_TABLES.jobsTable, Date.now);
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const NOVEMBER = { merchantId: "acme", from: "2026-11-01T00:00:00Z", to: "2026-12-01T01:00:00+01:00" };
const token = { scopes: "transactions:read" };
const asked = (body: object = {}, more: Token = {}) =>
  world.ask("POST", "/exports", { body: { ...NOVEMBER, ...body }, token: { ...token, ...more } });
const get = (path: string, more: Token = {}) => world.ask("GET", path, { token: { ...token, ...more } });
const idOf = async (...given: Parameters<typeof asked>): Promise<string> => (await asked(...given)).body["jobId"] ?? "";

async function over(jobId: string, totals: Readonly<Record<string, number>>, doneAt = Date.now()): Promise<void> {
  expect(await store.change(jobId, "running", { state: "done", totals, doneAt })).toBe(true);
}

describe("an export", () => {
  it("is noted and queued, and tells the audit log who asked for what", async () => {
    world.parts.length = 0;
    const { status, body, headers } = await asked({ reason: "their accounts", state: "CONFIRMED" });
    const jobId: string = body["jobId"] ?? "";
    expect([status, headers.get("location")]).toEqual([202, `/v1/exports/${jobId}`]);
    expect(body).toMatchObject({
      state: "running",
      merchantId: "acme",
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-12-01T00:00:00.000Z",
      format: "csv",
      transactionState: "CONFIRMED",
      counts: { rows: 0, bytes: 0 },
    });
    expect(world.parts).toEqual([{ id: { jobId, pass: "run", part: 0 }, afterMs: 2000 }]);
    const log = await world.ask("GET", `/audit-log?resource=exports/${jobId}`, { token: { scopes: "audit:read" } });
    const after = { merchantId: "acme", reason: "their accounts", from: "2026-11-01T00:00:00.000Z" };
    expect(log.body["items"]).toEqual([
      expect.objectContaining({ action: "createExport", after: expect.objectContaining(after) }),
    ]);
  });

  it.each([
    ["no merchant", { merchantId: undefined }, "/merchantId"],
    ["an end before its beginning", { to: NOVEMBER.from }, "/from"],
    ["a beginning that is to come", { from: "2999-01-01T00:00:00Z", to: undefined }, "/from"],
    ["more than a year", { from: "2025-11-01T00:00:00Z" }, "/from"],
    ["no time", { from: "November" }, "/from"],
    ["a format that there is not", { format: "xlsx" }, "/format"],
    ["no beginning", { from: undefined }, "/from"],
  ])("is refused with %s", async (_, body, pointer) => {
    const { status, body: problem } = await asked(body);
    expect([status, problem["errors"]]).toEqual([422, [expect.objectContaining({ pointer })]]);
  });

  it("of a merchant's token is that merchant's, and no other's", async () => {
    const jobId = await idOf({ merchantId: undefined }, { merchantId: "acme" });
    expect((await get(`/exports/${jobId}`, { merchantId: "acme" })).body).toMatchObject({ merchantId: "acme" });
    expect((await get(`/exports/${jobId}`, { merchantId: "other" })).status).toBe(404);
    expect((await get(`/exports/${jobId}/file`, { merchantId: "other" })).status).toBe(404);
    expect((await asked({}, { merchantId: "other" })).status).toBe(404);
    expect((await get("/exports", { merchantId: "other" })).body["items"]).toEqual([]);
    expect((await get("/exports", { merchantId: "acme" })).body["items"]).toContainEqual(
      expect.objectContaining({ jobId }),
    );
  });

  it("needs the scope that reads transactions", async () => {
    expect((await asked({}, { scopes: "imports:write" })).body["code"]).toBe("API_SCOPE_MISSING");
  });

  it("has a file once it is done, at an address for minutes, for as long as files are kept", async () => {
    const jobId = await idOf({ format: "jsonl" });
    expect((await get(`/exports/${jobId}/file`)).body["code"]).toBe("API_EXPORT_CONFLICT");
    await over(jobId, { rows: 3, bytes: 700 });
    const { body } = await get(`/exports/${jobId}`);
    expect(body).toMatchObject({ state: "done", counts: { rows: 3, bytes: 700 }, fileUntil: expect.any(String) });
    const file = await get(`/exports/${jobId}/file`);
    const url = new URL(file.body["url"] ?? "");
    expect([url.host, url.pathname]).toEqual(["imports.s3.eu-west-1.amazonaws.com", `/exports/${jobId}.jsonl`]);
    expect([url.searchParams.get("X-Amz-Expires"), file.body["bytes"]]).toEqual(["300", 700]);

    const old = await idOf();
    await over(old, { rows: 3, bytes: 700 }, Date.now() - 8 * 86_400_000);
    const gone = await get(`/exports/${old}/file`);
    expect([gone.status, gone.body["detail"]]).toEqual([409, expect.stringMatching(/kept until .*export it anew/)]);
  });

  it("that came to too much says so, and has no file", async () => {
    const jobId = await idOf();
    await over(jobId, { rows: 3, bytes: 700, tooLarge: 1 });
    expect((await get(`/exports/${jobId}`)).body).toMatchObject({ state: "too_large" });
    expect((await get(`/exports/${jobId}/file`)).status).toBe(409);
  });

  it("is paused, resumed and canceled, and not once it is over", async () => {
    const jobId = await idOf();
    const act = (verb: string) => world.ask("POST", `/exports/${jobId}/${verb}`, { token });
    world.parts.length = 0;
    for (const [verb, state] of [
      ["pause", "paused"],
      ["resume", "running"],
      ["resume", "running"],
      ["cancel", "canceled"],
      ["cancel", "canceled"],
    ] as const) {
      const { status, body } = await act(verb);
      expect([status, body["state"]]).toEqual([200, state]);
    }
    expect(world.parts.length).toBe(4);
    const { status, body } = await act("resume");
    expect([status, body["code"]]).toEqual([409, "API_EXPORT_CONFLICT"]);
  });

  it("is none where the job is of another kind", async () => {
    const upload = await world.ask("POST", "/imports/uploads", { body: {}, token: { scopes: "imports:write" } });
    expect((await get(`/exports/${upload.body["jobId"]}`)).status).toBe(404);
  });

  it("says how to go on where its work could not be queued", async () => {
    world.sendingParts = () => Promise.reject(new Error("no queue"));
    const { status, body } = await asked();
    world.sendingParts = async () => undefined;
    expect([status, body["detail"]]).toEqual([503, expect.stringMatching(/send POST \/v1\/exports\/[^/]+\/resume/)]);
  });
});
