import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { EvidenceStore } from "../../../core/aws/evidence-store.ts";
import { JobStore } from "../../../core/aws/job-store.ts";
import { type Job, jobRow } from "../../../core/jobs/job.ts";
import { undecided } from "../../../core/restore/restored-rows.ts";
import { pendingRow } from "../../core/restore/restore-rows.ts";
import { text } from "../../support/rows.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { API_TABLES } from "./api-tables.ts";
import { transactionsWorld, type World } from "./transactions-world.ts";

const BACKUP = "Transactions-restored";
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString();

let world: World;
let store: JobStore;
beforeAll(async () => {
  world = await transactionsWorld();
  const { client } = world.dynamodb;
  store = new JobStore(client, API_TABLES.jobsTable, Date.now);
  for (const [TableName, key] of [
    [BACKUP, "transactionId"],
    ["Transactions-restored-jobs", "jobId"],
  ] as const)
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
        KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      }),
    );
}, patienceMs(60_000));
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const token = { scopes: "operations:write" };
const send = (path: string, body?: object) => world.ask("POST", path, { body, token });
const get = (path: string) => world.ask("GET", path, { token });
const planned = (body: object = {}) =>
  send("/restores", { fromTable: BACKUP, restoredTo: YESTERDAY, reason: "a script deleted rows", ...body });
const cancel = (jobId: string) => send(`/restores/${jobId}/cancel`);

/** One whose dry run is over. */
async function counted(totals: Readonly<Record<string, number>> = {}): Promise<string> {
  const { body } = await planned();
  const jobId: string = body["jobId"] ?? "";
  expect(await store.change(jobId, "counting", { state: "counted", counted: { totals, sample: ["t-1"] } })).toBe(true);
  return jobId;
}

