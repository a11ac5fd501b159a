/** One run of the suite: traffic and faults by the plan, then quiet until everything is terminal, then the account. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import type { TransportName } from "../../../core/http/transport.ts";
import { readDeadLetters } from "../../../local/demo/read-dead-letters.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";
import { ProgramClocks } from "../clock/program-clocks.ts";
import { ProgramEgress } from "../egress/program-egress.ts";
import { hostileUrls } from "../plan/hostile-url.ts";
import { isRecipient } from "../plan/recipients.ts";
import type { RunPlan } from "../plan/plan.ts";
import { JOBS_TABLE_NAME } from "../../../core/settings/names.ts";
import { allDone } from "./all-done.ts";
import { AllowedDuplicates } from "./allowed-duplicates.ts";
import { ChannelsOfRun, withoutRecipients } from "./channels/channels-of-run.ts";
import type { ChannelAccount } from "./channels/judge-steps.ts";
import { type Charged, chargedToMerchants } from "./charged.ts";
import { FaultBoard } from "./fault-board.ts";
import { MerchantHealthWatch } from "./merchant-health-watch.ts";
import { inject } from "./inject.ts";
import { JobApi } from "./job-api.ts";
import { judgeRedeliveries, matchedBy } from "./judge-redeliveries.ts";
import { slowness } from "./machine-speed.ts";
import { MerchantNames } from "./merchant-names.ts";
import { type InjectedByLabel, OwnFaultBook } from "./own-fault-book.ts";
import { programPreload } from "./program-preload.ts";
import { DEDUPLICATION_WINDOW_MS, Proxies } from "./proxies.ts";
import { QueueOperator } from "./queue-operator.ts";
import { RedeliveryOperator } from "./redelivery-operator.ts";
import { runJobs } from "./run-jobs.ts";
import { runFleet, schemeOf } from "./run-fleet.ts";
import { untilComplete } from "./until-complete.ts";
import { showExamples } from "./show-examples.ts";
import { onStage, type Stage } from "./stage.ts";
import { StreamFaults } from "./stream-faults.ts";
import { StuckPrograms } from "./stuck-programs.ts";
import { type RunAccountReport, takeRunAccount } from "./take-account.ts";
import { wholeRows } from "./whole-rows.ts";
import { WorkerOffsets } from "./worker-offsets.ts";
import { TrafficWriter } from "./write-traffic.ts";

export interface RunReport extends RunAccountReport {
  /** Origins of the listeners that were connected to, once for each connection. */
  readonly ssrfReached: readonly string[];
  readonly charged: Charged;
  /** Of recipients with channels and merchants that acknowledge; none of them is in `account`. */
  readonly channels: ChannelAccount;
  readonly timedOutFunctions: readonly string[];
  readonly spinningRows: readonly string[];
  readonly injected: InjectedByLabel;
  readonly isClean: boolean;
  readonly seconds: number;
}

export interface RunOptions {
  readonly plan: RunPlan;
  readonly delivery: DeliveryMode;
  /** @default the pipeline's own client */
  readonly transport?: TransportName;
  readonly interruption: AbortSignal;
  readonly note: (line: string) => void;
}

/** Bounds the wait for everything to complete; a run needs a fraction of it. */
const COMPLETE_WITHIN_MS = { fargate: 300_000, lambda: 600_000 } as const;

export async function runOnce({ plan, delivery, transport, interruption, note }: RunOptions): Promise<RunReport> {
  const startedAtMs = Date.now();
  const { seed } = plan;
  const board = new FaultBoard(seed);
  const stuck = new StuckPrograms(Date.now);
  const proxies = new Proxies(board, seed, stuck);
  const streamFaults = new StreamFaults(board);
  const names = await MerchantNames.start(delivery);
  const busyness = slowness();
  if (busyness > 1) note(`  Others use this machine: time limits are ${busyness.toFixed(1)} times as long.`);
  const { certificate, ...fleet } = runFleet(names, delivery, transport, busyness);
  let programs: { readonly clocks: ProgramClocks; readonly egress: ProgramEgress } | undefined;
  try {
    return await onStage(
      {
        ...fleet,
        seed,
        interposition: (directory) => {
          programs = {
            clocks: new ProgramClocks(join(directory, "clocks")),
            egress: new ProgramEgress(join(directory, "egress")),
          };
          const authorities = join(directory, "authorities.pem");
          writeFileSync(authorities, certificate.cert);
          const preload = programPreload({ ...programs, authorities });
          const invocation = stuck.around(streamFaults.invocation);
          return { addresses: proxies.addresses, invocation, preload };
        },
        interruption,
        note,
      },
      async (stage) => {
        if (programs === undefined) throw new Error("The programs were started without clocks of their own.");
        const own = { plan, delivery, interruption, note, slowness: busyness };
        const parts = { ...own, board, proxies, stuck, streamFaults, names, ...programs };
        const report = await play(stage, parts);
        const ssrfReached = await stage.fleet.reached();
        const { timedOutFunctions, spinningRows } = report;
        const bad = [report.findings, ssrfReached, timedOutFunctions, spinningRows];
        const isClean = bad.every(({ length }) => length === 0);
        for (const origin of new Set(ssrfReached)) note(`  ${origin} was called, which must not be`);
        return { ...report, ssrfReached, isClean, seconds: (Date.now() - startedAtMs) / 1000 };
      },
    );
  } finally {
    await Promise.all([proxies.stop(), names.stop()]);
  }
}

interface Injection extends RunOptions {
  readonly board: FaultBoard;
  readonly proxies: Proxies;
  readonly stuck: StuckPrograms;
  readonly streamFaults: StreamFaults;
  readonly names: MerchantNames;
  readonly clocks: ProgramClocks;
  readonly egress: ProgramEgress;
  readonly slowness: number;
}

async function play(
  stage: Stage,
  injection: Injection,
): Promise<Omit<RunReport, "ssrfReached" | "isClean" | "seconds">> {
  const { stack, fleet, client, sqs, table, watchers, ports, isStopped } = stage;
  const { plan, note, proxies, stuck, names } = injection;
  const writer = new TrafficWriter({
    client,
    tableName: stack.transactionsTable,
    settings: stage.producer,
    hostileUrls: hostileUrls(watchers),
    freshUrlOf: ({ merchantId, amountCents, versions: [first] }) => {
      const name = names.nameOf(merchantId, `c${amountCents}-${first?.atMs}`);
      return `${schemeOf(merchantId)}://${name}:${ports[merchantId]}/confirmations`;
    },
    sleep,
    isStopped,
    slowness: injection.slowness,
  });
  const operator = new QueueOperator({
    client: sqs,
    queues: { confirmations: stage.confirmationsUrl, ordered: stage.orderedUrl },
    deadLettersUrl: stage.deadLettersUrl,
    jobPartsUrl: stage.jobPartsUrl,
    written: () => writer.written,
    random: seededRandom(plan.seed),
  });
  const rows = () => wholeRows(client, stack.transactionsTable);
  const jobs = () => runJobs(client, JOBS_TABLE_NAME);
  const redeliveries = new RedeliveryOperator({ api: new JobApi(stack, isStopped), rows, jobs, isStopped });
  const channels = await ChannelsOfRun.begin(stage, proxies.sends);
  const allowed = new AllowedDuplicates({ fleet: withoutRecipients(fleet), table, isStopped });
  const book = new OwnFaultBook();
  const workerOffsets = new WorkerOffsets();
  const health = new MerchantHealthWatch(client);
  health.start();

  const startMs = Date.now();
  const injecting = inject(plan.faults, startMs, {
    ...injection,
    stack,
    worker: stack.worker,
    fleet,
    book,
    workerOffsets,
    operator,
    redeliveries,
    allowed,
    steps: channels.inFlight,
    replayAgeMs: DEDUPLICATION_WINDOW_MS,
  });
  await allDone([writer.write(plan.transactions, startMs), injecting]);
  // What it does not get by an old handle comes again.
  proxies.newerTaskTakes((queueUrl, handle) => void operator.take(queueUrl, handle).catch(() => undefined));
  const quietMs = Date.now();
  await redeliveries.finish();
  const isTerminal = await untilComplete({
    table,
    counters: () => stack.counters(),
    areJobsOver: async () => (await jobs()).every(({ isOver }) => isOver),
    untilMs: quietMs + COMPLETE_WITHIN_MS[injection.delivery] * injection.slowness,
    isStopped,
  });
  await health.stop();
  const tookSeconds = ((Date.now() - quietMs) / 1000).toFixed(1);
  note(`  ${isTerminal ? "Complete" : "Not complete"} ${tookSeconds} s after the last fault.`);
  const asked = await jobs();
  for (const { jobId, totals } of asked)
    book.counted(`redelivery: ${redeliveries.courses.get(jobId) ?? "unknown"}`, matchedBy(totals));
  note(`  Of our own, times and calls touched: ${describeInjected(book.injected)}.`);

  const deliveries = await fleet.ledger();
  const whole = await rows();
  const reopened = new Set([
    ...operator.reopened,
    ...redeliveries.mayBeReopened,
    ...whole.filter(({ redelivery }) => redelivery?.isReopened).map(({ transactionId }) => transactionId),
  ]);
  const evidence = {
    written: writer.written,
    deliveries,
    rows: await table.rows(),
    whole,
    deadLetters: [...operator.lettersPutBack, ...(await readDeadLetters(sqs, stage.deadLettersUrl))],
    allowedAgain: allowed.webhookIds,
    arrivals: proxies.arrivals.first,
    purges: operator.purges,
    reopened,
  };
  const account = takeRunAccount({
    ...evidence,
    written: evidence.written.filter(isOther),
    deliveries: deliveries.filter(isOther),
  });
  const ofChannels = await channels.account({ ...evidence, wrongClock: workerOffsets.all });
  const charged = chargedToMerchants({
    ...evidence,
    rows: whole,
    own: book.intervals,
    workerClock: workerOffsets.all,
    trips: health.trips,
  });
  const again = judgeRedeliveries({ ...evidence, rows: whole, jobs: asked, confirmedAt: redeliveries.confirmedAt });
  const { steps, twice, twiceAllowed } = ofChannels.account;
  note(`  ${steps} messages by channels, ${twice} of them further ones, ${twiceAllowed} allowed.`);
  const { attempts, trips, giveUps } = charged;
  note(`  ${account.ordersExpected} times one transaction was owed before another.`);
  note(`  Charged to merchants: ${attempts} tries, ${trips} trips, ${giveUps} given up.`);
  const report = {
    ...account,
    findings: [...account.findings, ...ofChannels.findings, ...again, ...charged.findings],
    charged,
  };
  await showExamples(report, stage, note);
  const { timedOutFunctions, spinningRows } = stuck;
  for (const name of new Set(timedOutFunctions)) note(`  ${name} was ended at its time limit.`);
  for (const id of spinningRows) note(`  ${id} was called for again and again without a wait.`);
  return { ...report, channels: ofChannels.account, timedOutFunctions, spinningRows, injected: book.injected };
}

/** Whose account is taken here. */
function isOther({ merchantId = "" }: { readonly merchantId?: string }): boolean {
  return !isRecipient(merchantId);
}

function describeInjected(injected: InjectedByLabel): string {
  const texts = Object.entries(injected).map(([label, { times, touched }]) => `${label} ${times}/${touched}`);
  return texts.length > 0 ? texts.join(", ") : "none";
}
