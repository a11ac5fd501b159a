/**
 * A deployment that rolls, and one that is rolled back: workers and functions of the build before on the same tables
 * and queues as this one's, side by side and in turn. Counted from outside: what merchants were sent and answered
 * against what rows say.
 */
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { tombstone } from "../../core/merchant/tombstone.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { type SilentServer, silentServer } from "../support/silent-server.ts";
import {
  type AssemblyBefore,
  assemblyBefore,
  bothBuilds,
  type BuildName,
  type Builds,
  describeBeside,
  runWorkers,
  stopBuilds,
} from "./build-beside.ts";
import type { Delivery } from "./merchant-server.ts";
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

/**
 * Before rows kept what was accepted, before leases and notes of `release-due`, before tokens had an item of their own.
 */
const BEFORE = "da370356eb3ea1a831b602acd5ab5c1dfe2cb329";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  // The first retry waits in the queue, the others in the table.
  retry: { scheduleSeconds: [1, 2, 2], inQueueMaxSeconds: 1 },
  circuit: { openSeconds: 1, maxOpenSeconds: 1 },
  release: { leaseSeconds: 4, everySeconds: 1, maxUnheard: 1000 },
  worker: { stopTimeoutSeconds: 10 },
  logs: { debugSamplePercent: 100 },
};

interface Call {
  readonly id: string;
  readonly version: number;
  readonly outcome: string;
  readonly amount: string;
  readonly status: number;
}

const BUILDS: readonly [BuildName, BuildName][] = [
  ["this", "before"],
  ["before", "this"],
];

const calls: Call[] = [];
let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
/** Takes what is sent, and never answers. */
let nowhere: SilentServer;
let builds: Builds;
/** The same, whose functions send into the void. */
let unheard: Builds;
/** Whose `stream-transactions` handles a batch. */
let streamOf: (nth: number) => BuildName = () => "this";

async function start(): Promise<void> {
  let batches = 0;
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) => {
      // The schedule's runs; the tests' own are of the build that each wants.
      if (name === FUNCTION_NAMES.releaseDue) return undefined;
      if (name !== FUNCTION_NAMES.streamTransactions) return invoke(event);
      batches += 1;
      return streamOf(batches) === "this" ? invoke(event) : builds.before.functions.invoke(name, event);
    },
  });
  nowhere = await silentServer();
  const before = await earlier.assembly;
  builds = await bothBuilds(pipeline, before);
  unheard = await bothBuilds(pipeline, before, { suffix: "-unheard", sqs: nowhere.endpoint });
}

async function stop(): Promise<void> {
  await stopBuilds(builds, unheard);
  await pipeline?.stop();
  await nowhere?.[Symbol.asyncDispose]();
  await earlier?.[Symbol.asyncDispose]();
}

/** Registers a merchant. @param choose the status, for the n-th call for that transaction */
async function merchant(merchantId: string, choose: (id: string, nth: number) => number, more: Row = {}) {
  pipeline.merchant.respond(`/${merchantId}`, ({ body }: Delivery) => {
    const { data } = JSON.parse(body) as { data: Omit<Call, "id" | "status"> & { transactionId: string } };
    const { transactionId: id, version, outcome, amount } = data;
    const status = choose(id, calls.filter((call) => call.id === id).length + 1);
    calls.push({ id, version, outcome, amount, status });
    return status;
  });
  const confirmationUrl = pipeline.merchant.url(`/${merchantId}`);
  await pipeline.registerMerchant({ merchantId, confirmationUrl });
  if (Object.keys(more).length === 0) return;
  await updateItem(pipeline.stack.merchantsTable, merchantId, "SET rateLimitPerSecond = :limit", more);
}

async function updateItem(table: string, merchantId: string, update: string, values?: Row): Promise<void> {
  await pipeline.dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { merchantId: { S: merchantId } },
      UpdateExpression: update,
      ...(values !== undefined && { ExpressionAttributeValues: values }),
    }),
  );
}

