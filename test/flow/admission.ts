/** What keeps confirmations back from a merchant, and lets them go again, on the synthesized stack, from outside. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { commandLineOn } from "./command-line.ts";
import { type Delivery, MerchantServer } from "./merchant-server.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { sideBySide } from "./side-by-side.ts";
import { waitFor } from "./wait-for.ts";
import { patienceByNowMs, patienceMs } from "../support/machine-speed.ts";

const FIRST_RELEASE_RATE = 10;
/** What is past its time is looked for once in a run of `release-due`, and there is one a minute. */
const NEXT_RUN_MS = patienceMs(90_000);
const TEST_MS = patienceMs(150_000);
/** What a stack is to have. */
export const ADMISSION = {
  // As long as settings allow at most: this very process answers as the merchant, and may get little of a busy machine.
  delivery: { deadlineMs: Math.min(60_000, patienceMs(20_000)) },
  retry: { scheduleSeconds: [1, 1, 1, 1, 1, 1, 1, 1], inQueueMaxSeconds: 1 },
  circuit: { openSeconds: 1, maxOpenSeconds: 2 },
  release: { everySeconds: 1 },
};

let pipeline: Pipeline;
/** A merchant with an origin of its own, which is not there until a test starts it. */
let absentPort: number;
let absent: MerchantServer | undefined;

/** What `npx confirmations` prints. */
const confirmations = async (...args: string[]): Promise<string> =>
  (await commandLineOn(pipeline.stateDirectory)(...args)).stdout;

