/**
 * What somebody has sent again while a run goes on: by filter, over what was confirmed and what was given up, each in a
 * course of its own. And what may befall the jobs alone: their function is killed, their messages are lost. Drawn apart
 * from the rest, so that a seed's other faults stay what they were.
 */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { pick, seededRandom } from "../../../local/demo/seeded-random.ts";
import { COURSES, type Fault, type PlannedFault } from "./fault.ts";
import { LEAVING, RUN_MERCHANTS } from "./merchants.ts";

/** Apart from what the seed draws else. */
const OWN_SEED = 0x5eed;
/** Parts of the duration between which they are asked for. */
const FIRST_AT = 0.2;
const LAST_AT = 0.9;
const MOST_KILLS = 3;
const STATES = ["CONFIRMED", "FAILED", undefined] as const;

/** @param count of redeliveries; with fewer than there are courses, the seed turns them */
export function planRedeliveries(seed: number, durationMs: number, count: number): PlannedFault[] {
  if (count === 0) return [];
  const random = seededRandom(seed ^ OWN_SEED);
  const step = ((LAST_AT - FIRST_AT) * durationMs) / count;
  const asked = Array.from({ length: count }, (_, index): PlannedFault => {
    const course = COURSES[(seed * count + index) % COURSES.length] ?? COURSES[0];
    const merchantId = course === "of one that leaves" ? LEAVING : pick(RUN_MERCHANTS, random).merchantId;
    const state = course === "of one that leaves" ? "CONFIRMED" : pick(STATES, random);
    const atMs = Math.round(FIRST_AT * durationMs + (index + random()) * step);
    // What was given up is sent again whoever's it is.
    const fault: Fault = {
      kind: "redelivery",
      course,
      ...(state !== "FAILED" && { merchantId }),
      ...(state && { state }),
    };
    return { atMs, fault };
  });
  if (count < COURSES.length) return asked;
  const kills = 1 + Math.floor(random() * MOST_KILLS);
  const [first, middle] = [asked[0]?.atMs ?? 0, asked[Math.floor(count / 2)]?.atMs ?? 0];
  return [
    ...asked,
    {
      atMs: first + Math.round(random() * step),
      fault: { kind: "function killed", functionName: FUNCTION_NAMES.runJobs, kills },
    },
    { atMs: middle + Math.round(random() * step), fault: { kind: "parts purged" } },
  ];
}
