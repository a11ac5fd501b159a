/**
 * Tells a fault of our own egress (NAT, routes, name servers) from faults of merchants: when merchants that have
 * nothing to do with each other get unreachable one after the other, and nobody is reached in between, it is us.
 *
 *   normal    -> suspected  five unrelated sites in a row gave no response, none of them known to be gone; or a probe
 *     reached nobody
 *   suspected -> normal     sites are reached again; or nothing was called for a minute
 *   suspected -> faulty     it has lasted for half a second
 *   faulty    -> normal     `reached`: anything that began since was reached. `quiet`: nothing was called for a
 *     minute. `refused`: for a minute each site has refused connections, so that they are taken for down
 *
 * The verdict on a call without a response: `theirs` when a name server says that there is no such name; `ours` while
 * the mode is not normal, when the call began before a fault had ended, or when no name server can be asked; else it is
 * held (`held-verdicts.ts`) until what is answered or fails beside it tells. `#enter` is the one place that changes the
 * mode. Why these figures: docs/decisions/0023.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { AttemptOutcome } from "../retry/next-step.ts";
import { RecentMap } from "../cache/recent-map.ts";
import { ResponseTimeline } from "./response-timeline.ts";
import { HeldVerdicts, type HeldVerdictsOptions, type Probed, type Silence } from "./held-verdicts.ts";
import { MissedSites, QUIET_MS, SITES_IN_A_ROW } from "./missed-sites.ts";
import { NameVerdicts, type NameVerdictsOptions } from "./name-verdicts.ts";
import { registrableDomain } from "./registrable-domain.ts";

export type EgressMode = "normal" | "suspected" | "faulty";

/** What ended a fault; only the first is evidence that egress is well. */
type FaultEnd = "reached" | "quiet" | "refused";

export interface EgressMonitorOptions {
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly now: () => number;
  /** Told of the beginning and of the end of a fault. */
  readonly changed: (mode: "normal" | "faulty", details: Readonly<Record<string, unknown>>) => void;
  /** @default nobody is asked */
  readonly probe?: HeldVerdictsOptions["probe"];
  /** @default nobody is asked */
  readonly isHeard?: NameVerdictsOptions["isHeard"];
  /** @default the time that passes */
  readonly pause?: (ms: number) => Promise<void>;
}

const SUSPECTED_FOR_MS = 500;
const PROBE_EVERY_MS = 3000;
/** Newest calls without a response that are looked at together. */
const REMEMBERED_SILENCES = 200;
const REMEMBERED_CONNECTIONS = 10_000;
/** Of whom a probe has reached. */
const PROBED_SITE = "(probe)";

export class EgressMonitor {
  readonly #options: EgressMonitorOptions;
  readonly #missed: MissedSites;
  readonly #timeline = new ResponseTimeline();
  readonly #held: HeldVerdicts;
  readonly #names: NameVerdicts;
  #mode: EgressMode = "normal";
  /** When the suspicion began. */
  #faultSince = 0;
  /** When a fault was last seen to be over: what began before was let down by it, however late that shows. */
  #faultUntil = Number.NEGATIVE_INFINITY;
  /** A probe has reached nobody, and nobody was reached since. */
  #isShownByProbe = false;
  #probedAt = 0;
  #lastError = "";
  /** The latest beginning of a call that was answered. */
  #respondedBeganAt = Number.NEGATIVE_INFINITY;
  #calledAt = Number.NEGATIVE_INFINITY;
  /** Newest last. */
  readonly #silences: (Silence & { readonly isConnected: boolean })[] = [];
  /** When each site last took a connection. */
  readonly #connectedAt = new RecentMap<number>(REMEMBERED_CONNECTIONS);

