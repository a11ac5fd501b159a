/**
 * What a restore writes, while a deployment rolls or is rolled back: worker, stream function, `release-due` and audit
 * of the build before there were restores, over rows that this build restored. Counted from outside: what is undecided
 * is called by nobody before a person decides, what is confirmed stays so, and what is to be sent is sent once.
 */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { putRow } from "../../core/aws/put-row.ts";
import { confirmUndecidedStatement, sendUndecidedStatement } from "../../core/aws/statements/undecided.ts";
import { TransactionsTable } from "../../core/aws/transactions-table.ts";
import { asItWas, confirmedSince, toBeSent, undecided } from "../../core/restore/restored-rows.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { encodeMessage } from "../../core/transaction/message.ts";
import { ATTRIBUTES } from "../../core/transaction/row/attributes.ts";
import { isUndecided } from "../../core/transaction/row/restored-by.ts";
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

/** The last one that knows no restores. */
const BEFORE = "376dbff7825ef7644512715a012ffc49c229d9d6";
const SETTINGS = {
  dueShards: 2,
  merchantShards: 2,
  canary: { enabled: false },
  // Long: this very process responds as the merchants, and may get little of a busy machine.
  delivery: { deadlineMs: 20_000, allowDestinations: ["127.0.0.1:1024-65535"] },
  retry: { scheduleSeconds: [1], inQueueMaxSeconds: 1 },
  worker: { stopTimeoutSeconds: 10 },
};
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const ROW_KEYS = { dueShards: 2, merchantShards: 2, leaseMs: 900_000 };

let pipeline: Pipeline;
let earlier: AssemblyBefore | undefined;
let builds: Builds;
/** Whose stream function and audit run. */
let functionsOf: BuildName = "this";
let sent = 0;

async function start(): Promise<void> {
  earlier = await assemblyBefore(BEFORE, SETTINGS);
  const ofBuilds = new Set<string>([FUNCTION_NAMES.streamTransactions, FUNCTION_NAMES.auditTransactions]);
  pipeline = await Pipeline.start(SETTINGS, {
    invocation: async (name, event, invoke) =>
      functionsOf === "before" && ofBuilds.has(name) ? builds.before.functions.invoke(name, event) : invoke(event),
  });
  builds = await bothBuilds(pipeline, await earlier.assembly);
}

async function stop(): Promise<void> {
  await stopBuilds(builds);
  await pipeline?.stop();
  await earlier?.[Symbol.asyncDispose]();
}

const callsFor = (id: string) => pipeline.merchant.deliveries.filter(({ body }) => body.includes(`"${id}"`)).length;

function audit(build: BuildName, event: Parameters<typeof runAudit>[1]): Promise<Readonly<Record<string, number>>> {
  functionsOf = build;
  return runAudit(pipeline.stack, event);
}

describeBeside(BEFORE, "restored rows, beside the build before there were restores", () => {
  beforeAll(start, patienceMs(120_000));
  afterAll(stop, patienceMs(60_000));

  it(
    "undecided ones are called by neither build, confirmed ones stay so, and those to be sent are sent once",
    async () => {
      await pipeline.registerMerchant({ merchantId: "shop", confirmationUrl: pipeline.merchant.url("/shop") });
      const { dynamodb } = pipeline;
      const table = new TransactionsTable(dynamodb, pipeline.stack.transactionsTable);
      const context = { jobId: "restore-1", now: Date.now(), settledDays: 90, rowKeys: ROW_KEYS };
      const pending = (id: string): Row => transactionRow(id, "shop", { occurredAt: { S: `${DAY}T10:00:00Z` } });
      const confirmed = (id: string): Row => {
        const source = { source: "journal", version: 1, at: Date.now() } as const;
        return confirmedSince(id, pending(id), undefined, source, context) as Row;
      };
      const rows: Readonly<Record<string, Row>> = {
        held: undecided(pending("held"), undefined, context) as Row,
        "held-too": undecided(pending("held-too"), undefined, context) as Row,
        journaled: confirmed("journaled"),
        "as-it-was": asItWas(confirmed("as-it-was"), undefined, "backup", context) as Row,
        going: toBeSent(pending("going"), undefined, context) as Row,
      };
      const still = ["held", "held-too", "journaled", "as-it-was"];

      // All that runs is the build before.
      functionsOf = "before";
      await runWorkers(builds, "before");
      builds.before.release();
      for (const row of Object.values(rows))
        expect(await putRow(dynamodb, table.name, row, undefined)).toEqual({ kind: "written" });
      expect(await pipeline.terminalRow("going", patienceMs(90_000))).toMatchObject({
        [ATTRIBUTES.confirmationState]: { S: "CONFIRMED" },
        [ATTRIBUTES.restoredBy]: rows["going"]?.[ATTRIBUTES.restoredBy],
      });
      for (const id of still) {
        // As they may still be in a queue, or among the dead letters.
        for (const more of [{}, { deadLettered: true } as const]) {
          const message = { transactionId: id, version: 1, release: 0, ...more };
          await pipeline.send(encodeMessage(message), id, `again-${(sent += 1)}`);
        }
      }
      await pipeline.queueIsEmpty();
      for (const audited of ["index", "table"])
        expect(await audit("before", { audit: audited })).toMatchObject({ lost: 0 });
      await pipeline.queueIsEmpty();
      await builds.before.stopReleasing();
      expect([...still, "going"].map((id) => [id, callsFor(id)])).toEqual([
        ...still.map((id) => [id, 0]),
        ["going", 1],
      ]);
      for (const id of ["held", "held-too"]) expect(isUndecided(await pipeline.row(id))).toBe(true);
      for (const id of ["journaled", "as-it-was"])
        expect((await pipeline.row(id))[ATTRIBUTES.confirmationState]).toEqual({ S: "CONFIRMED" });

      // A person decides by this build, and the one before does what follows.
      const decided = { jobId: "decision-1", now: Date.now() };
      const held = await pipeline.row("held");
      const heldToo = await pipeline.row("held-too");
      const statements = [
        sendUndecidedStatement(table.name, held, ROW_KEYS.dueShards, decided),
        confirmUndecidedStatement(table.name, heldToo, 90, decided),
      ];
      expect(await table.write(statements)).toEqual([{ kind: "written" }, { kind: "written" }]);
      builds.before.release();
      expect(await pipeline.terminalRow("held", patienceMs(90_000))).toMatchObject({
        [ATTRIBUTES.confirmationState]: { S: "CONFIRMED" },
      });
      await builds.before.stopReleasing();
      expect([callsFor("held"), callsFor("held-too")]).toEqual([1, 0]);
      functionsOf = "this";
      await runWorkers(builds, "this");
      expect(await audit("this", { audit: "table" })).toMatchObject({ found: 0, lost: 0 });
      expect([callsFor("held"), callsFor("held-too"), callsFor("going")]).toEqual([1, 0, 1]);
    },
    patienceMs(240_000),
  );
});
