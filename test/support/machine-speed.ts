/**
 * How slow this machine is, measured once a test file: by how much work it does in some milliseconds of a core, and how
 * long it waits for those. Limits at which a test says "this never happens", and deadlines of a product under test that
 * must not pass while nobody tests them, are stretched by it. What a test promises is never a time.
 */
import { createHash } from "node:crypto";
import { availableParallelism, loadavg } from "node:os";

/** Of a core; long enough that others get their turn meanwhile. */
const MEASURED_MS = 20;
/** Hashes of `BLOCK` in a millisecond of a core of 2 to 3 GHz, of which two were there when this was written. */
const USUAL_HASHES_A_MS = 40;
const BLOCK = Buffer.alloc(16_384, 1);
/** Test files that run side by side; `set-up.ts` sets it. */
export const WORKERS = "TEST_WORKERS";
/** A machine that is slower than that is not one to run tests on. */
const SLOWEST = 30;

/** Between two measurements of one wait. */
const AGAIN_AFTER_MS = 10_000;

let known: number | undefined;
let slowest = { slowness: 0, at: -Infinity };

/** 1 for a machine that has nothing else to do, 3 for one on which everything takes three times as long. */
export function slowness(): number {
  known ??= measured();
  return known;
}

/** A limit in milliseconds, for this machine as it is now. */
export function patienceMs(ms: number): number {
  return Math.ceil(ms * slowness());
}

/** The same for who has waited for it already: the machine may have become slower since its file began. */
export function patienceByNowMs(ms: number): number {
  const now = performance.now();
  if (now - slowest.at > AGAIN_AFTER_MS)
    slowest = { slowness: Math.max(slowest.slowness, slowness(), measured()), at: now };
  return Math.ceil(ms * slowest.slowness);
}

/** The same in whole seconds, as settings have them. */
export function patienceSeconds(seconds: number): number {
  return Math.ceil(seconds * slowness());
}

function measured(): number {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let hashes = 0;
  let coreMs = 0;
  while (coreMs < MEASURED_MS) {
    createHash("sha256").update(BLOCK).digest();
    hashes += 1;
    const { user, system } = process.cpuUsage(before);
    coreMs = (user + system) / 1000;
  }
  const slowCore = (USUAL_HASHES_A_MS * coreMs) / hashes;
  const waited = (performance.now() - startedAt) / coreMs;
  const queued = (loadavg()[0] ?? 0) / availableParallelism();
  return Math.min(SLOWEST, Math.max(1, slowCore) * Math.max(1, waited, queued, besides()));
}

/** Others begin at the same time, and nothing can be seen of them yet. */
function besides(): number {
  return Number(process.env[WORKERS] ?? 1) / availableParallelism();
}
