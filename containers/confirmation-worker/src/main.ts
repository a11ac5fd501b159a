/** The confirmation worker: wires its parts together and runs until SIGTERM. */
import { WORKER_LIMITS } from "../../../core/aws/call-limits.ts";
import { afterMs, programJournal } from "../../../core/aws/program-journal.ts";
import { readChannels } from "../../../core/settings/channels-environment.ts";
import { EnvironmentError } from "../../../core/settings/environment.ts";
import { WORKER_SERVICE } from "../../../core/settings/names.ts";
import { logError } from "../../../core/telemetry/log-error.ts";
import { ClockLook } from "./clock/clock-look.ts";
import { taskClock } from "../../../core/confirmation/clock/task-clock.ts";
import { channelsPort } from "../../../core/confirmation/channels/channels-port.ts";
import { connect } from "../../../core/confirmation/connections.ts";
import { readWorkerEnvironment } from "./environment.ts";
import { serveHealth } from "./health.ts";
import { startLooks } from "./looks.ts";
import { type MerchantSide, merchantSide } from "../../../core/confirmation/merchants/merchant-side.ts";
import { queuePipelines } from "./queue-pipelines.ts";
import { callReceiver } from "./receive/call-receiver.ts";
import { PauseSwitch } from "./receive/pause-switch.ts";
import { receivingWorker } from "./receive/receiving-worker.ts";
import { tableBreaker } from "../../../core/confirmation/tables/table-breaker.ts";
import { workerControl } from "./receive/worker-control.ts";
import { addGauges } from "./telemetry/gauges.ts";
import { PathTelemetry } from "../../../core/confirmation/telemetry/path-telemetry.ts";
import type { Worker } from "./worker.ts";

/** Left for open handles to close once everything is let go of. */
const EXIT_GRACE_MS = 1000;
/** The same for copies to be written, where somebody listens. */
const COPIES_MS = 500;
/** The same for the end of the journal, which comes beside it. */
const JOURNAL_MS = 1000;

const clock = taskClock();
const telemetry = new PathTelemetry(clock, WORKER_SERVICE);

async function main(): Promise<void> {
  telemetry.started();
  const env = readWorkerEnvironment();
  const { count, info, warn } = telemetry;
  const connections = connect(env, clock, telemetry, WORKER_LIMITS);
  const reads = [(key: string) => connections.table.read([key]), (key: string) => merchants.probe(key)];
  const breaker = tableBreaker(reads, clock, warn);
  const merchants: MerchantSide = merchantSide({ env, connections, breaker, telemetry, clock });
  const endWatch = merchants.watchStalls();
  const pauseSwitch = new PauseSwitch({ table: merchants.healthTable, log: (message) => info(message, {}), warn });
  const measures = telemetry.measures(env.debugSamplePercent, env.campaigns);
  const life = {
    isStopping: () => worker.isStopping || pauseSwitch.isPaused || clock.watch.isWrong,
    isStopped: () => worker.isStopped,
  };
  const { merchantsTable, merchantGatesTable } = env;
  const channels = channelsPort(readChannels(), {
    limits: WORKER_LIMITS,
    merchantsTable,
    merchantGatesTable,
    count,
    countPart: telemetry.countPart,
    warn,
    now: clock.now,
  });
  const journal = programJournal({
    env: env.journal,
    region: env.region,
    after: afterMs,
    pause: clock.pause,
    now: clock.now,
    elapsedMs: clock.elapsedMs,
    count,
    warn,
  });
  const sides = { env, connections, merchants, breaker, measures, clock };
  const pipelines = queuePipelines({ ...sides, channels, journal, life });
  const { unrecorded } = pipelines;
  const { egress } = merchants;
  const mostUnrecorded = env.window / 4;
  const control = workerControl({ pauseSwitch, unrecorded, mostUnrecorded, breaker, egress, clock: clock.watch });
  const parts = { env, connections, pipelines, control, breaker, clock };
  const calls = callReceiver({ env, connections, merchants, breaker, clock, telemetry });
  const worker: Worker = receivingWorker({
    ...parts,
    callReceiver: calls,
    telemetry: { count, info, warn, measures },
  });

  const health = await serveHealth(env.healthPort, () => control.isHealthy && worker.isHealthy());
  addGauges(telemetry.meter, { env, control, breaker, merchants, worker, clock });
  const clockLook = new ClockLook({ clock: clock.watch, ask: connections.askQueue, warn });
  const endLooks = await startLooks({ publish: () => telemetry.publish(), pauseSwitch, clockLook, breaker });
  const stop = async (signal: string) => {
    info("worker asked to stop", { signal });
    await worker.stop();
    endLooks();
    endWatch();
    await Promise.all([merchants.copies?.end(COPIES_MS), journal?.end(JOURNAL_MS)]);
    telemetry.publish();
    health.close();
    merchants.close();
    connections.close();
    await telemetry.hops.flush();
    setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
  };
  process.once("SIGTERM", () => void stop("SIGTERM"));
  process.once("SIGINT", () => void stop("SIGINT"));
  worker.start();
  info("worker ready", { healthPort: health.port, window: env.window, queue: env.confirmationsQueueUrl });
}

main().catch((error: unknown) => {
  const message = error instanceof EnvironmentError ? error.message : "the worker could not start";
  logError(telemetry.critical, message, error);
  process.exitCode = 1;
});
