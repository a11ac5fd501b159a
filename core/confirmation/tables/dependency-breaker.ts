/**
 * Whether the tables that every message needs can be read. While one cannot, each receive would only use up one of the
 * few that SQS grants a message before it quarantines it, so nothing is received; what shows the end is a read of our
 * own that costs no message anything.
 *
 *   available   -> unavailable  reads of one table failed three times in a row, or gave no response for three seconds
 *   unavailable -> half open    a probe read all of them; probes come after 1 s, then twice as long each time, up to 30
 *     s
 *   half open   -> available    a message got through, or none came for half a minute
 *   half open   -> unavailable  a read failed, or the batch that came got nowhere for half a minute; the next probe
 *     then waits 5 s, and twice as long with each batch in a row, up to 5 minutes: a probe that lies must not use up
 *     messages either
 *
 * While half open, one batch is received from each queue and no more. What one row or one merchant alone suffers is no
 * failed read: the others that were asked for with it were read. `#enter` is the one place that changes the mode. Why
 * these figures: docs/decisions/0032.
 */
import { takeOut } from "../../cache/take-out.ts";
import { errorFields } from "../../errors/error-fields.ts";

export type Dependency = "transactions" | "merchants" | "gates";

export interface DependencyBreakerOptions {
  /** Reads something of each table. Rejects when one of them cannot be read. */
  readonly probe: () => Promise<unknown>;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of the beginning and of the end of an outage. */
  readonly changed: (mode: "available" | "unavailable", details: Readonly<Record<string, unknown>>) => void;
}

/** A read that is under way. */
export interface Read {
  readonly dependency: Dependency;
  readonly beganAt: number;
  /** It has counted as failed already. */
  isOver: boolean;
}

type Mode = "available" | "unavailable" | "half open";

const FAILURES_IN_A_ROW = 3;
/** Milliseconds after which a failure is not in a row with the next: not all reads are told of. */
const ROW_BREAKS_AFTER_MS = 60_000;
/** Milliseconds without a response after which a read counts as failed. */
const SILENT_MS = 3000;
const PROBE_AFTER_MS = { first: 1000, longest: 30_000 };
const HALF_OPEN_AFTER_MS = { first: 5000, longest: 300_000 };
const HALF_OPEN_MS = 30_000;

export class DependencyBreaker<Queue = unknown> {
  readonly #options: DependencyBreakerOptions;
  readonly #failures: Record<Dependency, number> = { transactions: 0, merchants: 0, gates: 0 };
  /** A few. */
  readonly #inFlight: Read[] = [];
  /** Queues whose batch has come while it is half open. */
  readonly #received = new Set<Queue>();
  #mode: Mode = "available";
  #failedAt = 0;
  #downSince = 0;
  #probeAt = 0;
  #probeWaitMs = PROBE_AFTER_MS.first;
  #halfOpenSince = 0;
  #failedInARow = 0;
  #isProbing = false;

  constructor(options: DependencyBreakerOptions) {
    this.#options = options;
  }

  get isDown(): boolean {
    return this.#mode !== "available";
  }

