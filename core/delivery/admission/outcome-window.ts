/**
 * How a merchant's endpoint did lately, in this task: the outcomes of the last half minute, in two halves, so that a
 * look costs nothing. The circuit opens when
 *
 *   seven in ten of at least ten calls got no response       each of them holds a connection up to the deadline;
 *     Convoy's figures
 *   nineteen in twenty of at least twenty calls were failing   an endpoint that responds with 503 at once costs the
 *     others nothing, and one that fails first deliveries only must get to the second ones
 *
 * In the same time at most one request in ten of its calls is sent twice within its attempt.
 */
const HALF_MS = 15_000;
const UNANSWERED = { minCalls: 10, share: 0.7 } as const;
const FAILING = { minCalls: 20, share: 0.95 } as const;
/** Whoever closes on more of them than this does not do so by chance; one is always allowed. */
const RESENT_SHARE = 0.1;

/** `failing`: a response that says that the endpoint is in trouble. */
export type EndpointOutcome = "healthy" | "failing" | "no response";

/** Plain numbers: there is one of these for each of many thousand merchants. */
export class OutcomeWindow {
  #startedAt: number;
  #calls = 0;
  #failing = 0;
  #unanswered = 0;
  #resends = 0;
  #callsBefore = 0;
  #failingBefore = 0;
  #unansweredBefore = 0;
  #resendsBefore = 0;

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** @param count calls that had this outcome. @returns whether the endpoint is to be left alone */
  add(outcome: EndpointOutcome, now: number, count = 1): boolean {
    this.#turn(now);
    this.#calls += count;
    if (outcome === "healthy") return false;
    this.#failing += count;
    if (outcome === "no response") this.#unanswered += count;
    const calls = this.#calls + this.#callsBefore;
    const unanswered = this.#unanswered + this.#unansweredBefore;
    const failing = this.#failing + this.#failingBefore;
    return (
      (calls >= UNANSWERED.minCalls && unanswered >= calls * UNANSWERED.share) ||
      (calls >= FAILING.minCalls && failing >= calls * FAILING.share)
    );
  }

  /** @returns whether one more request may be sent again, which counts then */
  mayResend(now: number): boolean {
    this.#turn(now);
    const allowed = Math.max(1, Math.floor((this.#calls + this.#callsBefore) * RESENT_SHARE));
    if (this.#resends + this.#resendsBefore >= allowed) return false;
    this.#resends += 1;
    return true;
  }

  #turn(now: number): void {
    const elapsedMs = now - this.#startedAt;
    if (elapsedMs >= 0 && elapsedMs < HALF_MS) return;
    const isFollowing = elapsedMs >= 0 && elapsedMs < 2 * HALF_MS;
    this.#callsBefore = isFollowing ? this.#calls : 0;
    this.#failingBefore = isFollowing ? this.#failing : 0;
    this.#unansweredBefore = isFollowing ? this.#unanswered : 0;
    this.#resendsBefore = isFollowing ? this.#resends : 0;
    this.#calls = 0;
    this.#failing = 0;
    this.#unanswered = 0;
    this.#resends = 0;
    this.#startedAt = now;
  }
}
