/**
 * The journal: what a process recorded as confirmed, written a second time, to a bucket that nobody can change. Whoever
 * records hands over an entry and waits for nothing; what is not written within the time goes with the next file.
 *
 *   rests         -> entries wait   the first one is written at once
 *   entries wait  -> writing        `everyMs` after the file before, or when there is a file full of them
 *   writing       -> nothing waits | entries wait
 *   nothing waits -> entries wait | rests   `everyMs` after the last file, with an empty one that says so
 *
 * So a process that is killed leaves out what it recorded in `everyMs` after its last file at most, and one that rested
 * leaves out nothing. A bucket that takes nothing costs memory up to a bound, then the oldest entries, and never a
 * confirmation.
 */
import { CANARY_MERCHANT_ID } from "../merchant/canary.ts";
import type { Accepted } from "../transaction/accepted.ts";
import { METRICS } from "../settings/names.ts";
import { type Log, logError } from "../telemetry/log-error.ts";
import { journalLine } from "./journal-entry.ts";
import { journalFile } from "./journal-file.ts";
import { type JournalFileName, journalKey } from "./journal-key.ts";
import { JournalLines, linesOf } from "./journal-lines.ts";

export interface JournalOptions {
  /** Of this process: letters, digits and hyphens. */
  readonly writer: string;
  /** Milliseconds, whole seconds. */
  readonly everyMs: number;
  /** Rejects where it was not written, or nobody knows. */
  readonly put: (key: string, body: Uint8Array) => Promise<void>;
  /**
   * Acts after so many milliseconds, and does not keep the process alive for it.
   * @returns what takes that back. @default nothing is done by itself: whoever is frozen between invocations settles
   */
  readonly after?: (ms: number, act: () => void) => () => void;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds since any moment, untouched by steps of the clock. */
  readonly elapsedMs: () => number;
  readonly count: (metric: string, by?: number) => void;
  readonly warn: Log;
}

/** Entries of one file, some 3 MB. */
const MOST_OF_FILE = 20_000;
/** Entries that wait for a bucket that takes nothing, some 20 MB. */
const MOST_KEPT = 100_000;
/** Milliseconds that the first entry after a rest waits for those of its batch. */
const LINGER_MS = 100;
/** Until a file that was not taken is tried again. */
const AGAIN_MS = 10_000;

export class Journal {
  readonly #options: JournalOptions;
  readonly #waiting = new JournalLines();
  #number = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #to = 0;
  #lost = 0;
  /** Whether its last file says that it rests. */
  #isResting = true;
  #cancel: (() => void) | undefined;
  #writing: Promise<boolean> | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** What was recorded just now. The canary's are nobody's. */
  recorded(transactionId: string, version: number, accepted: Accepted | undefined): void {
    if (accepted?.merchantId === CANARY_MERCHANT_ID) return;
    const { length } = this.#waiting;
    const at = this.#options.now();
    this.#waiting.add(journalLine({ transactionId, version, at, accepted }), at);
    if (length === 0) this.#arm(LINGER_MS);
    else if (length + 1 === MOST_OF_FILE) this.#arm(0);
    else if (length >= MOST_KEPT) this.#dropOldest();
  }

  /** Writes what waits, where it is time: for whoever is frozen afterwards. Never rejects. */
  async settle(): Promise<void> {
    if (this.#writing !== undefined) await this.#writing;
    if (this.#waiting.length > 0 && this.#dueInMs() <= 0) await this.#write();
  }

  /** Writes all that waits, and that nothing comes any more; gives up when the time is over. Never rejects. */
  async end(mostMs: number): Promise<void> {
    const { pause } = this.#options;
    this.#cancel?.();
    this.#cancel = undefined;
    await Promise.race([pause(mostMs), this.#end()]);
  }

  async #end(): Promise<void> {
    if (this.#writing !== undefined) await this.#writing;
    while (this.#waiting.length > MOST_OF_FILE) if (!(await this.#write())) return;
    if (this.#waiting.length > 0 || !this.#isResting) await this.#write("end");
  }

  #dueInMs(): number {
    const { everyMs, elapsedMs } = this.#options;
    return this.#writtenAt + everyMs - elapsedMs();
  }

  /** @param leastMs milliseconds; the file of a full one does not wait for its time */
  #arm(leastMs: number): void {
    const { after } = this.#options;
    if (after === undefined || this.#writing !== undefined) return;
    this.#cancel?.();
    const ms = leastMs === 0 ? 0 : Math.max(leastMs, this.#dueInMs());
    this.#cancel = after(ms, () => {
      this.#cancel = undefined;
      void this.#write(this.#waiting.length === 0 ? "rest" : undefined);
    });
  }

  async #write(closing?: JournalFileName["closing"]): Promise<boolean> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#writing = this.#put(closing);
    const isWritten = await this.#writing;
    this.#writing = undefined;
    const { length } = this.#waiting;
    if (closing === "end" || (length === 0 && this.#isResting)) return isWritten;
    if (!isWritten) this.#arm(AGAIN_MS);
    else this.#arm(length >= MOST_OF_FILE ? 0 : LINGER_MS);
    return isWritten;
  }

  async #put(closing: JournalFileName["closing"]): Promise<boolean> {
    const { writer, everyMs, put, now, elapsedMs, count, warn } = this.#options;
    const taken = this.#waiting.take(MOST_OF_FILE);
    const lost = this.#lost;
    // What is left was recorded after the last one that is taken. A clock that was put back ends no file before it.
    this.#to = Math.max(this.#to, this.#waiting.length === 0 ? now() : (taken.at(-1)?.lastAt ?? now()));
    const name = {
      writer,
      number: this.#number,
      to: this.#to,
      everySeconds: Math.ceil(everyMs / 1000),
      isLossy: lost > 0,
      closing,
    };
    const begunAt = elapsedMs();
    try {
      await put(journalKey(name), await journalFile(name, taken));
      this.#isResting = closing === "rest";
      this.#writtenAt = this.#isResting ? Number.NEGATIVE_INFINITY : begunAt;
      this.#number += 1;
      this.#lost -= lost;
      return true;
    } catch (error) {
      logError(warn, "journal not written, it goes with the next file", error, { entries: linesOf(taken) });
      this.#waiting.putBack(taken);
      if (this.#waiting.length > MOST_KEPT) this.#dropOldest();
      count(METRICS.journalFilesFailed);
      return false;
    }
  }

  #dropOldest(): void {
    const length = linesOf(this.#waiting.take(Math.max(MOST_OF_FILE, this.#waiting.length - MOST_KEPT)));
    if (this.#lost === 0) this.#options.warn("entries of the journal lost, as it could not be written", { length });
    this.#lost += length;
    this.#options.count(METRICS.journalEntriesLost, length);
  }
}
