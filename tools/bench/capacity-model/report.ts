/**
 * The tables of `docs/understanding/capacity-model.md`, as Markdown; a test keeps the
 * page equal to them.
 */
import { parseSettings, type Settings } from "../../../core/settings/settings.ts";
import { bindsAt, limitsOf } from "./limits.ts";
import { inFlightAt, type Load, loadAt, OWN_MS } from "./load.ts";

const RATES = [2000, 5000, 10_000, 20_000, 50_000, 100_000] as const;
const FULL_RATE = 100_000;
const RATES_PER_TASK = [500, 1000, 2000, 4000] as const;
const RESPONSES_MS = [100, 300, 1000, 3000] as const;

const STAGES: readonly (readonly [what: string, of: (load: Load) => string])[] = [
  ["tasks", ({ tasks }) => number(tasks)],
  ["writes: table, due index, each", ({ tableWrites }) => number(tableWrites)],
  ["writes: merchant index", ({ merchantIndexWrites }) => number(merchantIndexWrites)],
  ["reads of rows", ({ rowReads }) => number(rowReads)],
  ["reads of gates, 10,000 merchants", ({ healthReads }) => number(healthReads)],
  ["partitions for the writes, or the peak", ({ partitionsForWrites }) => number(partitionsForWrites)],
  ["partitions for the bytes of 90 days", ({ partitionsForBytes }) => number(partitionsForBytes)],
  ["Lambda invocations, young table", ({ executionsYoung }) => number(executionsYoung)],
  ["Lambda invocations, old table", ({ executionsOld }) => number(executionsOld)],
  ["Lambda executions at once, old table", ({ atOnceOld }) => number(atOnceOld)],
  ["vCPUs for the records of the stream", ({ streamVcpus }) => streamVcpus.toFixed(1)],
  ["SQS: sends, young table", ({ sendsYoung }) => number(sendsYoung)],
  ["SQS: sends, old table", ({ sendsOld }) => number(sendsOld)],
  ["SQS: receives; deletes", ({ receives }) => number(receives)],
  ["SQS: sends, deletes as partitions count", ({ queuedApart }) => number(queuedApart)],
  ["X-Ray segments", ({ traceSegments }) => number(traceSegments)],
  ["through NAT, Gbit/s", ({ egressGbit }) => egressGbit.toFixed(2)],
  ["log, MB/s, old table", ({ logMegabytes }) => logMegabytes.toFixed(1)],
  ["parts of the daily audit, busy all day", ({ auditParts }) => number(Math.ceil(auditParts))],
  ["most that may be parked", ({ parkedShare }) => `${(100 * parkedShare).toFixed(1)} %`],
];

/** What each stage has to do, a second, by rate. */
export function loadTable(settings: Settings = parseSettings({})): string {
  const loads = RATES.map((rate) => loadAt(rate, settings));
  return tableOf(
    ["confirmations a second", ...RATES.map(number)],
    STAGES.map(([what, of]) => [what, ...loads.map(of)]),
  );
}

/** What binds, the first one first. */
export function limitTable(settings: Settings = parseSettings({})): string {
  return tableOf(
    ["what", "by default", "enough up to", "100,000/s need"],
    inTurn(settings).map(({ what, limit, at, loadOf }) => [
      what,
      number(limit),
      at === undefined ? "1,000,000" : number(at),
      number(Math.ceil(loadOf(FULL_RATE))),
    ]),
  );
}

/** By what each of them is raised, and what comes beyond it; two lines each. */
export function remedyList(settings: Settings = parseSettings({})): string {
  return inTurn(settings)
    .map(({ what, raisedBy, beyond }) => `- **${what}**: ${raisedBy}.\n  Beyond: ${beyond}.`)
    .join("\n");
}

function inTurn(settings: Settings) {
  return limitsOf(settings)
    .map((limit) => ({ ...limit, at: bindsAt(limit) }))
    .toSorted((one, other) => (one.at ?? Infinity) - (other.at ?? Infinity));
}

/** Tasks, and the window that a task needs for merchants that take a second. */
export function taskTable(): string {
  return tableOf(
    ["`worker.ratePerTask`", "tasks at 2,000/s", "at 20,000/s", "at 100,000/s", "window for answers of 1 s"],
    RATES_PER_TASK.map((ratePerTask) => [
      number(ratePerTask),
      ...[2000, 20_000, FULL_RATE].map((rate) => number(Math.ceil(rate / ratePerTask))),
      number(Math.ceil(inFlightAt(ratePerTask, 1000))),
    ]),
  );
}

/** Messages in flight at each rate and merchants' mean time. */
export function inFlightTable(): string {
  return tableOf(
    [`in flight, with ${OWN_MS} ms of our own`, ...RATES.map(number)],
    RESPONSES_MS.map((responseMs) => [
      `merchants take ${number(responseMs)} ms`,
      ...RATES.map((rate) => number(inFlightAt(rate, responseMs))),
    ]),
  );
}

/** The first column is text, all others are numbers. */
function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(titles), line(rule), ...rows.map(line)].join("\n");
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
