/**
 * How fast `release-due` puts a backlog back on the queue, against a loop that does nothing but claim and send, on the
 * same embedded servers: they are the limit of both. In turns, as the servers and the machine change their speed; a
 * turn is over when the queue has all its messages.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseSettings, type SettingsInput } from "../../../core/settings/settings.ts";
import type { BenchOptions } from "../cost/options.ts";
import { type Emulators, startEmulators } from "../end-to-end/emulators.ts";
import { type Backlog, type DueRow, expectReleased, fill, messagesIn } from "./backlog.ts";
import { bareRelease } from "./bare-release.ts";
import { FunctionProcess } from "./function-process.ts";

export interface ReleaseReport {
  /** Of each turn. */
  readonly rows: number;
  readonly releasedPerSecond: number;
  readonly barePerSecond: number;
  readonly ratioToBare: number;
  /** Microseconds of the function's process, user and system. */
  readonly cpuUsARow: number;
}

interface Turn {
  readonly perSecond: number;
  readonly cpuUs?: number;
}

const SETTINGS: SettingsInput = { canary: { enabled: false } };
const TURNS = 3;
/** Rows from which one turn of each is long enough, and several take most of an hour. */
const LONG_ROWS = 20_000;
/** Part of the rows that go first, for the servers and both programs to warm up. */
const WARM_UP_SHARE = 0.2;
const LOOK_EVERY_MS = 20;
const BASE_WAIT_MS = 60_000;
const WAIT_MS_A_ROW = 10;

export async function runRelease(
  { rows, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<ReleaseReport> {
  await using started = new AsyncDisposableStack();
  const emulators = await startEmulators(stateDirectory, SETTINGS, started);
  const { dueShards } = parseSettings(SETTINGS);
  const release = await FunctionProcess.start(emulators);
  started.defer(() => release.stop());

  const bare = (due: readonly DueRow[]): Promise<void> => bareRelease(emulators, due, dueShards);
  const backlog = (name: string, count: number): Backlog => ({ prefix: `${name}-`, rows: count, dueShards });
  const warmUp = Math.ceil(rows * WARM_UP_SHARE);
  await bareTurn(emulators, backlog("bare-first", warmUp), bare);
  await functionTurn(emulators, backlog("function-first", warmUp), release);
  const [bares, functions]: [Turn[], Turn[]] = [[], []];
  for (let turn = 0; turn < (smoke || rows >= LONG_ROWS ? 1 : TURNS); turn += 1) {
    bares.push(await bareTurn(emulators, backlog(`bare-${turn}`, rows), bare));
    note(`Bare: ${bares.at(-1)?.perSecond.toFixed(0)} a second.`);
    functions.push(await functionTurn(emulators, backlog(`function-${turn}`, rows), release));
    note(`release-due: ${functions.at(-1)?.perSecond.toFixed(0)} a second.`);
  }
  const [barePerSecond, releasedPerSecond] = [meanOf(bares), meanOf(functions)];
  const cpuUs = functions.reduce((sum, turn) => sum + (turn.cpuUs ?? 0), 0);
  return {
    rows,
    releasedPerSecond,
    barePerSecond,
    ratioToBare: releasedPerSecond / barePerSecond,
    cpuUsARow: cpuUs / (rows * functions.length),
  };
}

async function bareTurn(
  emulators: Emulators,
  backlog: Backlog,
  bare: (due: readonly DueRow[]) => Promise<void>,
): Promise<Turn> {
  const due = await fill(emulators, backlog);
  const startedAt = performance.now();
  const released = bare(due);
  await Promise.all([released, untilQueued(emulators, backlog.rows)]);
  const perSecond = perSecondSince(startedAt, backlog);
  await expectReleased(emulators, backlog);
  await empty(emulators);
  return { perSecond };
}

async function functionTurn(emulators: Emulators, backlog: Backlog, release: FunctionProcess): Promise<Turn> {
  await fill(emulators, backlog);
  const startedAt = performance.now();
  release.go();
  await Promise.race([untilQueued(emulators, backlog.rows), release.failed]);
  const perSecond = perSecondSince(startedAt, backlog);
  const cpuUs = await release.end();
  await expectReleased(emulators, backlog);
  await empty(emulators);
  return { perSecond, cpuUs };
}

/** @throws Error when they do not come in time */
async function untilQueued(emulators: Emulators, messages: number): Promise<void> {
  const until = Date.now() + BASE_WAIT_MS + messages * WAIT_MS_A_ROW;
  for (let queued = await messagesIn(emulators); queued < messages; queued = await messagesIn(emulators)) {
    if (Date.now() > until) throw new Error(`Of ${messages} rows ${queued} were released in time.`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** The next turn counts from 0. */
async function empty({ aws, confirmationsQueueUrl: QueueUrl }: Emulators): Promise<void> {
  await aws.sqs("PurgeQueue", { QueueUrl });
}

function perSecondSince(startedAt: number, { rows }: Backlog): number {
  return (rows * 1000) / (performance.now() - startedAt);
}

/** Of equal rows, so over the time that all of them took. */
function meanOf(turns: readonly Turn[]): number {
  return turns.length / turns.reduce((sum, { perSecond }) => sum + 1 / perSecond, 0);
}
