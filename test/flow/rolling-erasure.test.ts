/**
 * Erasure while a deployment rolls: the worker, the stream function and the audit of the build before there was any,
 * beside rows that this build has erased. Counted from outside: what merchants were sent, and what rows and manifests
 * say. What the API and jobs write and send is written and sent here, so that each build's part comes when a test wants
 * it.
 */
import { TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { eraseAct } from "../../core/aws/statements/erase.ts";
import { markStatement } from "../../core/aws/statements/redelivery.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { encodeMessage } from "../../core/transaction/message.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { erasureOf, firstErasureOf } from "../../core/transaction/row/erasure.ts";
import { redeliveryMessage, redeliveryOf } from "../../core/transaction/row/redelivery.ts";
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
import { runAudit } from "./run-audit.ts";
import { waitFor } from "./wait-for.ts";

/** The last one that knows no erasure. */
const BEFORE = "935cc524bbdd5e6316b38f8b8ba2fbd94bd3b9c0";
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const SENTINEL = "sentinel-7f3a9c";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process answers as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;
/** Whose function handles what. */
let streamOf: BuildName = "before";
let auditOf: BuildName = "before";
/** So that SQS takes no message for a repetition. */
let sent = 0;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) => {
      const build =
        name === FUNCTION_NAMES.auditTransactions
          ? auditOf
          : name === FUNCTION_NAMES.streamTransactions
            ? streamOf
            : "this";
      return build === "this" ? invoke(event) : builds.before.functions.invoke(name, event);
    },
  });
  builds = await bothBuilds(pipeline, await earlier.assembly);
  for (const [merchantId, status] of [
    ["good", 200],
    ["ill", 500],
  ] as const) {
    pipeline.merchant.respond(`/${merchantId}`, () => ({ status, body: SENTINEL }));
    await pipeline.registerMerchant({ merchantId, confirmationUrl: pipeline.merchant.url(`/${merchantId}`) });
  }
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

const callsOf = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`)).length;
const written = (id: string, merchantId: string): Row =>
  transactionRow(id, merchantId, {
    occurredAt: { S: `${DAY}T10:00:00Z` },
    payload: { M: { note: { S: SENTINEL } } },
  });

/** @returns the row once it is over and listed */
async function over(id: string, merchantId: string): Promise<Row> {
  await pipeline.put(written(id, merchantId));
  await pipeline.terminalRow(id, patienceMs(60_000));
  const listed = async () => {
    const row = await pipeline.row(id);
    return row[ATTRIBUTES.merchantKey] === undefined ? undefined : row;
  };
  return waitFor(`${id} is listed`, listed, patienceMs(60_000));
}

/** As the API does. */
async function erase(id: string): Promise<Row> {
  const row = await pipeline.row(id);
  const act = eraseAct(pipeline.stack.transactionsTable, row, firstErasureOf(row, Date.now()));
  await pipeline.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [act] }));
  return pipeline.row(id);
}

/** As a job of the build before does, which does not look whether something was erased. */
async function sendAgain(id: string): Promise<void> {
  const table = new TransactionsTable(pipeline.dynamodb, pipeline.stack.transactionsTable);
  const mark = { jobId: "job-1", generation: 1, markedAt: Date.now() };
  const statement = markStatement(table.name, await pipeline.row(id), mark);
  expect(await table.write([statement])).toEqual([{ kind: "written" }]);
  const asked = redeliveryMessage(await pipeline.row(id), mark);
  await pipeline.send(encodeMessage(asked), id, `erasure-${(sent += 1)}`);
}

const manifests = (build: BuildName) => audited(build, { audit: "manifests", day: DAY });

function audited(build: BuildName, event: Parameters<typeof runAudit>[1]): Promise<Readonly<Record<string, number>>> {
  auditOf = build;
  return runAudit(pipeline.stack, event);
}

/** The stream has handed on what was written before this row. */
async function streamIsThrough(): Promise<void> {
  await over(`through-${(sent += 1)}`, "good");
}

describeBeside(BEFORE, "erasures beside the build before them", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "are left as they are by its stream function and its audit, and sign as before",
    async () => {
      await runWorkers(builds, "before");
      streamOf = "before";
      await over("c-1", "good");
      await over("f-1", "ill");
      expect(await manifests("before")).toMatchObject({ unsettled: 0 });
      const rows = [await erase("c-1"), await erase("f-1")];
      const calls = [callsOf("c-1"), callsOf("f-1")];
      await streamIsThrough();
      expect([await pipeline.row("c-1"), await pipeline.row("f-1")]).toEqual(rows);
      expect([callsOf("c-1"), callsOf("f-1")]).toEqual(calls);
      // What was put since is one line more of one merchant; the other's day is what it was.
      expect(await manifests("before")).toMatchObject({ written: 1, unsettled: 0 });
      expect(await manifests("this")).toMatchObject({ written: 0, unsettled: 0 });
      for (const build of ["before", "this"] as const)
        expect(await audited(build, { audit: "table" })).toMatchObject({ found: 0, lost: 0 });
    },
    patienceMs(180_000),
  );

  it(
    "are sent by none of its workers, be it for a dead letter or for a job of its own",
    async () => {
      await runWorkers(builds, "before");
      streamOf = "before";
      for (const [id, merchantId] of [
        ["c-2", "good"],
        ["f-2", "ill"],
        ["f-3", "ill"],
      ] as const)
        await over(id, merchantId);
      const letter = await pipeline.deadLetter("f-2");
      for (const id of ["c-2", "f-2", "f-3"]) await erase(id);
      const calls = pipeline.merchant.deliveries.length;
      const row = await pipeline.row("f-2");
      await pipeline.send(JSON.stringify(letter), "f-2", `erasure-${(sent += 1)}`);
      await sendAgain("c-2");
      await sendAgain("f-3");
      await waitFor("its job is told of the confirmed one", async () =>
        redeliveryOf(await pipeline.row("c-2"))?.ended === undefined ? undefined : true,
      );
      await waitFor("the failed one is given up again", async () =>
        (await pipeline.row("f-3"))["failure"]?.M?.["code"]?.S === "version_lowered" ? true : undefined,
      );
      await pipeline.queueIsEmpty();
      expect(await pipeline.row("f-2")).toEqual(row);
      expect(redeliveryOf(await pipeline.row("c-2"))?.ended).toMatchObject({ result: "content_changed" });
      expect(pipeline.merchant.deliveries.length).toBe(calls);
    },
    patienceMs(180_000),
  );

  it(
    "are there again once this build sees what its producer puts once more",
    async () => {
      await runWorkers(builds, "this", "before");
      streamOf = "this";
      for (const [id, merchantId] of [
        ["c-4", "good"],
        ["f-4", "ill"],
      ] as const) {
        await over(id, merchantId);
        const erased = await erase(id);
        await pipeline.put(written(id, merchantId));
        const left = await waitFor(`${id} is erased again`, async () => {
          const row = await pipeline.row(id);
          const isOver = row["erasedAt"] !== undefined && row["confirmationState"] !== undefined;
          return isOver && erasureOf(row) === undefined ? row : undefined;
        });
        expect(left).toEqual(erased);
      }
    },
    patienceMs(180_000),
  );
});
