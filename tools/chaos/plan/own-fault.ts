/**
 * Faults of our own surroundings: dependencies, name servers, egress, clocks, functions, hot items. None of them may
 * cost a merchant anything. Each run has every kind once; manners, callers and signs turn with the seed, so that a few
 * seeds in a row have them all.
 */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { Caller } from "../../../local/local-stack.ts";
import { DEPENDENCIES, type Dependency, MANNERS } from "../proxy/dependency.ts";
import type { EgressFault, FamilyFault, Fault, HotItem, NamesFault, PlannedFault } from "./fault.ts";

const NAMES: readonly NamesFault[] = ["silent", "refusing", "SERVFAIL"];
const FAMILIES: readonly FamilyFault[] = ["AAAA silent", "AAAA SERVFAIL", "A SERVFAIL"];
const EGRESS: readonly EgressFault[] = ["hanging", "unreachable"];
const ITEMS: readonly HotItem[] = ["gate", "rows", "due partition", "rate limit"];
/** What each is called by; a fault of it is for one of these, or all. */
const CALLERS: Readonly<Record<Dependency, readonly (readonly Caller[])[]>> = {
  table: [["worker", "functions"], ["worker"], ["functions"]],
  gates: [["worker"], ["worker", "functions"], ["functions"]],
  merchants: [["worker"], ["worker", "functions"]],
  queues: [["worker", "functions"], ["worker"], ["functions"]],
  kms: [["worker"]],
  secrets: [["functions"]],
  s3: [["functions"]],
  cloudwatch: [["functions"]],
};
const KILLED = [FUNCTION_NAMES.releaseDue, FUNCTION_NAMES.streamTransactions] as const;
/** Merchants take ten minutes as a forgery; a lease or a retry would not notice. */
const CLOCK_OFF_SECONDS = 600;
const SLOW_MS = { shortest: 500, longest: 4000 } as const;
/**
 * Milliseconds that each lasts. What was met by silence stays silent for longer: whoever waits for it needs a bound of
 * its own.
 */
const LASTS = { shortest: 1800, longest: 3500 } as const;
/** What few functions call, now and then. */
const RARELY_CALLED: ReadonlySet<Dependency> = new Set(["secrets", "s3", "cloudwatch"]);
const RARELY_CALLED_LASTS_MS = 9000;

/** Without them nothing comes to the worker, whoever is without them. */
const STOPS_FLOW: ReadonlySet<Dependency> = new Set(["table", "queues"]);

/** Parts of the run's duration between which they begin. */
const FIRST_AT = 0.06;
const LAST_AT = 0.86;

export interface OwnFaultsOptions {
  readonly seed: number;
  /** @default all kinds once */
  readonly ownFaults?: number;
  readonly durationMs: number;
  readonly random: Random;
}

/**
 * In an order that the seed shuffles, so that over the seeds each meets each. What keeps merchants from being called
 * comes evenly over the run, one after the other; the rest beside it, evenly too.
 */
export function planOwnFaults({ seed, ownFaults, durationMs, random }: OwnFaultsOptions): PlannedFault[] {
  const all = drawAll(seed, random);
  const { length } = all;
  const wanted = Array.from({ length: ownFaults ?? length }, (_, index) => (seed * (ownFaults ?? 0) + index) % length);
  const faults = shuffled(
    wanted.flatMap((index) => all[index] ?? []),
    random,
  );
  return [true, false].flatMap((isOfCalls) =>
    evenly(
      faults.filter((fault) => keepsFromCalling(fault) === isOfCalls),
      durationMs,
    ),
  );
}

function evenly(faults: readonly Fault[], durationMs: number): PlannedFault[] {
  const step = ((LAST_AT - FIRST_AT) * durationMs) / Math.max(1, faults.length - 1);
  return faults.map((fault, index) => ({ atMs: Math.round(FIRST_AT * durationMs + index * step), fault }));
}

/** Whether merchants are called less while it lasts, or not at all. Two at once would hide each other. */
export function keepsFromCalling(fault: Fault): boolean {
  if (fault.kind === "dependency down") return STOPS_FLOW.has(fault.dependency) || fault.callers.includes("worker");
  if (fault.kind === "clock off") return fault.program === "worker";
  if (fault.kind === "function killed") return fault.functionName === FUNCTION_NAMES.streamTransactions;
  if (fault.kind === "item throttled") return fault.item === "rows";
  return fault.kind === "names down" || fault.kind === "family down" || fault.kind === "egress down";
}

function drawAll(seed: number, random: Random): Fault[] {
  const lasting = () => Math.round(LASTS.shortest + random() * (LASTS.longest - LASTS.shortest));
  const turn = <T>(values: readonly T[], offset = 0): T => values[(seed + offset) % values.length] as T;
  const dependencies = DEPENDENCIES.map((dependency, index): Fault => {
    const callers = turn(CALLERS[dependency], Math.floor(seed / MANNERS.length));
    return {
      kind: "dependency down",
      dependency,
      manner: turn(MANNERS, index),
      callers,
      slowMs: Math.round(SLOW_MS.shortest + random() * (SLOW_MS.longest - SLOW_MS.shortest)),
      durationMs: RARELY_CALLED.has(dependency) ? RARELY_CALLED_LASTS_MS : lasting(),
    };
  });
  return [
    ...dependencies,
    { kind: "names down", how: turn(NAMES), durationMs: lasting() },
    { kind: "family down", how: turn(FAMILIES), durationMs: lasting() },
    { kind: "egress down", how: turn(EGRESS), durationMs: lasting() },
    // Each program in each run, the worker first or last.
    { kind: "clock off", program: "worker", bySeconds: turn([1, -1]) * CLOCK_OFF_SECONDS, durationMs: lasting() },
    // Never ahead: leases that end ten minutes later would hold the run up for as long.
    { kind: "clock off", program: "functions", bySeconds: -CLOCK_OFF_SECONDS, durationMs: lasting() },
    { kind: "function killed", functionName: turn(KILLED), kills: 1 + Math.floor(random() * 3) },
    { kind: "schedule doubled", functionName: FUNCTION_NAMES.releaseDue },
    { kind: "item throttled", item: turn(ITEMS), shard: Math.floor(random() * 2), durationMs: lasting() },
    { kind: "item throttled", item: turn(ITEMS, 2), shard: Math.floor(random() * 2), durationMs: lasting() },
    { kind: "name dead", how: pick(["SERVFAIL", "silent"] as const, random), durationMs: lasting() },
    { kind: "name moved" },
  ];
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ value }) => value);
}

/** How a fault of our own is counted in the totals; undefined for what is no fault of our own. */
export function labelOf(fault: Fault): string | undefined {
  switch (fault.kind) {
    case "dependency down":
      return `${fault.dependency} ${fault.manner}`;
    case "names down":
      return `names ${fault.how}`;
    case "family down":
      return fault.how;
    case "egress down":
      return `egress ${fault.how}`;
    case "clock off":
      return `clock off: ${fault.program}`;
    case "function killed":
      return `killed: ${fault.functionName}`;
    case "schedule doubled":
      return `twice: ${fault.functionName}`;
    case "item throttled":
      return `throttled: ${fault.item}`;
    case "redelivery":
      return `redelivery: ${fault.course}`;
    case "parts purged":
      return fault.kind;
    case "channel faulty":
      return `${fault.service} ${fault.how}`;
    case "killed around a send":
      return `killed ${fault.at} a send: ${fault.service}`;
    case "clock stepped":
      return `clock stepped: ${fault.program}`;
    case "table faulty":
    case "queue faulty":
      return `${fault.kind}: ${fault.how}`;
    default:
      return undefined;
  }
}
