/** One run of the suite: traffic and faults by the plan, then quiet until everything is settled, then the account. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readDeadLetters } from "../../demo/read-dead-letters.ts";
import { seededRandom } from "../../demo/seeded-random.ts";
import { ProgramClocks } from "../clock/program-clocks.ts";
import { hostileUrls } from "../plan/hostile-url.ts";
import { RUN_MERCHANTS } from "../plan/merchants.ts";
import type { RunPlan } from "../plan/plan.ts";
import { allDone } from "./all-done.ts";
import { AllowedDuplicates } from "./allowed-duplicates.ts";
import { FaultBoard } from "./fault-board.ts";
import { inject } from "./inject.ts";
import { DEDUPLICATION_WINDOW_MS, Proxies } from "./proxies.ts";
import { QueueOperator } from "./queue-operator.ts";
import { chaosSettings } from "./settings.ts";
import { settle } from "./settle.ts";
import { showExamples } from "./show-examples.ts";
import { onStage, type Stage } from "./stage.ts";
import { StreamFaults } from "./stream-faults.ts";
import { type RunAccountReport, takeRunAccount } from "./take-account.ts";
import { TrafficWriter } from "./write-traffic.ts";

export interface RunReport extends RunAccountReport {
  /** Origins of the listeners that were connected to, once for each connection. */
  readonly ssrfReached: readonly string[];
  readonly isClean: boolean;
  readonly seconds: number;
}

export interface RunOptions {
  readonly plan: RunPlan;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

/** Bounds the wait for everything to settle; a run needs a fraction of it. */
const SETTLE_WITHIN_MS = 120_000;

export async function runOnce({ plan, interruption, note }: RunOptions): Promise<RunReport> {
  const startedAtMs = Date.now();
  const { seed } = plan;
  const board = new FaultBoard(seed);
  const proxies = new Proxies(board, seed);
  const streamFaults = new StreamFaults(board);
  let clocks: ProgramClocks | undefined;
  try {
    return await onStage(
      {
        seed,
        merchants: RUN_MERCHANTS,
        settings: chaosSettings,
        interposition: (directory) => {
          clocks = new ProgramClocks(join(directory, "clocks"));
          return { addresses: proxies.addresses, invocation: streamFaults.invocation, preload: clocks.preload };
        },
        interruption,
        note,
      },
      async (stage) => {
        if (clocks === undefined) throw new Error("The programs were started without clocks of their own.");
        const report = await play(stage, { plan, interruption, note, board, proxies, streamFaults, clocks });
        const ssrfReached = await stage.fleet.reached();
        const isClean = report.findings.length === 0 && ssrfReached.length === 0;
        for (const origin of new Set(ssrfReached)) note(`  ${origin} was called, which must not be`);
        return { ...report, ssrfReached, isClean, seconds: (Date.now() - startedAtMs) / 1000 };
      },
    );
  } finally {
    await proxies.stop();
  }
}

interface Injection extends RunOptions {
  readonly board: FaultBoard;
  readonly proxies: Proxies;
  readonly streamFaults: StreamFaults;
  readonly clocks: ProgramClocks;
}

async function play(stage: Stage, injection: Injection): Promise<RunAccountReport> {
  const { stack, fleet, client, sqs, table, watchers, isStopped } = stage;
  const { plan, interruption, note, board, proxies, streamFaults, clocks } = injection;
  const writer = new TrafficWriter({
    client,
    tableName: stack.transactionsTable,
    settings: stage.producer,
    hostileUrls: hostileUrls(watchers),
    sleep,
    isStopped,
  });
  const operator = new QueueOperator({
    client: sqs,
    queues: { confirmations: stage.confirmationsUrl, ordered: stage.orderedUrl },
    deadLettersUrl: stage.deadLettersUrl,
    written: () => writer.written,
    random: seededRandom(plan.seed),
  });
  const allowed = new AllowedDuplicates({ fleet, table, isStopped });

  const startMs = Date.now();
  const injecting = inject(plan.faults, startMs, {
    worker: stack.worker,
    fleet,
    board,
    clocks,
    streamFaults,
    operator,
    allowed,
    replayAgeMs: DEDUPLICATION_WINDOW_MS,
    interruption,
    note,
  });
  await allDone([writer.write(plan.transactions, startMs), injecting]);
  // What it does not get by an old handle comes again.
  proxies.newerTaskTakes((queueUrl, handle) => void operator.take(queueUrl, handle).catch(() => undefined));
  const quietMs = Date.now();
  const isSettled = await settle({
    table,
    counters: () => stack.counters(),
    untilMs: quietMs + SETTLE_WITHIN_MS,
    isStopped,
  });
  const tookSeconds = ((Date.now() - quietMs) / 1000).toFixed(1);
  note(
    `  ${isSettled ? "Settled" : "Not settled"} ${tookSeconds} s after the last fault; calls hit: ${describeHits(board)}.`,
  );

  const evidence = {
    written: writer.written,
    deliveries: await fleet.ledger(),
    rows: await table.rows(),
    deadLetters: [...operator.lettersPutBack, ...(await readDeadLetters(sqs, stage.deadLettersUrl))],
    allowedAgain: allowed.webhookIds,
    arrivals: proxies.arrivals.first,
    purges: operator.purges,
    reopened: operator.reopened,
  };
  const report = takeRunAccount(evidence);
  note(`  ${report.ordersOwed} times one transaction was owed before another.`);
  await showExamples(report, stage, note);
  return report;
}

function describeHits({ hits }: FaultBoard): string {
  const texts = [...hits].map(([kind, count]) => `${kind} ${count}`);
  return texts.length > 0 ? texts.join(", ") : "none";
}
