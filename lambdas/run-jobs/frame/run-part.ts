/**
 * Works on one part of a job from where it was left, for a slice of time: goes on with its open batches, and finds more
 * while there is room for them. It looks at the job's row again and again, so that pause and cancel are seen within a
 * second. A message that comes while another invocation holds the part is dropped: the other one's is still there.
 *
 *   nobody's -> held (take) -> nobody's (leave)   or, after a kill, when its time is over
 */
import type { JobStore } from "../../../core/aws/job-store.ts";
import { added, type Job } from "../../../core/jobs/job.ts";
import type { Batch, Part, PartId } from "../../../core/jobs/part.ts";
import type { Found, JobWork } from "./job-work.ts";

export interface RunPartOptions {
  readonly store: Pick<JobStore, "job" | "part" | "batch" | "savePart" | "saveBatch" | "saveBoth">;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Milliseconds that one slice lasts, and until which a part is held: longer than an invocation may take. */
  readonly sliceMs: number;
  readonly holdMs: number;
  /** Milliseconds that the invocation has left, whatever a clock says that was put back. */
  readonly leftMs: () => number;
}

/** `over`: there is nothing to do for now, or ever. `held`: by another one. `overtaken`: by one that came later. */
export type Ran =
  | { readonly kind: "done" }
  | { readonly kind: "continues"; readonly afterMs: number }
  | { readonly kind: "over" | "held" | "overtaken" };

/** Entries of a batch, and of all open batches of a job together, at most. */
const MOST_ENTRIES = 100;
const MOST_OPEN = 1000;
const MOST_OPEN_BATCHES = 25;
const SAMPLE = 20;
const LOOK_AT_JOB_MS = 1000;
const LONGEST_WAIT_MS = 500;
const SAVE_COUNT_MS = 5000;
/** Until a part that others write again and again is left to the next message. */
const MOST_LOOKS = 5;
/** Milliseconds of an invocation in which nothing more is begun. */
const LAST_MS = 10_000;
/**
 * After a full page that is counted, or that was read for nothing: for so many times as long as it took, as reads of
 * the table are all callers'. What is begun has the pace of its job.
 */
const RESTS_A_PAGE = 2;
const SHORTEST_REST_MS = 50;

export async function runPart<Entry>(id: PartId, work: JobWork<Entry>, options: RunPartOptions): Promise<Ran> {
  const taken = await take(id, options);
  if ("kind" in taken) return taken;
  const run = new PartRun(id, taken, work, options);
  return id.pass === "count" ? run.count() : run.run();
}

/**
 * A part that was written meanwhile need not be anybody's: `release-due` notes that it has put its message back, which
 * is this one. So only what is held is left to whoever holds it.
 */
async function take(id: PartId, { store, now, holdMs }: RunPartOptions): Promise<Part | Ran> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const left = await store.part(id);
    if (left.isDone) return { kind: "done" };
    if (left.heldUntil > now()) return { kind: "held" };
    const part = { ...left, step: left.step + 1, heldUntil: now() + holdMs };
    if (await store.savePart(id, part)) return part;
  }
  return { kind: "continues", afterMs: 0 };
}

interface OpenBatch<Entry> {
  readonly batch: Batch;
  readonly entries: readonly Entry[];
  readonly isBehind: boolean;
  readonly open: number;
}

const OVERTAKEN: Ran = { kind: "overtaken" };

class PartRun<Entry> {
  readonly #id: PartId;
  readonly #work: JobWork<Entry>;
  readonly #options: RunPartOptions;
  readonly #until: number;
  readonly #open = new Map<number, OpenBatch<Entry>>();
  #part: Part;
  #job: Job | undefined;
  #seenAt = Number.NEGATIVE_INFINITY;

  constructor(id: PartId, part: Part, work: JobWork<Entry>, options: RunPartOptions) {
    this.#id = id;
    this.#part = part;
    this.#work = work;
    this.#options = options;
    this.#until = options.now() + options.sliceMs;
  }

