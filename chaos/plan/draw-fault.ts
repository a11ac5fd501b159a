/** Draws one fault of each kind; how long and how hard, within what a run can get over before it is to settle. */
import { pick, type Random } from "../../demo/seeded-random.ts";
import type { Fault, FaultKind } from "./fault.ts";

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

const LONGEST_FAULT_MS = 4000;
const SHORTEST_FAULT_MS = 500;
const LONGEST_STEP_SECONDS = 30;
const MOST_LETTERS = 8;
const MOST_REPLAYED = 6;

/** @param longestMs longest duration that fits */
export function drawFault(kind: FaultKind, random: Random, longestMs: number): Fault {
  const durationMs = Math.round(
    SHORTEST_FAULT_MS + random() * Math.max(0, Math.min(LONGEST_FAULT_MS, longestMs) - SHORTEST_FAULT_MS),
  );
  const share = pick([0.2, 0.5, 1] as const, random);
  switch (kind) {
    case "worker killed":
    case "worker stopped":
    case "queue purged":
    case "poison messages":
      return { kind };
    case "stream failing":
      return { kind, how: pick(["before", "after", "in part"] as const, random), share, durationMs };
    case "stream replayed":
      return { kind, batches: 1 + Math.floor(random() * MOST_REPLAYED) };
    case "table faulty":
      return {
        kind,
        how: pick(["throttled", "failing", "resetting", "losing answers", "in part", "in part"] as const, random),
        share,
        durationMs,
      };
    case "queue faulty":
      return {
        kind,
        how: pick(
          [
            "unavailable",
            "resetting",
            "losing answers",
            "in part",
            "in part",
            "handles expired",
            "full, empty",
            "full, refusing",
          ] as const,
          random,
        ),
        share,
        durationMs,
      };
    case "clock stepped":
      return {
        kind,
        program: pick(["worker", "functions"] as const, random),
        bySeconds: Math.round((random() < 0.5 ? -1 : 1) * (1 + random() * (LONGEST_STEP_SECONDS - 1))),
        durationMs,
      };
    case "dead letters put back":
      return { kind, letters: 1 + Math.floor(random() * MOST_LETTERS) };
    case "merchant turned":
      return {
        kind,
        merchant: Math.floor(random() * 1000),
        into: pick(["closed", "failing-always", "hanging", "resetting", "busy", "leaving"] as const, random),
        durationMs,
      };
  }
}