async function putMany(merchantId: string, count: number, more: Row = {}): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${merchantId}-${index}`);
  await Promise.all(ids.map((id) => pipeline.put(transactionRow(id, merchantId, more))));
  return ids;
}

/**
 * The rows once they wait for their merchant; looked at one after the other, since the table has better things to do.
 */
async function waiting(transactionIds: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const id of transactionIds) rows.push(await waitsForMerchant(id));
  return rows;
}

function waitsForMerchant(transactionId: string): Promise<Row> {
  return waitFor(`${transactionId} waits for its merchant`, async () => {
    const row = await pipeline.row(transactionId);
    return row["dueKey"]?.S?.startsWith("M#") === true ? row : undefined;
  });
}

async function confirmed(ids: readonly string[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const id of ids) rows.push(await pipeline.terminalRow(id));
  expect(rows.map((row) => row["confirmationState"]?.S)).toEqual(ids.map(() => "CONFIRMED"));
  return rows;
}

function webhookIds(deliveries: readonly Delivery[]): Set<unknown> {
  return new Set(deliveries.map(({ headers }) => headers["webhook-id"]));
}

/**
 * When each call began, as the worker wrote it down: when it is read here depends on how busy this process is.
 * @param outcome @default any
 */
function callTimes(rows: readonly Row[], outcome?: string): number[] {
  const attempts = rows.flatMap((row) => row["attempts"]?.L ?? []);
  const wanted = attempts.filter(({ M }) => outcome === undefined || M?.["outcome"]?.S === outcome);
  return wanted.map(({ M }) => Number(M?.["at"]?.N)).toSorted((a, b) => a - b);
}

const attemptsOf = (rows: readonly Row[]) => rows.map((row) => Number(row["attemptCount"]?.N));

/** Each merchant has its own trouble; they do not get into each other's way, so all of it goes on at once. */
const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  "a merchant that is paused gets nothing, says so, and gets everything once when it is resumed": async () => {
    const url = pipeline.merchant.url("/paused");
    await confirmations("merchants", "register", "paused", "--url", url);
    await confirmations("merchants", "vouch", "paused");
    await confirmations("merchants", "pause", "paused");
    expect(await confirmations("merchants", "health", "paused")).toMatch(/^paused +since 2/m);

    const ids = await putMany("paused", 12);

    await waiting(ids);
    expect(await confirmations("merchants", "health", "paused")).toMatch(/^waiting +12 transactions/m);
    expect(pipeline.merchant.confirmationsTo("/paused")).toEqual([]);
    await confirmations("merchants", "resume", "paused");
    expect(await confirmations("merchants", "health", "paused")).toMatch(/^gate +open$/m);
    await confirmed(ids);
    expect(pipeline.merchant.confirmationsTo("/paused")).toHaveLength(12);
    expect(webhookIds(pipeline.merchant.confirmationsTo("/paused")).size).toBe(12);
  },
  "a merchant that is paused until it is too late has its confirmation given up, and the fault is ours": async () => {
    await pipeline.registerMerchant({ merchantId: "late", confirmationUrl: pipeline.merchant.url("/late") });
    await confirmations("merchants", "pause", "late");
    await pipeline.put(transactionRow("late", "late", { deliverBy: { S: new Date(Date.now() + 2000).toISOString() } }));

    expect(await pipeline.terminalRow("late", NEXT_RUN_MS)).toMatchObject({
      confirmationState: { S: "FAILED" },
      attemptCount: { N: "0" },
      failure: { M: { code: { S: "expired_untried" }, fault: { S: "pipeline" } } },
    });
    expect(await pipeline.deadLetter("late")).toMatchObject({
      failure: { code: "expired_untried", fault: "pipeline" },
    });
    expect(pipeline.merchant.to("/late")).toEqual([]);
  },
  "a URL that answers 410 gets no more, loses nothing, and gets it all when it is enabled": async () => {
    const url = pipeline.merchant.url("/gone");
    await pipeline.registerMerchant({ merchantId: "gone", confirmationUrl: url });
    pipeline.merchant.respond("/gone", () => 410);
    await pipeline.put(transactionRow("gone", "gone"));
    expect(await waitsForMerchant("gone")).toMatchObject({
      confirmationState: { S: "SCHEDULED" },
      waitingFor: { S: "url disabled" },
    });
    expect((await pipeline.merchantHealth("gone"))["disabledUrls"]).toEqual({ SS: [url] });

    const ids = await putMany("gone", 5);

    const rows = await waiting(ids);
    expect(attemptsOf(rows)).toEqual(ids.map(() => 0));
    expect(pipeline.merchant.to("/gone")).toHaveLength(1);
    pipeline.merchant.respond("/gone", () => 200);
    await confirmations("merchants", "enable", "gone", url);
    await confirmed([...ids, "gone"]);
    expect(pipeline.merchant.to("/gone")).toHaveLength(1 + ids.length + 1);
  },
  "a URL disabled by its answer to a delivery hands on to the next one that is registered": async () => {
    const headers = { "webhook-delivery": "disable" };
    pipeline.merchant.respond("/moving", () => ({ status: 200, headers }));
    await confirmations("merchants", "register", "moving", "--url", pipeline.merchant.url("/moving"));
    await confirmations("merchants", "vouch", "moving");
    await pipeline.put(transactionRow("moving", "moving"));
    await confirmed(["moving"]);

    const ids = await putMany("moving", 3);

    await waiting(ids);
    await confirmations("merchants", "set", "moving", "--url", pipeline.merchant.url("/moved-to"));
    await confirmations("merchants", "vouch", "moving");
    await confirmed(ids);
    expect(pipeline.merchant.confirmationsTo("/moving")).toHaveLength(1);
    expect(pipeline.merchant.confirmationsTo("/moved-to")).toHaveLength(ids.length);
  },
  "a merchant that is out keeps its tries, and gets all of it slowly at first when it is back": async () => {
    const url = `http://127.0.0.1:${absentPort}/`;
    await pipeline.registerMerchant({ merchantId: "out", confirmationUrl: url });
    await pipeline.registerMerchant({ merchantId: "well", confirmationUrl: pipeline.merchant.url("/well") });
    const ids = await putMany("out", 50);
    await waitFor("its circuit is open", async () => (await pipeline.merchantHealth("out"))["circuitOpenUntil"]);

    const wellIds = await putMany("well", 20);
    expect(attemptsOf(await confirmed(wellIds))).toEqual(wellIds.map(() => 1));

    await waiting(ids);
    // Looked at now: from here on its circuit is probed, for as long as the rest takes.
    const before = attemptsOf(await Promise.all(ids.map((id) => pipeline.row(id))));
    expect(before.reduce((sum, attempts) => sum + attempts, 0)).toBeLessThan(ids.length);
    const tooLate = { deliverBy: { S: new Date(Date.now() + patienceByNowMs(1500)).toISOString() } };
    await pipeline.put(transactionRow("out-late", "out", tooLate));
    expect(await pipeline.terminalRow("out-late", NEXT_RUN_MS)).toMatchObject({
      failure: { M: { code: { S: "expired" }, fault: { S: "merchant" } } },
    });

    absent = await MerchantServer.start(absentPort);

    const times = callTimes(await confirmed(ids), "delivered");
    expect(webhookIds(absent.deliveries).size).toBe(ids.length);
    expect(absent.deliveries).toHaveLength(ids.length);
    expect(times).toHaveLength(ids.length);
    const firstSecond = times.filter((at) => at < (times[0] ?? 0) + 1000);
    expect(firstSecond.length).toBeLessThanOrEqual(1 + 2 * FIRST_RELEASE_RATE);
    expect(await pipeline.merchantHealth("out")).not.toHaveProperty("circuitOpenUntil");
  },
  "a merchant with a rate limit is never called faster, and gets everything": async () => {
    const RATE = 5;
    await confirmations(
      "merchants",
      "register",
      "slow",
      "--url",
      pipeline.merchant.url("/slow"),
      "--rate-limit",
      `${RATE}`,
    );
    await confirmations("merchants", "vouch", "slow");

    const ids = await putMany("slow", 25);

    const times = callTimes(await confirmed(ids));
    expect(pipeline.merchant.confirmationsTo("/slow")).toHaveLength(ids.length);
    expect(times).toHaveLength(ids.length);
    // One token a slot, and one that took longer than the next. A worker that stood still is behind, never ahead.
    const allowed = times.map((at) => 2 + (RATE * (at - (times[0] ?? 0))) / 1000);
    expect(times.filter((_, index) => index + 1 > (allowed[index] ?? 0))).toEqual([]);
  },
};

export function admission(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    const reserved = await MerchantServer.start();
    absentPort = reserved.port;
    await reserved.stop();
  });
  afterAll(() => absent?.stop());

  describe("the whole pipeline", () => {
    it("delivers nothing while it is paused, and everything once when it is resumed", async () => {
      await pipeline.registerMerchant({ merchantId: "admitted", confirmationUrl: pipeline.merchant.url("/admitted") });
      await confirmations("pause");
      await waitFor("the worker knows", async () =>
        (await pipeline.hasLogged("confirmation-worker", "everything is paused")) ? true : undefined,
      );

      const ids = await putMany("admitted", 5);

      await waitFor("all are in the queue", async () =>
        (await pipeline.stack.counters()).queued >= ids.length ? true : undefined,
      );
      expect(await confirmations("merchants", "health", "admitted")).toMatch(/^everything +is paused since 2/m);
      expect(pipeline.merchant.to("/admitted")).toEqual([]);
      await confirmations("resume");
      expect(attemptsOf(await confirmed(ids))).toEqual(ids.map(() => 1));
      expect(pipeline.merchant.to("/admitted")).toHaveLength(ids.length);
    });
  });

  describe("side by side", () => sideBySide(SCENARIOS, TEST_MS));
}