  constructor(options: EgressMonitorOptions) {
    const { now, probe = asksNobody, isHeard = hearsNobody, pause = passes } = options;
    this.#options = options;
    this.#missed = new MissedSites(now);
    this.#names = new NameVerdicts({ now, isHeard, pause });
    this.#held = new HeldVerdicts({
      now,
      pause,
      probe,
      probed: (result, beganAt) => this.#probed(result, beganAt),
      overdue: () => this.#mode !== "normal",
    });
  }

  /** A connection was made. @param beganAt milliseconds of the clock */
  connected(origin: string, beganAt: number): void {
    this.#connectedAt.set(registrableDomain(origin), this.#options.now());
    this.reached(origin, beganAt);
  }

  /**
   * A connection was made, or a response began.
   *
   * @param beganAt milliseconds of the clock at which the call did
   * @param now by the clock. @default it is looked at
   */
  reached(origin: string, beganAt = this.#options.now(), now = this.#options.now()): void {
    this.#timeline.responded(beganAt);
    if (beganAt > this.#respondedBeganAt) this.#respondedBeganAt = beganAt;
    this.#calledAt = now;
    if (this.#missed.isAnyMissing) this.#missed.isBack(registrableDomain(origin));
    // Nobody was missed that it could be weighed against.
    if (this.#missed.sinceMs === undefined && this.#held.size === 0 && this.#mode === "normal") return;
    this.#reachedAmidst(registrableDomain(origin), beganAt);
  }

  /** A name server has answered. @param askedAt milliseconds of the clock */
  heard(host: string, askedAt: number): void {
    this.#names.heard(host, askedAt);
  }

  /** The same has answered others for it lately. */
  knows(host: string): void {
    this.#names.knows(host);
  }

  /**
   * To be told of every call that was made, when it has ended.
   *
   * @param beganAt milliseconds of the clock
   * @param endedAt the same. @default it is looked at
   * @returns whether it got no response for a reason that is ours; at once for all that were answered
   */
  isOurs(
    origin: string,
    beganAt: number,
    outcome: AttemptOutcome,
    endedAt = this.#options.now(),
  ): boolean | Promise<boolean> {
    if (outcome.kind === "delivered" || outcome.status !== undefined || outcome.isReached === true) {
      this.reached(origin, beganAt, endedAt);
      return false;
    }
    // Refused by ourselves, or a name that is none: name servers answered, and nothing was called.
    if (outcome.class === "refused" || outcome.nameFault === "theirs") return false;
    this.#lastError = outcome.error;
    const silence: Silence = { site: registrableDomain(origin), beganAt, endedAt };
    this.#note(silence, outcome.hasNoListener === true);
    this.#look();
    const isSure = outcome.nameFault === "ours" || outcome.proxyFault === true;
    if (this.#mode !== "normal" || beganAt < this.#faultUntil || isSure) return true;
    if (outcome.nameFault === "unclear") return this.#names.hold({ ...silence, host: new URL(origin).hostname });
    if (!this.#hasFailedWithOthers(silence)) return this.#held.hold(silence);
    this.#held.shown((held) => (this.#hasFailedWithOthers(held) ? "ours" : undefined));
    return true;
  }

  /**
   * The same for a call of the sandbox, which tells nothing of our network however it ends: judged at once, by what
   * live ones have shown.
   */
  isOursByOthers(_origin: string, beganAt: number, outcome: AttemptOutcome): boolean {
    if (outcome.kind === "delivered" || outcome.status !== undefined || outcome.isReached === true) return false;
    if (outcome.class === "refused" || outcome.nameFault === "theirs") return false;
    this.#look();
    const isSure = outcome.nameFault === "ours" || outcome.proxyFault === true;
    return isSure || this.#mode !== "normal" || beganAt < this.#faultUntil;
  }

  get isFaulty(): boolean {
    this.#look();
    return this.#mode === "faulty";
  }

  /**
   * Whether messages may be received now: always, but during a fault only every few seconds, for the calls that show
   * its end.
   */
  mayReceive(): boolean {
    if (!this.isFaulty) return true;
    const now = this.#options.now();
    if (now - this.#probedAt < PROBE_EVERY_MS) return false;
    this.#probedAt = now;
    return true;
  }

  #note(silence: Silence, isRefusal: boolean): void {
    const { site, beganAt, endedAt } = silence;
    this.#calledAt = endedAt;
    const isConnected = (this.#connectedAt.get(site) ?? Number.NEGATIVE_INFINITY) >= beganAt;
    this.#silences.push({ ...silence, isConnected });
    if (this.#silences.length > REMEMBERED_SILENCES) this.#silences.shift();
    // Somebody was reached that was called later, perhaps it itself: then its silence is its own.
    this.#missed.missed(site, this.#respondedBeganAt < beganAt, isRefusal);
  }

  /** What began before the first was missed may have been on its way back already. */
  #reachedAmidst(site: string, beganAt: number): void {
    if (this.#mode === "faulty") {
      if (beganAt >= this.#faultSince) this.#enter("normal", "reached");
    } else if (beganAt >= (this.#missed.sinceMs ?? Number.NEGATIVE_INFINITY)) {
      this.#isShownByProbe = false;
      this.#missed.reached(site);
      this.#look();
    }
    if (this.#held.size === 0) return;
    this.#held.shown((silence) =>
      beganAt > silence.endedAt && this.#stretchWithin(silence) === undefined ? "theirs" : undefined,
    );
  }

  #probed(result: Probed, beganAt: number): void {
    if (result === "reached") {
      this.#timeline.responded(beganAt);
      this.#reachedAmidst(PROBED_SITE, beganAt);
    }
    if (result !== "nobody") return;
    this.#isShownByProbe = true;
    this.#look();
  }

  /** When nothing was answered that began about the life of a call. */
  #stretchWithin({ beganAt, endedAt }: Silence) {
    return this.#timeline.silentStretch(beganAt, endedAt);
  }

  /**
   * With so many unrelated ones, in a stretch in which nothing was answered, that it is none of theirs: a fault that
   * may be over by now.
   */
  #hasFailedWithOthers(silence: Silence): boolean {
    const stretch = this.#stretchWithin(silence);
    if (stretch === undefined) return false;
    const { fromMs, untilMs } = stretch;
    const sites = new Set([silence.site]);
    for (const { site, beganAt, endedAt, isConnected } of this.#silences)
      if (!isConnected && beganAt < untilMs && endedAt > fromMs && !this.#missed.isGone(site)) sites.add(site);
    return sites.size >= SITES_IN_A_ROW;
  }

  #look(): void {
    const now = this.#options.now();
    if (this.#mode !== "normal" && now - this.#calledAt > QUIET_MS) return this.#enter("normal", "quiet");
    if (this.#mode === "faulty") {
      if (this.#missed.areAllGone) this.#enter("normal", "refused");
      return;
    }
    const isShown = this.#isShownByProbe || this.#missed.areInARow;
    if (!isShown && this.#mode === "suspected") this.#enter("normal", "reached");
    if (isShown && this.#mode === "normal") this.#enter("suspected");
    if (isShown && now - this.#faultSince >= SUSPECTED_FOR_MS) this.#enter("faulty");
  }

  #enter(mode: EgressMode, because?: FaultEnd): void {
    const { now, changed } = this.#options;
    const before = this.#mode;
    this.#mode = mode;
    if (mode === "suspected") {
      this.#faultSince = now();
      this.#missed.faultSince = now();
      this.#held.shown(() => "ours");
      this.#names.allOurs();
    }
    if (mode === "faulty") {
      this.#probedAt = now();
      changed(mode, { sites: this.#missed.sites, error: this.#lastError });
    }
    if (mode === "normal") {
      if (because === "reached") this.#faultUntil = now();
      if (before === "faulty") this.#missed.forget();
      this.#missed.faultSince = undefined;
      this.#isShownByProbe = false;
      if (before === "faulty") changed(mode, { because, lastedMs: now() - this.#faultSince });
    }
  }
}

const asksNobody = async (): Promise<Probed> => "unknown";
const hearsNobody = async (): Promise<boolean> => false;
const passes = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });
