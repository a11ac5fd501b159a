/**
 * Programs that are stuck: functions that Lambda had to end at their time limit, since a call of theirs has no bound;
 * and rows that are called for over and over without a wait in between. Neither loses anything, and both cost
 * everybody.
 */
import type { Interposition } from "../../../local/local-stack.ts";
import type { AwsCall } from "../proxy/interference.ts";
import { errorLine } from "../../../core/errors/error-fields.ts";

type Invocation = NonNullable<Interposition["invocation"]>;

const TIMED_OUT = /Task timed out/;
/** Of one row in one second: what failed is retried at once a few times, by a few callers. */
const MOST_CALLS_A_SECOND = 60;
const OWN_ROW = /"(chaos-\d+-\d+[^"]*)"/g;

export class StuckPrograms {
  readonly #now: () => number;
  readonly #timedOut: string[] = [];
  readonly #spinning = new Set<string>();
  #second = 0;
  #calls = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Names of functions, once for each invocation that was ended. */
  get timedOutFunctions(): readonly string[] {
    return this.#timedOut;
  }

  /** Ids of transactions. */
  get spinningRows(): readonly string[] {
    return [...this.#spinning];
  }

  /** Stands around every invocation, outside of whatever else does. */
  around(inner: Invocation): Invocation {
    return async (functionName, event, invoke) => {
      try {
        return await inner(functionName, event, invoke);
      } catch (error) {
        if (TIMED_OUT.test(errorLine(error))) this.#timedOut.push(functionName);
        throw error;
      }
    };
  }

  /** To be told of each call to the table. */
  seen({ body }: AwsCall): void {
    const second = Math.floor(this.#now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#calls = new Map();
    }
    const rows = new Set(Array.from(JSON.stringify(body).matchAll(OWN_ROW), ([, id = ""]) => id));
    for (const id of rows) {
      const calls = (this.#calls.get(id) ?? 0) + 1;
      this.#calls.set(id, calls);
      if (calls > MOST_CALLS_A_SECOND) this.#spinning.add(id);
    }
  }
}
