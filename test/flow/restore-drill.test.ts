/**
 * The drill of `npm run demo -- --restore-drill`, small: what only some sources know, with `run-jobs` killed while it
 * plans and while it applies. The account is the same as without a kill: nothing lost, nothing sent twice unlisted.
 */
import { afterAll, describe, expect, it } from "@jest/globals";
import { Fleet } from "../../local/demo/fleet/fleet.ts";
import { MERCHANTS } from "../../local/demo/merchants.ts";
import type { DrillSource } from "../../local/demo/options.ts";
import { type DrillResult, restoreDrill } from "../../local/demo/restore/restore-drill.ts";
import { DEADLINE_MS, drillSettings } from "../../local/demo/settings.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { Pipeline } from "./pipeline.ts";

const TRANSACTIONS = 300;
const SEED = 20_261_130;

const ended: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ended) await end();
}, patienceMs(60_000));

async function drilled(without: readonly DrillSource[], killWorker: boolean): Promise<DrillResult> {
  const fleet = new Fleet();
  ended.push(() => fleet.stop());
  const ports = await fleet.listen(MERCHANTS, DEADLINE_MS, SEED);
  const settings = { ...drillSettings(Object.values(ports), false), journal: { everySeconds: 5 } };
  const pipeline = await Pipeline.start(settings);
  ended.push(() => pipeline.stop());
  return restoreDrill({
    options: {
      transactions: TRANSACTIONS,
      json: true,
      cutover: false,
      killWorker,
      delivery: "fargate",
      transport: "http1",
      seed: SEED,
      restoreDrill: { without },
    },
    progress: { note: () => undefined, show: () => undefined },
    interruption: new AbortController().signal,
    fleet,
    stack: pipeline.stack,
    confirmationUrls: Object.fromEntries(
      Object.entries(ports).map(([merchantId, port]) => [merchantId, `http://127.0.0.1:${port}/confirmations`]),
    ),
    stateDirectory: pipeline.stateDirectory,
  });
}

describe("a restore in the middle of the day", () => {
  it(
    "of a table that a script damaged takes the rest from its stream, and sends nothing twice",
    async () => {
      const { account, isStreamWhole, isClean, exampleRows } = await drilled([], true);
      expect([exampleRows, isClean, isStreamWhole]).toEqual([[], true, true]);
      expect(account).toMatchObject({
        lost: 0,
        sentAgain: 0,
        unknown: 0,
        submittedAgain: 0,
        toldWrong: 0,
        duplicates: 0,
      });
      expect(account.restored).toBeGreaterThan(0);
      expect(account.takenFromStream).toBeGreaterThan(0);
      expect(account.takenFromTable).toBeGreaterThan(0);
    },
    patienceMs(300_000),
  );

  it(
    "of a table that is gone with its stream takes the rest from the journal, and lists what is unknown",
    async () => {
      const { account, isStreamWhole, isClean, exampleRows } = await drilled(["table", "stream"], false);
      expect([exampleRows, isClean, isStreamWhole]).toEqual([[], true, false]);
      expect(account).toMatchObject({ lost: 0, sentAgainUnlisted: 0, takenFromStream: 0, takenFromTable: 0 });
      expect(account.takenFromJournal).toBeGreaterThan(0);
      expect(account.sentAgain).toBeLessThanOrEqual(account.unknown + account.submittedAgain);
    },
    patienceMs(300_000),
  );
});
