/**
 * How a merchant's endpoint did lately, in this task: the outcomes of the last half minute, in two halves, so that a look costs nothing.
 * The circuit opens when
 *
 *   seven in ten of at least ten calls got no answer       each of them holds a connection up to the deadline; Convoy's figures
 *   nineteen in twenty of at least twenty calls were ill   an endpoint that answers 503 at once costs the others nothing, and one
 *                                                          that fails first deliveries only must get to the second ones
 */
const HALF_MS = 15_000;
const UNANSWERED = { minCalls: 10, share: 0.7 } as const;
const ILL = { minCalls: 20, share: 0.95 } as const;

/** `ill`: an answer that says that the endpoint is in trouble. */
export type EndpointOutcome = "well" | "ill" | "no answer";

interface Counts {
  calls: number;
  ill: number;
  unanswered: number;
}

const none = (): Counts => ({ calls: 0, ill: 0, unanswered: 0 });

export class OutcomeWindow {
  #startedAt: number;
  #current = none();
  #before = none();

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** @returns whether the endpoint is to be left alone */
  add(outcome: EndpointOutcome, now: number): boolean {
    this.#turn(now);
    this.#current.calls += 1;
    if (outcome === "well") return false;
    this.#current.ill += 1;
    if (outcome === "no answer") this.#current.unanswered += 1;
    const calls = this.#current.calls + this.#before.calls;
    const unanswered = this.#current.unanswered + this.#before.unanswered;
    const ill = this.#current.ill + this.#before.ill;
    return (
      (calls >= UNANSWERED.minCalls && unanswered >= calls * UNANSWERED.share) ||
      (calls >= ILL.minCalls && ill >= calls * ILL.share)
    );
  }

  #turn(now: number): void {
    const elapsedMs = now - this.#startedAt;
    if (elapsedMs >= 0 && elapsedMs < HALF_MS) return;
    this.#before = elapsedMs >= 0 && elapsedMs < 2 * HALF_MS ? this.#current : none();
    this.#current = none();
    this.#startedAt = now;
  }
}