const gates = (): string => pipeline.stack.outputs["MerchantGatesTableName"] ?? "";
const idsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const confirmedCalls = (id: string, version: number): Call[] =>
  calls.filter((call) => call.id === id && call.version === version && call.status === 200);

async function putAll(ids: readonly string[], merchantId: string, more: Row = {}): Promise<void> {
  await Promise.all(ids.map((id) => pipeline.put(transactionRow(id, merchantId, more))));
}

async function allSettled(ids: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const id of ids) rows.push(await pipeline.terminalRow(id, 60_000));
  return rows;
}

async function allAre(ids: readonly string[], what: string, isSo: (row: Row) => boolean): Promise<void> {
  for (const id of ids) await waitFor(`${id} ${what}`, async () => (isSo(await pipeline.row(id)) ? true : undefined));
}

/** Rows that say so are confirmed by their merchants, with that content; the others are not. */
function expectTrue(rows: readonly Row[]): void {
  for (const row of rows) {
    const id = row["transactionId"]?.S ?? "";
    const sent = confirmedCalls(id, Number(row["version"]?.N));
    const isConfirmed = row["confirmationState"]?.S === "CONFIRMED";
    expect({ id, isConfirmed }).toEqual({ id, isConfirmed: sent.length > 0 });
    for (const { outcome, amount } of isConfirmed ? sent : [])
      expect({ id, outcome, amount }).toEqual({ id, outcome: row["outcome"]?.S, amount: row["amount"]?.S });
  }
}

/** Parked rows are claimed, and before their messages are sent the program that claimed them is gone. */
async function claimAndKill(name: BuildName, ids: readonly string[]): Promise<void> {
  const build = unheard[name];
  const isAnyClaimed = async () => {
    for (const id of ids) {
      const { confirmationState, releaseNumber } = await pipeline.row(id);
      if (confirmationState?.S === "PENDING" && releaseNumber !== undefined) return true;
    }
    return undefined;
  };
  await waitFor("a claim is left behind", async () => {
    build.release();
    // What is not sent in time is handed back, so the look may come too late.
    await waitFor("some are claimed", isAnyClaimed);
    await build.stopReleasing(true);
    return isAnyClaimed();
  });
}

