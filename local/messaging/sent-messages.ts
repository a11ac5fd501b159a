/** What was sent, a line each in a file that a person can read along with, and as a list for tests. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

export interface SentMessage {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: "sms" | "whatsapp" | "event";
  readonly messageId: string;
  /** A number, or the name of a bus. */
  readonly to: string;
  /** As the service was asked. */
  readonly request: unknown;
  readonly result: string;
}

/** Newest that are kept for who asks; the file has all. */
const MOST_KEPT = 1000;

export class SentMessages {
  readonly file: string;
  readonly #kept: SentMessage[] = [];

  constructor(file: string) {
    this.file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  /** Oldest first. */
  get all(): readonly SentMessage[] {
    return this.#kept;
  }

  add(message: SentMessage): void {
    this.#kept.push(message);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    appendFileSync(this.file, `${JSON.stringify(message)}\n`);
  }
}
