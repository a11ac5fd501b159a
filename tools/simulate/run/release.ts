/**
 * `release-due`, with all of its own code: the run, its looks, leases, journals and what it knows of the queue.
 * Modelled are its schedule, its CPU, its time limit, and the calls that it makes.
 */
import { rowKeySettings } from "../../../core/settings/row-key-settings.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { releaseParts } from "../../../core/settings/sizes.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { GoneBefore } from "../../../lambdas/release-due/gone-before.ts";
import { groupOfMerchantShard } from "../../../lambdas/release-due/look/groups.ts";
import { HeldLeases } from "../../../lambdas/release-due/leases/held-leases.ts";
import { OwnJournal } from "../../../lambdas/release-due/leases/own-journal.ts";
import { LOOK_SIZES, type LookSizes } from "../../../lambdas/release-due/look/look-scope.ts";
import { type ReleaseParts, releaseDue } from "../../../lambdas/release-due/look/look.ts";
import { SPREAD_FROM_RATE } from "../../../lambdas/release-due/merchants/merchant-shards.ts";
import { FIRST_RATE } from "../../../lambdas/release-due/merchants/release-rate.ts";
import { restoreClaims } from "../../../lambdas/release-due/leases/restore-claims.ts";
import { type Remembered, run } from "../../../lambdas/release-due/run.ts";
import type { HealthInMemory } from "../aws/merchant-health.ts";
import { type Execution, Invocations } from "../aws/invocations.ts";
import { LateAge } from "../aws/late-age.ts";
import { JournalInMemory, LeasesInMemory } from "../aws/leases.ts";
import type { SimulatedQueue } from "../aws/message-queue.ts";
import { ROUND_TRIP_MS } from "../../../lib/cost/per-million/quantities.ts";
import { RELEASE_EXECUTION } from "../aws/quotas.ts";
import type { SimulatedTable } from "../aws/table.ts";
import type { DueIndex } from "./due-index.ts";
import { Fairness } from "./fairness.ts";
import type { Merchant } from "./merchant.ts";
import { ReleasedRows } from "./released-rows.ts";
import type { Tally } from "./tally.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface SimulatedReleaseParts {
  readonly time: VirtualTime;
  readonly settings: Settings;
  readonly sample: number;
  readonly healthTable: HealthInMemory;
  readonly index: DueIndex;
  readonly queue: SimulatedQueue;
  readonly table: SimulatedTable;
  readonly tally: Tally;
  readonly merchants: readonly Merchant[];
  /** In [0, 1). */
  readonly random: () => number;
}

/** What an execution environment keeps from run to run. */
interface Environment {
  readonly remembered: Remembered;
  readonly goneBefore: () => Promise<number>;
  readonly followed: Map<string, number>;
}

const nothing = () => undefined;
/**
 * Milliseconds of the real clock, by which the function bounds what may never be answered: in a simulation everything
 * is.
 */
const REAL_LIMIT_MS = 600_000;

export class SimulatedRelease {
  readonly #parts: SimulatedReleaseParts;
  readonly #invocations: Invocations;
  readonly #leases = new LeasesInMemory();
  readonly #journal = new JournalInMemory();
  readonly #age: LateAge;
  readonly #environments = new Map<number, Environment>();
  readonly #fairness: Fairness;
  readonly #merchantRows: ReadonlyMap<string, AttributeMap>;
  #executions = 0;
  released = 0;
  queries = 0;

