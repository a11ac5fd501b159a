/**
 * Whose fault it is that a name could not be resolved, where its servers fail, refuse or are silent (`RESOLVE_FAILED`,
 * `RESOLVE_REFUSED`, `RESOLVE_TIMEOUT`): its merchant's, if name servers answer for unrelated names meanwhile, else
 * that of our resolver. They are asked for such names, so that one dead server of a merchant means no attempts without
 * end. Name servers that answer now may have been silent a moment ago: the name is asked once more while its verdict is
 * held, and is no merchant's fault if it is answered then.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { HeldVerdicts, type Probed, type Silence } from "./held-verdicts.ts";
import { registrableDomain } from "./registrable-domain.ts";
import { setNewest } from "../cache/set-newest.ts";

export interface NameVerdictsOptions {
  readonly now: () => number;
  /** Asks a name server, whatever is known. Must not reject. */
  readonly isHeard: (host: string) => Promise<boolean>;
  /** @default the time that passes */
  readonly pause?: (ms: number) => Promise<void>;
}

const MAX_NAMES = 64;
const ASKED = { atMost: 3, toTell: 2 };
/** Below the time for which a verdict is held, and far above what a name server takes for a name that it knows. */
const PATIENCE_MS = 1400;
/**
 * Where too few other names are known: sites that fail together are no coincidence, and one that fails alone for so
 * long is its own fault.
 */
const TOGETHER = { sites: 3, withinMs: 60_000 };
/** Where others are answered: so many that began to fail together are no coincidence, for as long as that is new. */
const BEGUN = { sites: 2, withinMs: 5000 };
const MAX_FAILING = 1000;

interface Failing {
  readonly since: number;
  readonly at: number;
}

/** A question for a name that was not answered. */
export interface NameSilence extends Silence {
  readonly host: string;
}

export class NameVerdicts {
  readonly #held: HeldVerdicts<NameSilence>;
  readonly #isHeard: (host: string) => Promise<boolean>;
  /** Whose names are being asked once more. */
  readonly #askedAgain = new WeakSet<NameSilence>();
  /** Names that a server answered for, by site, newest last. */
  readonly #answered = new Map<string, string>();
  readonly #failing = new Map<string, Failing>();
  /** Sites that a server answered for after they had failed. */
  readonly #recovered = new Map<string, Failing>();

  constructor({ now, isHeard, pause = (ms) => sleep(ms, undefined, { ref: false }) }: NameVerdictsOptions) {
    this.#isHeard = isHeard;
    this.#held = new HeldVerdicts({
      now,
      pause,
      probe: (except) => this.#probe(except, isHeard, pause),
      probed: (result) => {
        // Who was heard is told by `heard`; for whom nothing speaks it is us.
        if (result === "nobody") this.#held.shown(() => "ours");
      },
      overdue: (silence) => !this.#askedAgain.has(silence) && this.#isOursUnheard(silence),
    });
  }

  /** A name server has answered. @param askedAt milliseconds of the clock */
  heard(host: string, askedAt: number): void {
    const site = domainOf(host);
    const hasRecovered = this.#failing.get(site);
    if (this.#held.size > 0)
      this.#held.shown((silence) => {
        if (silence.site === site || askedAt < silence.endedAt) return undefined;
        if (this.#isNew(hasRecovered, silence) || this.#haveBegunTogether(silence)) return "ours";
        void this.#askAgain(silence);
        return undefined;
      });
    this.#failing.delete(site);
    if (hasRecovered !== undefined) setNewest(this.#recovered, site, hasRecovered, MAX_FAILING);
    setNewest(this.#answered, site, host, MAX_NAMES);
  }

  /** A name server has answered others lately. */
  knows(host: string): void {
    const site = domainOf(host);
    if (!this.#answered.has(site) && !this.#failing.has(site)) setNewest(this.#answered, site, host, MAX_NAMES);
  }

  /** @returns whether it was ours */
  hold(silence: NameSilence): Promise<boolean> {
    const { site, endedAt } = silence;
    this.#failing.set(site, { since: this.#failing.get(site)?.since ?? endedAt, at: endedAt });
    const [oldest] = this.#failing.keys();
    if (this.#failing.size > MAX_FAILING && oldest !== undefined) this.#failing.delete(oldest);
    return this.#held.hold(silence);
  }

  /** Everything speaks for a fault of our own. */
  allOurs(): void {
    this.#held.shown(() => "ours");
  }

  /** Others are answered: it decides itself; one that is still silent when the time is over is its merchant's. */
  async #askAgain(silence: NameSilence): Promise<void> {
    if (this.#askedAgain.has(silence)) return;
    this.#askedAgain.add(silence);
    const verdict = (await this.#isHeard(silence.host)) ? "ours" : "theirs";
    this.#held.shown((held) => (held === silence ? verdict : undefined));
  }

  async #probe(
    except: ReadonlySet<string>,
    isHeard: (host: string) => Promise<boolean>,
    pause: (ms: number) => Promise<void>,
  ): Promise<Probed> {
    const names = [...this.#answered].toReversed().filter(([site]) => !except.has(site));
    if (names.length === 0) return "unknown";
    const asked = names.slice(0, ASKED.atMost).map(async ([, host]) => (await isHeard(host)) || Promise.reject(host));
    // A single other one may be dead as well.
    const silence: Probed = asked.length < ASKED.toTell ? "unknown" : "nobody";
    return Promise.race([
      Promise.any(asked).then(
        (): Probed => "reached",
        (): Probed => silence,
      ),
      pause(PATIENCE_MS).then((): Probed => silence),
    ]);
  }

  /** Whether a site had begun to fail just before: what is answered then is a resolver that is back. */
  #isNew(failing: Failing | undefined, { endedAt }: Silence): boolean {
    return failing !== undefined && endedAt - failing.since < BEGUN.withinMs;
  }

  /** Sites that have long been failing are dead, however many they are; some that begin to fail at once are not. */
  #haveBegunTogether(silence: Silence): boolean {
    const sites = new Set<string>();
    for (const [site, failing] of [...this.#failing, ...this.#recovered])
      if (this.#isNew(failing, silence)) sites.add(site);
    return sites.size >= BEGUN.sites && this.#isNew(this.#failing.get(silence.site), silence);
  }

  /** Too few other names are known. */
  #isOursUnheard({ site, endedAt: now }: NameSilence): boolean {
    const { since = now } = this.#failing.get(site) ?? {};
    const together = [...this.#failing.values()].filter(({ at }) => now - at < TOGETHER.withinMs);
    return now - since < TOGETHER.withinMs || together.length >= TOGETHER.sites;
  }
}

function domainOf(host: string): string {
  return registrableDomain(`https://${host}`);
}
