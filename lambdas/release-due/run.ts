/**
 * One run: looks every few seconds for about a minute, ended early when nothing can fall due in it.
 *
 *   looking -> looking   more is due than one look takes
 *   looking -> resting   until it is time for the next look
 *   resting -> looking
 *   looking -> ended     its time is over, or nothing falls due within the minute
 *
 * Runs overlap: a schedule fires at least once, and one may last longer than the time to the next. Leases keep them out
 * of each other's way. A look that fails does not cost the rest of the run; the run fails only if its last look did.
 */
import type { HeldLeases } from "./leases/held-leases.ts";
import { GROUPS_A_PART, keysOf } from "./look/groups.ts";
import type { Look, Scope } from "./look/look-scope.ts";

export interface RunParts {
  readonly look: (isFirstLook: boolean, scope: Scope) => Promise<Look>;
  readonly leases: Pick<HeldLeases, "groups" | "free" | "take" | "restoreLost" | "giveBack" | "giveSign">;
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number) => Promise<string[]>;
  /** After each look. */
  readonly publish: () => Promise<void>;
  readonly dueShards: number;
  readonly everyMs: number;
  /** Released a second at most by all executions, those of merchants apart. */
  readonly ratePerSecond: number;
  readonly parts: number;
  /** Milliseconds without anything due after which a run ends early. */
  readonly restAfterMs: number;
  /** Milliseconds that are left of the invocation. */
  readonly remainingMs: () => number;
  /** Ends when the signal does. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  readonly failed: (error: unknown) => void;
  readonly now: () => number;
}

/** What an execution environment remembers from run to run. */
export interface Remembered {
  /** Epoch milliseconds at which something was last due; at first, those of its start. */
  activeAt: number;
  looks: number;
}

/**
 * Milliseconds of an invocation in which nothing is begun any more: time for calls that are slow, and to give
 * everything back.
 */
const TAIL_MS = 30_000;
/** Milliseconds for a look that begins last. */
const LAST_LOOK_MS = 4000;
/** Milliseconds that one look may take. */
const LONGEST_LOOK_MS = 10_000;
/** Part of the shards with something on its way up to which that is little: some 100 a second with 64 shards. */
const LITTLE_SHARE = 1 / 2;
/** The next run begins by then. */
const MINUTE_MS = 60_000;

export async function run(parts: RunParts, remembered: Remembered): Promise<{ released: number }> {
  const { leases, now, everyMs, pause, publish } = parts;
  const startedAt = now();
  const remainingMs = parts.remainingMs();
  const endsAt = startedAt + (remainingMs > TAIL_MS ? remainingMs - TAIL_MS : remainingMs / 2);
  let released = 0;
  let failure: { readonly error: unknown } | undefined;
  let lastLookAt = startedAt - everyMs;
  let isQueueDegraded = false;
  await leases.giveSign();
  for (let looks = 0; ; looks += 1) {
    const lookAt = now();
    const free = await leases.free();
    await leases.restoreLost(free);
    const lengthMs = Math.max(1, Math.min(LONGEST_LOOK_MS, endsAt - now()));
    const mostRows = Math.ceil(shareOf(free, parts) * Math.min(2 * everyMs, lookAt - lastLookAt));
    lastLookAt = lookAt;
    const look = await lookOnce(parts, looks === 0, {
      groups: leases.groups,
      mine: free,
      lengthMs,
      mostRows,
      turn: remembered.looks,
      isQueueDegraded,
      lease: leases.take,
    });
    remembered.looks += 1;
    failure = look.failure;
    released += look.released;
    isQueueDegraded = !look.isQueueUp;
    if (look.isActive || failure !== undefined) remembered.activeAt = now();
    await publish();
    if (look.failure === undefined && (await isAtRest(free, parts, remembered, startedAt))) break;
    // A clock that was put back while it looked would have it rest for as long.
    const restMs = look.isMoreDue ? 0 : Math.min(everyMs, Math.max(0, lookAt + everyMs - now()));
    if (now() + restMs > endsAt - LAST_LOOK_MS) break;
    await pause(restMs);
  }
  await leases.giveBack();
  if (failure !== undefined) throw failure.error;
  return { released };
}

/** Rows a millisecond: each group its part. */
function shareOf(free: ReadonlySet<number>, { ratePerSecond, parts }: RunParts): number {
  return (ratePerSecond * free.size) / (parts * GROUPS_A_PART) / 1000;
}

type LookResult = Look & { readonly failure?: { readonly error: unknown } };

async function lookOnce(
  { look, pause, failed }: RunParts,
  isFirstLook: boolean,
  scope: Omit<Scope, "over">,
): Promise<LookResult> {
  const ending = new AbortController();
  const over = pause(scope.lengthMs, ending.signal).catch(() => undefined);
  try {
    return await look(isFirstLook, { ...scope, over });
  } catch (error) {
    failed(error);
    return { released: 0, isMoreDue: false, isActive: true, isQueueUp: true, failure: { error } };
  } finally {
    ending.abort();
  }
}

/**
 * Whether nothing can fall due before the next run: nothing was due for some time, nothing parked is due within the
 * minute, and there is not so much on its way that some of it will be parked for less. A run that only waits is paid
 * like one that works, and where little is on its way it would wait all day. What is written after this, or is the
 * little, and is parked for less than a minute waits for the next run.
 */
async function isAtRest(
  free: ReadonlySet<number>,
  { dueIds, dueShards, restAfterMs, leases, now }: RunParts,
  { activeAt }: Remembered,
  startedAt: number,
): Promise<boolean> {
  if (now() - activeAt < restAfterMs) return false;
  const { parked, pending, ordered } = keysOf(free, leases.groups, dueShards, 0);
  const withAny = async (keys: readonly string[], dueUntil: number) => {
    const first = await Promise.all(keys.map((key) => dueIds(key, dueUntil, 1)));
    return first.filter((ids) => ids.length > 0).length;
  };
  try {
    if ((await withAny(parked, startedAt + MINUTE_MS + TAIL_MS)) > 0) return false;
    const onTheirWay = await withAny([...pending, ...ordered], Number.MAX_SAFE_INTEGER);
    return onTheirWay <= pending.length * LITTLE_SHARE;
  } catch {
    return false;
  }
}
