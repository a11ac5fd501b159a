/**
 * Deadlines of calls. Nearly all of them are of a few lengths and are met, so that a timer for each is made and thrown
 * away with each. Those of one length end in the order in which they begin: they are linked to one another, and one
 * timer waits for the first. An end is as late as that of any timer, and never early.
 */
import { performance } from "node:perf_hooks";

/** One that has begun. */
export class Deadline {
  readonly endsAt: number;
  readonly ended: () => void;
  readonly #line: DeadlineLine;
  /** Its neighbours in the line; of the line alone. */
  before: Deadline | undefined;
  after: Deadline | undefined;

  constructor(line: DeadlineLine, endsAt: number, ended: () => void) {
    this.#line = line;
    this.endsAt = endsAt;
    this.ended = ended;
  }

  /** It is met, or of no interest any more. Nothing once it has ended, or was cancelled. */
  cancel(): void {
    this.#line.takeOut(this);
  }
}

/** Those of one length. */
class DeadlineLine {
  readonly #ms: number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  begin(ended: () => void): Deadline {
    const deadline = new Deadline(this, performance.now() + this.#ms, ended);
    deadline.before = this.#last;
    if (this.#last === undefined) this.#first = deadline;
    else this.#last.after = deadline;
    this.#last = deadline;
    if (this.#timer === undefined) this.#timer = setTimeout(this.#look, this.#ms);
    else if (deadline.before === undefined) this.#timer.ref();
    return deadline;
  }

  takeOut(deadline: Deadline): void {
    const { before, after } = deadline;
    if (before === undefined && this.#first !== deadline) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // Whoever is old is not to keep those that are not.
    deadline.before = undefined;
    deadline.after = undefined;
    // Nobody is kept from ending for it. Its next look is soon enough for the next that begins.
    if (this.#first === undefined) this.#timer?.unref();
  }

  readonly #look = (): void => {
    const now = performance.now();
    while (this.#first !== undefined && this.#first.endsAt <= now) {
      const { ended } = this.#first;
      this.takeOut(this.#first);
      ended();
    }
    this.#timer = this.#first && setTimeout(this.#look, Math.ceil(this.#first.endsAt - now));
  };
}

/** By length; bounded, as merchants have deadlines of their own. */
const lines = new Map<number, DeadlineLine>();
const MOST_LINES = 1000;

/**
 * @param ms milliseconds after which `ended` is called, unless it was cancelled; at least 1
 * @param ended must not throw
 */
export function beginDeadline(ms: number, ended: () => void): Deadline {
  let line = lines.get(ms);
  if (line === undefined) {
    line = new DeadlineLine(ms);
    // What is forgotten goes on by itself for those that are in it.
    if (lines.size >= MOST_LINES) lines.clear();
    lines.set(ms, line);
  }
  return line.begin(ended);
}