  async count(): Promise<Ran> {
    const { now } = this.#options;
    let savedAt = now();
    while (!this.#part.isFound) {
      const job = await this.#look();
      if (job?.state !== "counting") return this.#leave({ kind: "over" });
      const { cursor, totals, sample } = this.#part;
      const pageFrom = now();
      const found = await this.#work.find(job, this.#id.part, cursor, MOST_ENTRIES);
      const counted = await this.#work.count(job, found.entries);
      const { cursor: _, ...part } = this.#part;
      this.#part = {
        ...part,
        ...(found.cursor !== undefined && { cursor: found.cursor }),
        isFound: found.cursor === undefined,
        totals: added(totals, counted.totals),
        sample: [...sample, ...counted.sample].slice(0, SAMPLE),
      };
      if (this.#isSliceOver() || this.#part.isFound) break;
      // What it waits for may wait for this invocation's place, and looks at where this part is.
      if (found.afterMs !== undefined) return this.#leave({ kind: "continues", afterMs: found.afterMs });
      if (now() - savedAt >= SAVE_COUNT_MS) {
        savedAt = now();
        if (!(await this.#save())) return OVERTAKEN;
      }
      // Nobody waits for a count as live traffic waits for its reads; where nothing was found little was read.
      await this.#rest(found.looked ?? found.entries.length, now() - pageFrom);
    }
    if (this.#part.isFound) return this.#finish();
    return this.#leave({ kind: "continues", afterMs: 0 });
  }

  async run(): Promise<Ran> {
    const { now, pause } = this.#options;
    await this.#readOpen();
    for (;;) {
      const job = await this.#look();
      const isCanceled = job?.state === "canceled";
      if (job === undefined || (job.state !== "running" && !isCanceled)) return this.#leave({ kind: "over" });
      let isBusy = false;
      for (const [number, { batch }] of this.#open) {
        if (batch.wakeAt > now()) continue;
        isBusy = true;
        if (!(await this.#advance(job, number, !isCanceled))) return OVERTAKEN;
      }
      const isFound = this.#part.isFound || isCanceled;
      if (isFound && this.#open.size === 0) return this.#finish();
      if (this.#isSliceOver()) break;
      if (!isFound && this.#hasRoom(job)) {
        isBusy = true;
        if (!(await this.#find(job))) return OVERTAKEN;
      }
      if (isBusy) continue;
      const waitMs = this.#nextAt() - now();
      if (now() + waitMs >= this.#until) break;
      await pause(Math.max(1, Math.min(waitMs, LONGEST_WAIT_MS)));
    }
    return this.#leave({ kind: "continues", afterMs: Math.max(0, this.#nextAt() - now()) });
  }

  /** @param rows that were read. @param tookMs milliseconds that this took */
  async #rest(rows: number, tookMs: number): Promise<void> {
    const restMs = (rows / MOST_ENTRIES) * Math.max(SHORTEST_REST_MS, RESTS_A_PAGE * tookMs);
    await this.#options.pause(Math.min(restMs, Math.max(0, this.#until - this.#options.now())));
  }

  /** What is done last has as long again as Lambda gives beyond a slice. */
  #isSliceOver(): boolean {
    const { now, leftMs } = this.#options;
    return now() >= this.#until || leftMs() <= LAST_MS;
  }

  async #look(): Promise<Job | undefined> {
    const { store, now } = this.#options;
    const agoMs = now() - this.#seenAt;
    if (agoMs >= 0 && agoMs < LOOK_AT_JOB_MS) return this.#job;
    this.#seenAt = now();
    return (this.#job = await store.job(this.#id.jobId));
  }

  async #readOpen(): Promise<void> {
    for (const number of this.#part.open) {
      const batch = await this.#options.store.batch({ ...this.#id, batch: number });
      if (batch === undefined) continue;
      const entries = this.#work.read(batch.entries);
      this.#open.set(number, { batch, entries, isBehind: true, open: entries.length });
    }
  }

  /** A batch that cannot keep up, or many entries that are not over, stand against more. */
  #hasRoom({ asked }: Job): boolean {
    const open = [...this.#open.values()];
    if (open.length >= MOST_OPEN_BATCHES || open.some(({ isBehind }) => isBehind)) return false;
    const most = Math.floor(MOST_OPEN / asked.parts);
    return open.reduce((sum, batch) => sum + batch.open, 0) <= Math.max(0, most - MOST_ENTRIES);
  }

  async #find(job: Job): Promise<boolean> {
    const { now } = this.#options;
    const pageFrom = now();
    const found = await this.#work.find(job, this.#id.part, this.#part.cursor, MOST_ENTRIES);
    const tookMs = now() - pageFrom;
    if (!(await this.#putDown(found))) return false;
    const unused = (found.looked ?? 0) - found.entries.length;
    if (!this.#part.isFound && unused > 0) await this.#rest(unused, tookMs);
    return true;
  }

  /** What was found is a batch from now on. */
  async #putDown(found: Found<Entry>): Promise<boolean> {
    const { cursor: _, ...part } = this.#part;
    const isFound = found.cursor === undefined;
    const moved = { ...part, isFound, ...(found.cursor !== undefined && { cursor: found.cursor }) };
    if (found.entries.length === 0) return this.#save(moved);
    const number = part.batches;
    const batch = { step: 1, entries: this.#work.write(found.entries), wakeAt: 0 };
    const next = { ...moved, step: part.step + 1, batches: number + 1, open: [...part.open, number] };
    if (!(await this.#options.store.saveBoth({ ...this.#id, batch: number }, next, batch))) return false;
    this.#part = next;
    this.#open.set(number, { batch, entries: found.entries, isBehind: true, open: found.entries.length });
    return true;
  }

  async #advance(job: Job, number: number, mayBegin: boolean): Promise<boolean> {
    const before = this.#open.get(number);
    if (before === undefined) return true;
    const { store } = this.#options;
    const id = { ...this.#id, batch: number };
    const { entries, wakeAt, isBehind, open } = await this.#work.advance(job, before.entries, mayBegin);
    const step = before.batch.step + 1;
    if (wakeAt === undefined) {
      const totals = this.#work.totalsOf(entries);
      const part = {
        ...this.#part,
        step: this.#part.step + 1,
        totals: added(this.#part.totals, totals),
        open: this.#part.open.filter((one) => one !== number),
      };
      if (!(await store.saveBoth(id, part, { step, entries: "", wakeAt: 0, totals }))) return false;
      this.#part = part;
      this.#open.delete(number);
      return true;
    }
    const text = this.#work.write(entries);
    // What nothing came of is not written again.
    if (text === before.batch.entries) {
      this.#open.set(number, { batch: { ...before.batch, wakeAt }, entries, isBehind, open });
      return true;
    }
    const batch = { step, entries: text, wakeAt };
    if (!(await store.saveBatch(id, batch))) return false;
    this.#open.set(number, { batch, entries, isBehind, open });
    return true;
  }

  #nextAt(): number {
    const times = [...this.#open.values()].map(({ batch }) => batch.wakeAt);
    return times.length === 0 ? this.#options.now() : Math.min(...times);
  }

  async #finish(): Promise<Ran> {
    const isOurs = await this.#save({ ...this.#part, isDone: true, heldUntil: 0 });
    return isOurs ? { kind: "done" } : OVERTAKEN;
  }

  async #leave(ran: Ran): Promise<Ran> {
    const comesAt = this.#options.now() + (ran.kind === "continues" ? ran.afterMs : 0);
    return (await this.#save({ ...this.#part, heldUntil: 0, comesAt })) ? ran : OVERTAKEN;
  }

  async #save(part: Part = this.#part): Promise<boolean> {
    const next = { ...part, step: this.#part.step + 1 };
    if (!(await this.#options.store.savePart(this.#id, next))) return false;
    this.#part = next;
    return true;
  }
}
