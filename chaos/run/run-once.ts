/**
 * One run of the suite from fresh state: fleet, stack behind proxies, traffic and faults by the plan, then quiet until everything is
 * settled, then the account. Whatever happens, all of it is ended before it returns; the logs are kept if something is wrong.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { Fleet } from "../../demo/fleet/fleet.ts";
import type { Watchers } from "../../demo/fleet/messages.ts";
import { readDeadLetters } from "../../demo/read-dead-letters.ts";
import { TableReader } from "../../demo/read-table.ts";
import { registerMerchants } from "../../demo/register-merchants.ts";
import { seededRandom } from "../../demo/seeded-random.ts";
import { freshStateDirectory } from "../../demo/state-directory.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { startLocalStack } from "../../local/stack.ts";
import { ProgramClocks } from "../clock/program-clocks.ts";
import { hostileUrls } from "../plan/hostile-url.ts";
import { RUN_MERCHANTS } from "../plan/merchants.ts";
import type { RunPlan } from "../plan/plan.ts";
import { AllowedDuplicates } from "./allowed-duplicates.ts";
import { FaultBoard } from "./fault-board.ts";
import { inject } from "./inject.ts";
import { DEDUPLICATION_WINDOW_MS, Proxies } from "./proxies.ts";
import { QueueOperator } from "./queue-operator.ts";
import { chaosSettings, DEADLINE_MS } from "./settings.ts";
import { settle } from "./settle.ts";
import { StreamFaults } from "./stream-faults.ts";
import { type RunAccountReport, takeRunAccount } from "./take-account.ts";
import { TrafficWriter } from "./write-traffic.ts";

export interface RunReport extends RunAccountReport {
  readonly seed: number;
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
const EXAMPLES = 8;

export async function runOnce({ plan, interruption, note }: RunOptions): Promise<RunReport> {
  const startedAtMs = Date.now();
  const state = await freshStateDirectory("chaos");
  const fleet = new Fleet();
  const board = new FaultBoard(plan.seed);
  const proxies = new Proxies(board, plan.seed);
  const streamFaults = new StreamFaults(board);
  const clocks = new ProgramClocks(join(state.path, "clocks"));
  let stack: LocalStack | undefined;
  let isClean = false;
  try {
    const watchers = await fleet.watch();
    const ports = await fleet.listen(RUN_MERCHANTS, DEADLINE_MS, plan.seed);
    stack = await startLocalStack({
      stateDirectory: join(state.path, "stack"),
      fresh: true,
      settings: chaosSettings(Object.values(ports)),
      interposition: { addresses: proxies.addresses, invocation: streamFaults.invocation, preload: clocks.preload },
    });
    const broken = stack.broken.then((error): never => {
      throw error;
    });
    const parts = { plan, interruption, note, fleet, board, proxies, streamFaults, clocks, stack, watchers, ports };
    const report = await Promise.race([carryThrough(parts), broken]);
    const ssrfReached = await fleet.reached();
    isClean = report.findings.length === 0 && ssrfReached.length === 0;
    return { ...report, seed: plan.seed, ssrfReached, isClean, seconds: (Date.now() - startedAtMs) / 1000 };
  } finally {
    const ended = await Promise.allSettled([stack?.stop(), fleet.stop()]);
    await proxies.stop();
    if (isClean || interruption.aborted) await state.remove();
    else note(`The logs of this run are in ${state.path} until the next one.`);
    for (const end of ended) if (end.status === "rejected") note(`Not everything ended well: ${String(end.reason)}`);
  }
}

interface RunParts extends RunOptions {
  readonly fleet: Fleet;
  readonly board: FaultBoard;
  readonly proxies: Proxies;
  readonly streamFaults: StreamFaults;
  readonly clocks: ProgramClocks;
  readonly stack: LocalStack;
  readonly watchers: Watchers;
  readonly ports: Readonly<Record<string, number>>;
}

async function carryThrough(parts: RunParts): Promise<RunAccountReport> {
  const { plan, interruption, note, fleet, board, proxies, streamFaults, clocks, stack, watchers, ports } = parts;
  const isStopped = () => interruption.aborted;
  const connection = { region: stack.region, credentials: stack.credentials };
  const client = new DynamoDBClient({ ...connection, endpoint: stack.endpoints.dynamodb });
  const sqs = new SQSClient({ ...connection, endpoint: stack.endpoints.sqs });
  const table = new TableReader(client, stack.transactionsTable);
  const confirmationUrls = Object.fromEntries(
    Object.entries(ports).map(([merchantId, port]) => [merchantId, `http://127.0.0.1:${port}/confirmations`]),
  );
  await fleet.trust(
    await registerMerchants({
      client,
      tableName: stack.merchantsTable,
      masterKeys: stack.masterKeys,
      merchants: RUN_MERCHANTS,
      confirmationUrls,
    }),
  );
  const writer = new TrafficWriter({
    client,
    tableName: stack.transactionsTable,
    settings: {
      dueShards: stack.settings.dueShards,
      merchantShards: stack.settings.merchantShards,
      leaseSeconds: stack.settings.release.leaseSeconds,
    },
    hostileUrls: hostileUrls(watchers),
    sleep,
    isStopped,
  });
  const operator = new QueueOperator({
    client: sqs,
    confirmationsUrl: directly(stack.confirmationsQueueUrl, stack.endpoints.sqs),
    deadLettersUrl: directly(stack.deadLetterQueueUrl, stack.endpoints.sqs),
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
    isStopped,
    note,
  });
  await Promise.all([writer.write(plan.transactions, startMs), injecting]);
  proxies.newerTaskTakes((handle) => void operator.take(handle));
  const quietMs = Date.now();
  const isSettled = await settle({
    table,
    counters: () => stack.counters(),
    untilMs: quietMs + SETTLE_WITHIN_MS,
    isStopped,
  });
  note(
    `${isSettled ? "Settled" : "Not settled"} ${((Date.now() - quietMs) / 1000).toFixed(1)} s after the last fault; calls hit: ${describeHits(board)}.`,
  );

  const deadLetters = await readDeadLetters(sqs, directly(stack.deadLetterQueueUrl, stack.endpoints.sqs));
  const report = takeRunAccount({
    written: writer.written,
    deliveries: await fleet.ledger(),
    rows: await table.rows(),
    deadLetters: [...operator.lettersPutBack, ...deadLetters],
    allowedAgain: allowed.webhookIds,
  });
  for (const { kind, transactionId, detail } of report.findings.slice(0, EXAMPLES)) {
    note(`  ${kind}: ${transactionId}: ${detail}`);
    note(`    row: ${(await table.rowText(transactionId)).slice(0, 1500)}`);
  }
  client.destroy();
  sqs.destroy();
  return report;
}

/** A queue's URL past the proxy. */
function directly(queueUrl: string, endpoint: string): string {
  return endpoint + new URL(queueUrl).pathname;
}

function describeHits({ hits }: FaultBoard): string {
  const texts = [...hits].map(([kind, count]) => `${kind} ${count}`);
  return texts.length > 0 ? texts.join(", ") : "none";
}