  constructor(parts: SimulatedReleaseParts) {
    this.#parts = parts;
    const { time, settings, random, queue, merchants } = parts;
    const { everyMs, timeoutMs, scheduledTwice } = RELEASE_EXECUTION;
    this.#age = new LateAge(time, queue);
    this.#fairness = new Fairness(parts);
    this.#merchantRows = new Map(merchants.map(({ id, row }) => [id, row]));
    this.#invocations = new Invocations({
      time,
      everyMs,
      timeoutMs,
      parts: releaseParts(settings.release.ratePerSecond),
      twice: scheduledTwice,
      invoke: (execution, part) => this.#run(execution, part),
      random,
    });
  }

  start(): void {
    const { time } = this.#parts;
    this.#invocations.start((error) => time.failed(error));
  }

  get killedLooks(): number {
    return this.#invocations.killed;
  }

  /** Executions that run just now. */
  get running(): number {
    return this.#invocations.running;
  }

  get fairnessLooks(): number {
    return this.#fairness.mostLooks;
  }

  #run(execution: Execution, part: number): Promise<unknown> {
    const { settings, time } = this.#parts;
    this.#executions += 1;
    const holder = `${part}-${this.#executions}`;
    const { remembered, goneBefore, followed } = this.#environmentOf(part);
    const parts = this.#partsFor(execution, goneBefore);
    const [leases, journal] = [this.#leasesFor(execution), this.#journalFor(execution)];
    const ofRun = { ...parts, followed, pace: (ms: number) => time.rest(ms), journal: new OwnJournal(journal, holder) };
    const restore = (lost: string) => restoreClaims(lost, { ...parts, journal, lanes: LOOK_SIZES.lanes });
    const ofParts = releaseParts(settings.release.ratePerSecond);
    return run(
      {
        ...parts,
        look: async (isFirstLook, scope) => {
          const look = await releaseDue(ofRun, isFirstLook, scope);
          const { mine, groups } = scope;
          await this.#fairness.looked((merchantId) => mine.has(groupOfMerchantShard(merchantId, 0, groups)));
          return look;
        },
        leases: new HeldLeases({ ...parts, leases, part, parts: ofParts, holder, restore, limitMs: REAL_LIMIT_MS }),
        publish: async () => undefined,
        parts: ofParts,
        ratePerSecond: parts.maxReleaseRate,
        restAfterMs: settings.release.restAfterSeconds * 1000,
        remainingMs: execution.remainingMs,
        pause: (ms) => time.rest(ms),
        failed: nothing,
      },
      remembered,
    );
  }

  #environmentOf(part: number): Environment {
    const known = this.#environments.get(part);
    if (known !== undefined) return known;
    const { time } = this.#parts;
    const gone = new GoneBefore({
      oldestSentAt: async () => this.#age.oldestSentAt(),
      messageCount: async () => this.#age.count(),
      warn: nothing,
      now: time.now,
      limitMs: REAL_LIMIT_MS,
    });
    const made = {
      remembered: { activeAt: time.now(), looks: 0 },
      goneBefore: gone.ask,
      followed: new Map<string, number>(),
    };
    this.#environments.set(part, made);
    return made;
  }

  #partsFor(execution: Execution, goneBefore: () => Promise<number>): ReleaseParts {
    const { settings, sample, healthTable, time } = this.#parts;
    const rows = new ReleasedRows({ ...this.#parts, execution });
    const call = <Answer>(ask: () => Promise<Answer>) => execution.call(0, ROUND_TRIP_MS.query, ask);
    return {
      table: rows,
      dueIds: (...query) => {
        this.queries += 1;
        return rows.dueIds(...query);
      },
      healthTable: {
        read: (...ids) => call(() => healthTable.read(...ids)),
        noteRequeueRate: (...note) => call(() => healthTable.noteRequeueRate(...note)),
        unmarkWaiting: (...mark) => call(() => healthTable.unmarkWaiting(...mark)),
      },
      waitingMerchants: () => call(() => healthTable.waitingMerchants()),
      merchants: { read: (ids) => call(async () => this.#registered(ids)) },
      // There are none.
      sandboxMerchants: { among: async () => new Set() },
      sandbox: settings.sandbox,
      confirmations: rows.confirmations,
      ordered: { send: () => Promise.reject(new Error("no simulated row has an ordering key")) },
      deadLetters: { send: (letters) => call(async () => letters.map(nothing)) },
      order: settings.order,
      ...rowKeySettings(settings),
      maxUnheard: settings.release.maxUnheard,
      maxReleaseRate: settings.release.ratePerSecond / sample,
      firstRate: FIRST_RATE / sample,
      spreadFromRate: SPREAD_FROM_RATE / sample,
      random: this.#parts.random,
      maxOpenMs: settings.circuit.maxOpenSeconds * 1000,
      everyMs: settings.release.everySeconds * 1000,
      settledDays: settings.retention.settledDays,
      sizes: sizesFor(sample),
      goneBefore,
      goneBeforeOrdered: async () => Number.NEGATIVE_INFINITY,
      traces: { send: nothing },
      count: nothing,
      countReason: (_reason, by) => {
        this.released += by * sample;
      },
      debug: nothing,
      warn: nothing,
      now: time.now,
    };
  }

  #registered(ids: readonly string[]) {
    const rows = ids.flatMap((id) => {
      const row = this.#merchantRows.get(id);
      return row === undefined ? [] : [[id, row] as const];
    });
    return { rows: new Map(rows), unread: new Set<string>() };
  }

  #leasesFor(execution: Execution) {
    const call = <Answer>(ask: () => Promise<Answer>) => execution.call(0, ROUND_TRIP_MS.query, ask);
    return {
      read: () => call(() => this.#leases.read()),
      take: (...lease: Parameters<LeasesInMemory["take"]>) => call(() => this.#leases.take(...lease)),
      giveBack: (...lease: Parameters<LeasesInMemory["giveBack"]>) => call(() => this.#leases.giveBack(...lease)),
      giveSign: (...sign: Parameters<LeasesInMemory["giveSign"]>) => call(() => this.#leases.giveSign(...sign)),
    };
  }

  #journalFor(execution: Execution) {
    const call = <Answer>(ask: () => Promise<Answer>) => execution.call(0, ROUND_TRIP_MS.query, ask);
    return {
      note: (...note: Parameters<JournalInMemory["note"]>) => call(() => this.#journal.note(...note)),
      clear: (...lane: Parameters<JournalInMemory["clear"]>) => call(() => this.#journal.clear(...lane)),
      read: (holder: string) => call(() => this.#journal.read(holder)),
    };
  }
}

/** A simulated row stands for many. */
function sizesFor(sample: number): LookSizes {
  const { lanes, rowsATurn, rowsAShard, probeRows } = LOOK_SIZES;
  const scaled = (rows: number) => Math.max(1, Math.round(rows / sample));
  return {
    lanes,
    rowsATurn: scaled(rowsATurn),
    rowsAShard: scaled(rowsAShard),
    probeRows: scaled(probeRows),
    pauseLimitMs: REAL_LIMIT_MS,
  };
}