  /** To be called when a read begins; `ended` must follow. */
  begin(dependency: Dependency): Read {
    const read = { dependency, beganAt: this.#options.now(), isOver: false };
    this.#inFlight.push(read);
    return read;
  }

  /** @param error why nothing could be read. @default something was; where that is not to be told, see `dropped` */
  ended(read: Read, error?: unknown): void {
    takeOut(this.#inFlight, read);
    if (error === undefined) this.succeeded(read.dependency);
    else this.#fail(read, error);
  }

  /** A read has ended that says nothing about its table. */
  dropped(read: Read): void {
    takeOut(this.#inFlight, read);
  }

  /** A table was read, were it in part. */
  succeeded(dependency: Dependency): void {
    this.#failures[dependency] = 0;
  }

  /** Nothing of a table could be read. */
  failed(dependency: Dependency, error: unknown): void {
    const now = this.#options.now();
    if (now - this.#failedAt > ROW_BREAKS_AFTER_MS) this.#forgetFailures();
    this.#failedAt = now;
    this.#failures[dependency] += 1;
    if (this.#mode === "half open") return this.#failHalfOpen(dependency, error);
    if (this.#mode === "available" && this.#failures[dependency] >= FAILURES_IN_A_ROW)
      this.#enter("unavailable", { dependency, error: errorFields(error) });
  }

  /** To be given what becomes of a message: one that is handled while half open shows that all is there. */
  watch<Result>(handling: Promise<Result>): Promise<Result> {
    return this.#mode === "half open" ? handling.finally(() => this.#handled()) : handling;
  }

  #handled(): void {
    if (this.#mode === "half open") this.#enter("available");
  }

  /** Whether a queue may be asked for a batch while the tables are not known to be healthy. */
  grantsOne(queue: Queue): boolean {
    return this.#mode === "half open" && !this.#received.has(queue);
  }

  /** A receive brought messages. */
  received(queue: Queue): void {
    if (this.#mode === "half open") this.#received.add(queue);
  }

  /** To be called every second or so. Never rejects. */
  async look(): Promise<void> {
    const now = this.#options.now();
    for (const read of this.#inFlight)
      if (now - read.beganAt >= SILENT_MS) this.#fail(read, new Error(`no answer for ${SILENT_MS} ms`));
    if (this.#mode === "half open" && now - this.#halfOpenSince >= HALF_OPEN_MS) {
      if (this.#received.size === 0) this.#enter("available");
      else this.#failHalfOpen("transactions", new Error(`the batch got nowhere for ${HALF_OPEN_MS} ms`));
    }
    if (this.#mode === "unavailable" && now >= this.#probeAt && !this.#isProbing) await this.#probe();
  }

  #fail(read: Read, error: unknown): void {
    if (read.isOver) return;
    read.isOver = true;
    // What began before says nothing about now.
    if (this.#mode !== "half open" || read.beganAt >= this.#halfOpenSince) this.failed(read.dependency, error);
  }

  async #probe(): Promise<void> {
    this.#isProbing = true;
    try {
      await this.#options.probe();
      this.#enter("half open");
    } catch {
      this.#probeAt = this.#options.now() + this.#probeWaitMs;
      this.#probeWaitMs = Math.min(PROBE_AFTER_MS.longest, this.#probeWaitMs * 2);
    } finally {
      this.#isProbing = false;
    }
  }

  #failHalfOpen(dependency: Dependency, error: unknown): void {
    this.#failedInARow += 1;
    this.#enter("unavailable", { dependency, error: errorFields(error) });
  }

  #forgetFailures(): void {
    for (const dependency of ["transactions", "merchants", "gates"] as const) this.#failures[dependency] = 0;
  }

  #enter(mode: Mode, details: Readonly<Record<string, unknown>> = {}): void {
    const { now, changed } = this.#options;
    const before = this.#mode;
    const at = now();
    this.#mode = mode;
    this.#received.clear();
    this.#forgetFailures();
    if (mode === "half open") this.#halfOpenSince = at;
    if (mode === "unavailable") {
      const halfOpenAfterMs = HALF_OPEN_AFTER_MS.first * 2 ** Math.min(this.#failedInARow - 1, 10);
      this.#probeWaitMs = PROBE_AFTER_MS.first;
      this.#probeAt =
        at + (before === "half open" ? Math.min(HALF_OPEN_AFTER_MS.longest, halfOpenAfterMs) : this.#probeWaitMs);
    }
    if (mode === "unavailable" && before === "available") {
      this.#downSince = at;
      changed(mode, details);
    }
    if (mode === "available") {
      this.#failedInARow = 0;
      changed(mode, { lastedMs: at - this.#downSince });
    }
  }
}
