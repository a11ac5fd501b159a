/**
 * Merchants that acknowledge later, while a deployment rolls: worker, stream function and `release-due` of the build
 * before there were any, over rows that wait. They call nobody who waits. Counted from outside, by what merchants were
 * sent.
 */
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { recordAcknowledgement } from "../../core/aws/record-acknowledgement.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { encodeMessage } from "../../core/transaction/message.ts";
import { rowStateOf } from "../../core/transaction/row/row-state.ts";
import { patienceMs } from "../support/machine-speed.ts";
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
import { Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that takes 202 for a delivery, whoever answers it. */
const BEFORE = "54de61f781f01393f5bbe44dca992dae45f1e44a";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};
const LONG_SECONDS = 3600;

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;
/** Whose stream function handles changes. */
let streamOf: BuildName = "this";
/** So that SQS takes no message for a repetition. */
let sent = 0;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) => {
      const isOfBefore = streamOf === "before" && name === FUNCTION_NAMES.streamTransactions;
      return isOfBefore ? builds.before.functions.invoke(name, event) : invoke(event);
    },
  });
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

async function run(wanted: BuildName): Promise<void> {
  streamOf = wanted;
  await runWorkers(builds, wanted);
}

async function merchant(merchantId: string, withinSeconds: number): Promise<void> {
  pipeline.merchant.respond(`/${merchantId}`, () => 202);
  const Item = {
    merchantId: { S: merchantId },
    confirmationUrl: { S: pipeline.merchant.url(`/${merchantId}`) },
    acknowledgement: { M: { withinSeconds: { N: String(withinSeconds) } } },
  };
  await pipeline.dynamodb.send(new PutItemCommand({ TableName: pipeline.stack.merchantsTable, Item }));
}

/** A run of `release-due` of the build before, which looks at all that is due. */
const look = () => builds.before.functions.invoke(FUNCTION_NAMES.releaseDue, { part: 0, parts: 1 });

const callsOf = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`));

/** Once the stream has listed it under its merchant as well. */
const waits = (id: string) =>
  waitFor(`${id} waits for its acknowledgement`, async () => {
    const row = await pipeline.row(id);
    return row["waitingFor"]?.S === "acknowledgement" && row["merchantKey"] !== undefined ? row : undefined;
  });

async function message(row: Row): Promise<void> {
  const { release } = rowStateOf(row);
  const transactionId = row["transactionId"]?.S ?? "";
  await pipeline.send(encodeMessage({ transactionId, version: 1, release }), transactionId, `again-${(sent += 1)}`);
}

async function acknowledge(transactionId: string, merchantId: string) {
  const table = new TransactionsTable(pipeline.dynamodb, pipeline.stack.transactionsTable);
  const parts = { table, settledDays: 90, nowMs: Date.now, pause: async () => undefined };
  return recordAcknowledgement(parts, { transactionId, version: 1, merchantId, by: "callback" });
}

describeBeside(BEFORE, "acknowledgements beside the build before them", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "are waited for by it too: it calls nobody, whatever message comes, and puts nothing on its way",
    async () => {
      await merchant("waits", LONG_SECONDS);
      await run("this");
      const ids = Array.from({ length: 5 }, (_, index) => `waits-${index}`);
      await Promise.all(ids.map((id) => pipeline.put(transactionRow(id, "waits"))));
      const rows = new Map<string, Row>();
      for (const id of ids) rows.set(id, await waits(id));
      await run("before");
      for (const row of rows.values()) await message(row);
      // First: to a message that comes between a put and its restoring the row looks new.
      await pipeline.queueIsEmpty();
      // Its stream function restores what a put wipes, as it restores any row that waits.
      await pipeline.put(transactionRow("waits-0", "waits"));
      await waits("waits-0");
      await pipeline.queueIsEmpty();
      await look();
      for (const id of ids) expect(await pipeline.row(id)).toEqual(rows.get(id));
      expect(ids.map((id) => callsOf(id).length)).toEqual([1, 1, 1, 1, 1]);

      for (const id of ids) expect(await acknowledge(id, "waits")).toMatchObject({ kind: "confirmed", isNew: true });
      for (const row of rows.values()) await message(row);
      await pipeline.queueIsEmpty();
      expect(ids.map((id) => callsOf(id).length)).toEqual([1, 1, 1, 1, 1]);
    },
    patienceMs(180_000),
  );

  it(
    "hold their ordered group at it too",
    async () => {
      await merchant("ordered", LONG_SECONDS);
      const orderingKey = { S: "k" };
      await run("this");
      await pipeline.put(transactionRow("ordered-1", "ordered", { orderingKey }));
      const before = await waits("ordered-1");
      await run("before");
      await pipeline.put(transactionRow("ordered-2", "ordered", { orderingKey, orderingAfter: { S: "ordered-1" } }));
      // What is written after them is delivered meanwhile.
      await pipeline.registerMerchant({ merchantId: "plain", confirmationUrl: pipeline.merchant.url("/plain") });
      await pipeline.put(transactionRow("plain-1", "plain"));
      await pipeline.terminalRow("plain-1", patienceMs(60_000));
      await look();
      expect(await pipeline.row("ordered-1")).toEqual(before);
      expect([callsOf("ordered-1").length, callsOf("ordered-2").length]).toEqual([1, 0]);
    },
    patienceMs(120_000),
  );

  it(
    "that do not come in time have it attempt again at once, and take 202 for a delivery",
    async () => {
      await merchant("late", 5);
      await run("this");
      await pipeline.put(transactionRow("late-1", "late"));
      await waits("late-1");
      await run("before");
      const row = await pipeline.terminalRow("late-1", patienceMs(60_000));
      expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" }, attemptCount: { N: "2" } });
      expect(callsOf("late-1")).toHaveLength(2);
      expect(await acknowledge("late-1", "late")).toMatchObject({ kind: "confirmed", isNew: false });
    },
    patienceMs(120_000),
  );
});
