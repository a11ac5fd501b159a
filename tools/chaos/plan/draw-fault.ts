/** Draws one fault of each kind; how long and how hard, within what a run can get over before it is to complete. */
import { pick, type Random } from "../../../local/demo/seeded-random.ts";
import type { Turn } from "../../../local/demo/fleet/messages.ts";
import type { QueueFault } from "../proxy/queue-interference.ts";
import type { TableFault } from "../proxy/table-interference.ts";
import type { Fault, FaultKind, StreamFault, WorkQueue } from "./fault.ts";
import { GOOD_MERCHANTS } from "./merchants.ts";

export const FAULT_KINDS = [
  "worker killed",
  "worker stopped",
  "stream failing",
  "stream replayed",
  "table faulty",
  "queue faulty",
  "queue purged",
  "clock stepped",
  "poison messages",
  "dead letters put back",
  "merchant turned",
] as const satisfies readonly FaultKind[];
type DrawnKind = (typeof FAULT_KINDS)[number];

const LONGEST_FAULT_MS = 4000;
const SHORTEST_FAULT_MS = 500;
const LONGEST_STEP_SECONDS = 30;
const MOST_LETTERS = 8;
const MOST_REPLAYED = 6;
/** Twice: what fails in part has more to it than what fails as a whole. */
const TABLE_FAULTS: readonly TableFault[] = [
  "throttled",
  "failing",
  "resetting",
  "losing answers",
  "in part",
  "in part",
];
const QUEUE_FAULTS: readonly QueueFault[] = [
  "unavailable",
  "resetting",
  "losing answers",
  "in part",
  "in part",
  "handles expired",
  "full, empty",
  "full, refusing",
];
const STREAM_FAULTS: readonly StreamFault[] = ["before", "after", "in part"];
const QUEUES: readonly WorkQueue[] = ["confirmations", "ordered"];
const PURGES: readonly (readonly WorkQueue[])[] = [["confirmations"], ["ordered"], QUEUES];
const TURNS: readonly Turn[] = ["closed", "failing-always", "hanging", "resetting", "busy", "leaving"];

interface Extent {
  readonly durationMs: number;
  readonly share: number;
}

/** @param longestMs longest duration that fits */
export function drawFault(kind: DrawnKind, random: Random, longestMs: number): Fault {
  const spanMs = Math.max(0, Math.min(LONGEST_FAULT_MS, longestMs) - SHORTEST_FAULT_MS);
  const durationMs = Math.round(SHORTEST_FAULT_MS + random() * spanMs);
  return DRAWS[kind](random, { durationMs, share: pick([0.2, 0.5, 1], random) });
}

const DRAWS: Readonly<Record<DrawnKind, (random: Random, extent: Extent) => Fault>> = {
  "worker killed": () => ({ kind: "worker killed" }),
  "worker stopped": () => ({ kind: "worker stopped" }),
  "queue purged": (random) => ({ kind: "queue purged", queues: pick(PURGES, random) }),
  "poison messages": (random) => ({ kind: "poison messages", queue: pick(QUEUES, random) }),
  "stream failing": (random, extent) => ({ kind: "stream failing", how: pick(STREAM_FAULTS, random), ...extent }),
  "stream replayed": (random) => ({ kind: "stream replayed", batches: 1 + Math.floor(random() * MOST_REPLAYED) }),
  "table faulty": (random, extent) => ({ kind: "table faulty", how: pick(TABLE_FAULTS, random), ...extent }),
  "queue faulty": (random, extent) => ({ kind: "queue faulty", how: pick(QUEUE_FAULTS, random), ...extent }),
  "clock stepped": (random, { durationMs }) => ({
    kind: "clock stepped",
    program: pick(["worker", "functions"], random),
    bySeconds: Math.round((random() < 0.5 ? -1 : 1) * (1 + random() * (LONGEST_STEP_SECONDS - 1))),
    durationMs,
  }),
  "dead letters put back": (random) => ({
    kind: "dead letters put back",
    letters: 1 + Math.floor(random() * MOST_LETTERS),
    queue: pick(QUEUES, random),
  }),
  "merchant turned": (random, { durationMs }) => ({
    kind: "merchant turned",
    merchant: Math.floor(random() * GOOD_MERCHANTS.length),
    into: pick(TURNS, random),
    durationMs,
  }),
};