describeBeside(BEFORE, "a build beside the one before it", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "confirms, retries, parks, gives up and orders with both at once",
    async () => {
      await merchant("good", () => 200);
      await merchant("flaky", (_id, nth) => (nth <= 2 ? 503 : 200));
      await merchant("orderly", (id, nth) => (id === "chain-0" && nth <= 2 ? 503 : 200));
      await merchant("dead", () => 500);
      await merchant("limited", () => 200, { ":limit": { N: "20" } });
      streamOf = (nth) => (nth % 2 === 0 ? "this" : "before");
      await runWorkers(builds, "this", "before");
      builds.this.release();
      builds.before.release();
      const well = idsOf("well", 20);
      const raised = idsOf("raised", 8);
      const flaky = idsOf("flaky", 10);
      const dead = idsOf("dead", 3);
      const chain = idsOf("chain", 10);
      const limited = idsOf("limited", 20);
      await Promise.all([
        putAll([...well, ...raised], "good"),
        putAll(flaky, "flaky"),
        putAll(dead, "dead"),
        putAll(limited, "limited"),
        ...chain.map((id, index) =>
          pipeline.put(
            transactionRow(id, "orderly", {
              orderingKey: { S: "chain" },
              ...(index > 0 && { orderingAfter: { S: `chain-${index - 1}` } }),
            }),
          ),
        ),
      ]);
      await putAll(raised, "good", { version: { N: "2" }, amount: { S: "99.00" }, outcome: { S: "REJECTED" } });
      const more: string[] = [];
      await waitFor("both have delivered", async () => {
        const ids = idsOf(`more-${more.length}`, 10);
        await putAll(ids, "good");
        more.push(...ids);
        await allSettled(ids);
        const byNow = [...well, ...more];
        return (["this", "before"] as const).every((name) => builds[name].hasReported(byNow)) ? true : undefined;
      });

      const rows = await allSettled([...well, ...raised, ...flaky, ...dead, ...chain, ...limited, ...more]);

      expectTrue(rows);
      const failed = rows.filter((row) => row["confirmationState"]?.S === "FAILED");
      expect(failed.map((row) => row["transactionId"]?.S)).toEqual(dead);
      for (const id of dead) expect(await pipeline.deadLetter(id)).toMatchObject({ transactionId: id, version: 1 });
      const first = chain.map((id) => calls.findIndex((call) => call.id === id && call.status === 200));
      expect(first).toEqual(first.toSorted((one, other) => one - other));
      await Promise.all([builds.this.stopReleasing(), builds.before.stopReleasing()]);
    },
    patienceMs(120_000),
  );

  it.each(BUILDS)(
    "releases what the other parked or claimed: %s, then %s",
    async (one, other) => {
      const [parkedAt, paused] = [`parked-${one}`, `paused-${one}`];
      let isUp = false;
      await merchant(parkedAt, () => (isUp ? 200 : 503));
      await merchant(paused, () => 200);
      await updateItem(gates(), paused, "SET pausedAt = :now", { ":now": { N: String(Date.now()) } });
      streamOf = () => one;
      await runWorkers(builds, one);
      const [claimed, waiting] = [idsOf(parkedAt, 8), idsOf(paused, 4)];
      await putAll(claimed, parkedAt);
      await putAll(waiting, paused);
      await allAre(waiting, "waits for its merchant", (row) => row["dueKey"]?.S?.startsWith("M#") === true);
      await allAre(claimed, "is parked", (row) => row["confirmationState"]?.S === "SCHEDULED");
      await claimAndKill(one, claimed);
      isUp = true;
      await runWorkers(builds, other);
      streamOf = () => other;
      await updateItem(gates(), paused, "REMOVE pausedAt");
      builds[other].release();
      const rows = await allSettled([...claimed, ...waiting]);
      await builds[other].stopReleasing();

      expectTrue(rows);
      for (const row of rows) expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    },
    patienceMs(120_000),
  );

  it(
    "gives up a changed content of what this build tried and the one before delivered",
    async () => {
      let isUp = false;
      await merchant("changing", () => (isUp ? 200 : 503));
      streamOf = () => "this";
      await runWorkers(builds, "this");
      await pipeline.put(transactionRow("changing-1", "changing"));
      await allAre(["changing-1"], "is parked", (row) => row["confirmationState"]?.S === "SCHEDULED");
      isUp = true;
      await runWorkers(builds, "before");
      builds.before.release();
      expect(await pipeline.terminalRow("changing-1", 60_000)).toMatchObject({
        confirmationState: { S: "CONFIRMED" },
        accepted: { M: { amount: { S: "12.50" } } },
      });
      await builds.before.stopReleasing();
      const { length: before } = confirmedCalls("changing-1", 1);

      await pipeline.put(transactionRow("changing-1", "changing", { amount: { S: "99.00" } }));

      expect(await pipeline.terminalBad("changing-1")).toMatchObject({
        failure: { M: { code: { S: "content_changed" } } },
        accepted: { M: { amount: { S: "12.50" } } },
      });
      expect(confirmedCalls("changing-1", 1)).toHaveLength(before);

      // The worker of the build before takes it for any other dead letter, sends it, and confirms it; that does not
      // stand.
      const letter = await pipeline.deadLetter("changing-1");
      await pipeline.send(JSON.stringify(letter), "put-back", "put-back-changing-1");
      await waitFor("it is given up once more", async () => {
        const { settledAt, failure } = await pipeline.row("changing-1");
        return confirmedCalls("changing-1", 1).length > before && settledAt !== undefined && failure !== undefined
          ? true
          : undefined;
      });
      expect(await pipeline.deadLetter("changing-1")).toMatchObject({ failure: { code: "content_changed" } });
      await pipeline.put(transactionRow("changing-1", "changing", { amount: { S: "99.00" }, version: { N: "2" } }));
      const row = await pipeline.terminalRow("changing-1");
      expectTrue([row]);
      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
    },
    patienceMs(120_000),
  );

  it(
    "leaves what the build before confirmed as it is, put again or with a higher version",
    async () => {
      await merchant("older", () => 200);
      streamOf = () => "before";
      await runWorkers(builds, "before");
      const ids = idsOf("older", 3);
      await putAll(ids, "older");
      expectTrue(await allSettled(ids));
      expect((await pipeline.row("older-0"))["accepted"]).toBeUndefined();
      streamOf = () => "this";
      await runWorkers(builds, "this");

      await pipeline.put(transactionRow("older-0", "older"));
      await pipeline.put(transactionRow("older-1", "older", { version: { N: "2" }, amount: { S: "99.00" } }));

      const rows = await allSettled(ids);
      expectTrue(rows);
      for (const row of rows) expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(ids.map((id) => confirmedCalls(id, 1).length)).toEqual([1, 1, 1]);
      expect(rows[1]).toMatchObject({ accepted: { M: { version: { N: "2" }, amount: { S: "99.00" } } } });
    },
    patienceMs(120_000),
  );

  it(
    "lists what the other build failed among the failed ones, and takes out what it put on its way again",
    async () => {
      // Without a URL, each of its transactions fails at once.
      await merchant("failing", () => 200);
      await updateItem(pipeline.stack.merchantsTable, "failing", "REMOVE confirmationUrl");
      streamOf = () => "before";
      await runWorkers(builds, "before");
      await pipeline.put(transactionRow("failing-0", "failing"));
      const failedBefore = await pipeline.terminalRow("failing-0");
      expect(failedBefore).toMatchObject({ confirmationState: { S: "FAILED" } });
      expect(failedBefore["failedKey"]).toBeUndefined();
      await runWorkers(builds, "this");
      await pipeline.put(transactionRow("failing-1", "failing"));
      const failedHere = await pipeline.terminalRow("failing-1");
      expect(failedHere).toMatchObject({ failedKey: { S: expect.stringMatching(/^failing#\d$/) } });

      streamOf = () => "this";
      await pipeline.update("failing-0", "SET note = :note", { ":note": { S: "seen" } });
      await allAre(["failing-0"], "is among the failed ones", ({ failedAt }) => failedAt !== undefined);

      await merchant("failing", () => 200);
      await runWorkers(builds, "before");
      const letter = await pipeline.deadLetter("failing-1");
      await pipeline.send(JSON.stringify(letter), "put-back-failing", "put-back-failing-1");
      await allAre(["failing-1"], "is confirmed", (row) => row["confirmationState"]?.S === "CONFIRMED");
      await allAre(["failing-1"], "is not among the failed ones", (row) => row["failedKey"] === undefined);
    },
    patienceMs(120_000),
  );

  it(
    "delivers nothing to a deleted merchant with either",
    async () => {
      const { set, remove } = tombstone(Date.now(), { settledDays: 1, manifestDays: 1 });
      await merchant("deleted", () => 200);
      const names = Object.keys(set);
      await updateItem(
        pipeline.stack.merchantsTable,
        "deleted",
        `SET ${names.map((name) => `${name} = :${name}`).join(", ")} REMOVE ${remove.join(", ")}`,
        Object.fromEntries(names.map((name) => [`:${name}`, set[name] as never])),
      );
      streamOf = () => "this";
      for (const [build, code] of [
        ["before", "url_missing"],
        ["this", "merchant_deleted"],
      ] as const) {
        await runWorkers(builds, build);
        await pipeline.put(transactionRow(`deleted-${build}`, "deleted"));
        expect(await pipeline.terminalRow(`deleted-${build}`)).toMatchObject({ failure: { M: { code: { S: code } } } });
      }
      expect(calls.filter(({ id }) => id.startsWith("deleted-"))).toEqual([]);
    },
    patienceMs(120_000),
  );
});