describe("a restore", () => {
  it("is noted, begins once the journal has what is recorded now, and is in the audit log", async () => {
    world.parts.length = 0;
    const { status, headers, body } = await planned({ damagedAt: YESTERDAY });
    const jobId: string = body["jobId"] ?? "";
    expect([status, headers.get("location")]).toEqual([202, `/v1/restores/${jobId}`]);
    expect(body).toMatchObject({
      state: "counting",
      fromTable: BACKUP,
      restoredTo: YESTERDAY,
      damagedAt: YESTERDAY,
      sources: ["stream", "journal", "manifests"],
      isApplied: false,
      counts: { transactions: 0, unknown: 0 },
    });
    expect(world.parts).toHaveLength(8);
    expect(world.parts[0]).toEqual({ id: { jobId, pass: "count", part: 0 }, afterMs: 70_000 });
    const log = await world.ask("GET", `/audit-log?resource=restores/${jobId}`, { token: { scopes: "audit:read" } });
    const after = { fromTable: BACKUP, reason: "a script deleted rows" };
    expect(log.body["items"]).toEqual([
      expect.objectContaining({ action: "createRestore", after: expect.objectContaining(after) }),
    ]);
    await cancel(jobId);
  });

  it("waits for no journal that it does not ask", async () => {
    world.parts.length = 0;
    const { body } = await planned({ without: ["journal", "stream"] });
    expect(body["sources"]).toEqual(["manifests"]);
    expect(world.parts[0]?.afterMs).toBe(0);
    await cancel(body["jobId"] ?? "");
  });

  it.each([
    ["a table of another name", { fromTable: "Merchants" }, "/fromTable"],
    ["a table that is not there", { fromTable: "Transactions-restored-2" }, "/fromTable"],
    ["a table of something else", { fromTable: "Transactions-restored-jobs" }, "/fromTable"],
    ["no time where DynamoDB says none", { restoredTo: undefined }, "/restoredTo"],
    ["a time that is to come", { restoredTo: "2999-01-01T00:00:00Z" }, "/restoredTo"],
    ["damage before the backup", { damagedAt: "2001-01-01T00:00:00Z" }, "/damagedAt"],
    ["damage that is to come", { damagedAt: "2999-01-01T00:00:00Z" }, "/damagedAt"],
    ["a source that there is not", { without: ["rumours"] }, "/without/0"],
    ["no reason", { reason: " " }, "/reason"],
  ])("is refused with %s", async (_, body, pointer) => {
    const { status, body: problem } = await planned(body);
    expect([status, problem["errors"]]).toEqual([422, [expect.objectContaining({ pointer })]]);
  });

  it("may be of the table itself, which was restored in its own place", async () => {
    const { status, body } = await planned({ fromTable: "Transactions" });
    expect(status).toBe(202);
    await cancel(body["jobId"] ?? "");
  });

  it("is one at a time, until it is over", async () => {
    const { body } = await planned();
    const jobId: string = body["jobId"] ?? "";
    const other = await planned();
    expect([other.status, other.body["code"]]).toEqual([409, "API_RESTORE_CONFLICT"]);
    expect(other.body["detail"]).toContain(`${jobId} is counting`);
    expect(await store.change(jobId, "counting", { state: "counted", counted: { totals: {}, sample: [] } })).toBe(true);
    expect((await planned()).body["detail"]).toContain(`${jobId} is counted`);
    await cancel(jobId);
    const next = await planned();
    expect(next.status).toBe(202);
    await cancel(next.body["jobId"] ?? "");
  });

  it("is applied no more once its plan is older than what it found is kept for", async () => {
    const jobId = await counted();
    const job = (await store.job(jobId)) as Job;
    const asked = { ...job.asked, createdAt: Date.now() - 7 * 86_400_000 - 1000 };
    const Item = jobRow({ ...job, asked }) as never;
    await world.dynamodb.client.send(new PutItemCommand({ TableName: API_TABLES.jobsTable, Item }));
    const { status, body } = await send(`/restores/${jobId}/apply`);
    expect([status, body["detail"]]).toEqual([409, expect.stringContaining("plan anew")]);
    await cancel(jobId);
  });

  it("is applied once it is planned, paused, resumed and canceled", async () => {
    const jobId = await counted({ backup: 3, sent: 2, table: 1, journal: 4, unknown: 5 });
    const { body } = await get(`/restores/${jobId}`);
    const counts = { restored: 5, sent: 2, takenFromTable: 1, takenFromJournal: 4, unknown: 5, transactions: 15 };
    expect(body).toMatchObject({ state: "counted", plan: counts, sample: ["t-1"] });
    expect((await send(`/restores/${jobId}/pause`)).status).toBe(409);
    world.parts.length = 0;
    for (const [verb, state] of [
      ["apply", "running"],
      ["apply", "running"],
      ["pause", "paused"],
      ["resume", "running"],
      ["cancel", "canceled"],
      ["cancel", "canceled"],
    ] as const) {
      const { status, body: now } = await send(`/restores/${jobId}/${verb}`);
      expect([verb, status, now["state"]]).toEqual([verb, 200, state]);
    }
    expect(world.parts.map(({ id }) => id.pass)).toEqual(Array.from({ length: 5 * 8 }, () => "run"));
    expect((await send(`/restores/${jobId}/apply`)).body["code"]).toBe("API_RESTORE_CONFLICT");
  });

  it("lists what it leaves undecided, as it is by then, and takes decisions once it was applied", async () => {
    const jobId = await counted({ unknown: 3 });
    const evidence = new EvidenceStore(world.dynamodb.client, API_TABLES.jobsTable, Date.now);
    const rows = ["u-1", "u-2"].map((id) => pendingRow({ transactionId: text(id) }));
    for (const id of ["u-1", "u-2", "u-3"]) await evidence.noteUnknown(jobId, id);
    const decide = (body: object) => send(`/restores/${jobId}/decisions`, { reason: "acme says so", ...body });
    expect((await decide({ decision: "send" })).body["code"]).toBe("API_RESTORE_CONFLICT");
    const states = async () => {
      const first = await get(`/restores/${jobId}/undecided?limit=2`);
      const rest = await get(`/restores/${jobId}/undecided?limit=2&cursor=${first.body["nextCursor"]}`);
      const items: readonly Record<string, unknown>[] = [...first.body["items"]!, ...rest.body["items"]!];
      return items.map(({ transactionId, state }) => [transactionId, state]);
    };
    expect(await states()).toEqual([
      ["u-1", "planned"],
      ["u-2", "planned"],
      ["u-3", "planned"],
    ]);
    await send(`/restores/${jobId}/apply`);
    const context = {
      jobId,
      now: Date.now(),
      settledDays: 30,
      rowKeys: { dueShards: 4, merchantShards: 2, leaseMs: 1 },
    };
    for (const row of rows) await world.dynamodb.put(undecided(row, undefined, context));
    expect(await states()).toEqual([
      ["u-1", "undecided"],
      ["u-2", "undecided"],
      ["u-3", "decided"],
    ]);

    const shown = await world.ask("GET", "/transactions/u-1", { token: { scopes: "transactions:read" } });
    expect(shown.body).toMatchObject({
      state: "FAILED",
      failure: { code: "restore_undecided" },
      restored: { jobId, as: "unknown" },
    });

    world.parts.length = 0;
    const decision = await decide({ decision: "confirmed", transactionIds: ["u-1", "u-1"] });
    expect(decision.status).toBe(202);
    expect(decision.body).toMatchObject({
      state: "running",
      decides: jobId,
      decision: "confirmed",
      counts: { decided: 0 },
    });
    expect(world.parts).toEqual([{ id: { jobId: decision.body["jobId"], pass: "run", part: 0 }, afterMs: 0 }]);
    expect((await get("/restores")).body["items"]).toContainEqual(expect.objectContaining({ decides: jobId }));
    expect(
      (await send(`/restores/${decision.body["jobId"]}/decisions`, { decision: "send", reason: "r" })).status,
    ).toBe(409);
    expect((await decide({ decision: "perhaps" })).status).toBe(422);
    await store.change(decision.body["jobId"] ?? "", "running", { state: "done", doneAt: Date.now() });
    await cancel(jobId);
  });

  it("is of operators alone, and of no merchant", async () => {
    const asked = (more: object) => world.ask("GET", "/restores", { token: { ...token, ...more } });
    expect((await asked({ scopes: "transactions:write" })).body["code"]).toBe("API_SCOPE_MISSING");
    expect((await asked({ merchantId: "acme" })).status).toBe(403);
  });

  it("is none where the job is of another kind", async () => {
    const upload = await world.ask("POST", "/imports/uploads", { body: {}, token: { scopes: "imports:write" } });
    for (const path of ["", "/undecided"])
      expect((await get(`/restores/${upload.body["jobId"]}${path}`)).status).toBe(404);
  });

  it("says how to go on where its work could not be queued", async () => {
    world.sendingParts = () => Promise.reject(new Error("no queue"));
    const { status, headers, body } = await planned();
    world.sendingParts = async () => undefined;
    const location = headers.get("location") ?? "";
    expect([status, body["detail"]]).toEqual([503, expect.stringContaining(`send POST ${location}/resume`)]);
    const resumed = await send(`${location.replace("/v1", "")}/resume`);
    expect([resumed.status, resumed.body["state"]]).toEqual([200, "counting"]);
    await cancel(resumed.body["jobId"] ?? "");
  });
});
