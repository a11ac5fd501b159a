/**
 * Verdicts on calls that got no response, held until it shows whose fault that was. Nothing is written and nothing is
 * counted meanwhile; the message is kept, the room of the call is not.
 *
 *   held -> theirs  `shown`: somebody was reached by what began after the call had failed, and nothing speaks against
 *     it
 *   held -> ours    `shown`: others failed with it; or a probe of those who were well a moment ago reached none of them
 *   held -> either  two seconds are over: `overdue` says which
 *
 * A verdict ends once, by `#end`. One that shows nothing for a moment has others asked, one probe at a time for all
 * that are held.
 */
/** `unknown`: too few are known to tell. */
export type Probed = "reached" | "nobody" | "unknown";

/** One call without a response. Times are milliseconds of the clock. */
export interface Silence {
  readonly site: string;
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface HeldVerdictsOptions<Held extends Silence = Silence> {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** Asks some who were well, none of `except`. */
  readonly probe: (except: ReadonlySet<string>) => Promise<Probed>;
  /** Told when a probe has ended, and when it began: what it shows is to be judged by it. */
  readonly probed: (result: Probed, beganAt: number) => void;
  /** @returns whether it counts as ours when nothing has shown */
  readonly overdue: (silence: Held) => boolean;
}

interface Entry<Held extends Silence> {
  readonly silence: Held;
  readonly resolve: (isOurs: boolean) => void;
}

/**
 * The message is out of sight for some seconds past the deadline of its call (`FLUSH_MARGIN_MS` of the worker): there
 * is time for it.
 */
const HOLD_MS = 2000;
/** Milliseconds in which a busy task shows it by itself. */
const PROBE_AFTER_MS = 300;

export class HeldVerdicts<Held extends Silence = Silence> {
  readonly #options: HeldVerdictsOptions<Held>;
  readonly #held = new Set<Entry<Held>>();
  #isProbing = false;

  constructor(options: HeldVerdictsOptions<Held>) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** @returns whether it was ours */
  hold(silence: Held): Promise<boolean> {
    const { pause, overdue } = this.#options;
    return new Promise((resolve) => {
      const held = { silence, resolve };
      this.#held.add(held);
      void pause(HOLD_MS).then(() => this.#held.has(held) && this.#end(held, overdue(silence)));
      if (!this.#isProbing) void this.#probe();
    });
  }

  /** @param judge undefined for one that is still to be held */
  shown(judge: (silence: Held) => "ours" | "theirs" | undefined): void {
    for (const held of this.#held) {
      const verdict = judge(held.silence);
      if (verdict !== undefined) this.#end(held, verdict === "ours");
    }
  }

  async #probe(): Promise<void> {
    const { now, pause, probe, probed } = this.#options;
    this.#isProbing = true;
    let beganAt = Number.NEGATIVE_INFINITY;
    await pause(PROBE_AFTER_MS);
    // A further one only for what was held since.
    while ([...this.#held].some(({ silence }) => silence.endedAt > beganAt)) {
      beganAt = now();
      const result = await probe(new Set([...this.#held].map(({ silence }) => silence.site)));
      probed(result, beganAt);
      if (result === "unknown") break;
      await pause(PROBE_AFTER_MS);
    }
    this.#isProbing = false;
  }

  #end(held: Entry<Held>, isOurs: boolean): void {
    this.#held.delete(held);
    held.resolve(isOurs);
  }
}
