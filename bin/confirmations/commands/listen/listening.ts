/**
 * Listens until somebody ends it: polls, shows each copy, forwards it, and replays what a key asks for.
 *
 *   begin -> poll, renew the lease in time -> … -> end: the lease is given back
 *
 * What fails in passing, such as a stack that is started again, is told once and tried again; what will not change ends
 * the command. Copies come in their order, and none twice: the API's cursor says where it was.
 */
import { CommandFailure } from "../../frame/command-failure.ts";
import type { Session } from "../../frame/session.ts";
import { checkSignature, type SignatureKeys } from "./check-signature.ts";
import { copyLine } from "./copy-line.ts";
import { forward } from "./forward.ts";
import type { ForwardTarget } from "./forward-target.ts";
import type { Copy } from "./handled-copy.ts";
import type { CopyPage, ListenerApi } from "./listener-api.ts";

export interface ListeningParts {
  readonly session: Session;
  readonly api: Pick<ListenerApi, "listen" | "copies" | "end">;
  readonly keys: SignatureKeys;
  /** Undefined to show copies only. */
  readonly target: ForwardTarget | undefined;
  /** What comes first: of copies that were there before the lease. */
  readonly first: CopyPage;
}

const RENEW_EVERY_MS = 20_000;
/** After something came, and after nothing did for so long. */
const WAITS = [
  { forMs: 60_000, waitMs: 1000 },
  { forMs: 600_000, waitMs: 2000 },
  { forMs: Number.POSITIVE_INFINITY, waitMs: 5000 },
] as const;
const LONGEST_RETRY_MS = 10_000;
/** That can be replayed. */
const MOST_KEPT = 100;
/** Nobody waits longer for the end of a command. */
const GIVE_BACK_MS = 3000;
const INTERRUPT = "\u0003";

export class Listening {
  readonly #parts: ListeningParts;
  readonly #ended = new AbortController();
  readonly #kept: Copy[] = [];
  readonly #replays: Copy[] = [];
  #digits = "";
  #sleeping = new AbortController();
  #first: CopyPage | undefined;
  #cursor: string;
  #renewedAt: number;
  #cameAt: number;
  #failures = 0;

  constructor(parts: ListeningParts) {
    this.#parts = parts;
    this.#first = parts.first;
    this.#cursor = parts.first.nextCursor;
    this.#renewedAt = parts.session.around.nowMs();
    this.#cameAt = this.#renewedAt;
  }

  /** Once the lease was given. Resolves when it was given back. */
  async run(): Promise<void> {
    const { around } = this.#parts.session;
    const stops = [around.onKey((key) => this.press(key)), around.onEndAsked(() => this.end())];
    try {
      while (!this.#ended.signal.aborted) await this.#turn();
    } finally {
      for (const stop of stops) stop();
      await this.#giveBack();
    }
  }

  end(): void {
    this.#ended.abort();
    this.#sleeping.abort();
  }

  /** `r` replays the last one, digits before it the one of that number; `q` ends. */
  press(key: string): void {
    if (key === "q" || key === INTERRUPT) return this.end();
    if (/^\d$/.test(key)) {
      this.#digits = `${this.#digits}${key}`.slice(-9);
      return;
    }
    const number = this.#digits === "" ? undefined : Number(this.#digits);
    this.#digits = "";
    if (key !== "r" && key !== "R") return;
    const copy = number === undefined ? this.#kept.at(-1) : this.#kept.find((kept) => kept.number === number);
    if (copy === undefined)
      return this.#tell(number === undefined ? "Nothing to replay yet." : `There is no #${number}.`);
    this.#replays.push(copy);
    this.#sleeping.abort();
  }

  async #turn(): Promise<void> {
    const { api, session } = this.#parts;
    const { signal } = this.#ended;
    try {
      await this.#replay();
      await this.#renew();
      const page = this.#first ?? (await api.copies(this.#cursor, signal));
      this.#first = undefined;
      this.#isBack();
      for (const copy of page.items) if (!signal.aborted) await this.#take(copy);
      this.#cursor = page.nextCursor;
      if (!page.hasMore) await this.#sleep(waitMsAfter(session.around.nowMs() - this.#cameAt));
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
      this.#failures += 1;
      if (this.#failures === 1) this.#tell(`${error.message.replace(/\.?$/, ".")} Trying again until it answers.`);
      await this.#sleep(Math.min(1000 * 2 ** (this.#failures - 1), LONGEST_RETRY_MS));
    }
  }

  async #take(copy: Copy): Promise<void> {
    this.#cameAt = this.#parts.session.around.nowMs();
    this.#kept.push(copy);
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    await this.#handle(copy, false);
    await this.#replay();
    // What fails in passing is tried again with the next poll: the rest of the page is there already.
    await this.#renew().catch((error: unknown) => {
      if (!isPassing(error)) throw error;
    });
  }

  async #replay(): Promise<void> {
    for (let copy = this.#replays.shift(); copy !== undefined; copy = this.#replays.shift())
      await this.#handle(copy, true);
  }

  async #handle(copy: Copy, isReplay: boolean): Promise<void> {
    const { session, keys, target } = this.#parts;
    const { around, output } = session;
    const signature = await checkSignature(copy, keys, around.nowMs());
    const forwarded = target && (await forward(copy, target, this.#ended.signal));
    const handled = { copy, signature, isReplay, ...(forwarded !== undefined && { forwarded }) };
    const time = new Date(around.nowMs()).toISOString().slice(11, 23);
    around.write(
      output.isJson
        ? `${JSON.stringify({ ...copy, signature, ...(forwarded !== undefined && { forwarded }), isReplay })}\n`
        : `${copyLine(handled, time)}\n`,
    );
  }

  /** A local server that is slow must not cost the lease. */
  async #renew(): Promise<void> {
    const now = this.#parts.session.around.nowMs();
    if (now - this.#renewedAt < RENEW_EVERY_MS) return;
    await this.#parts.api.listen(this.#ended.signal);
    this.#renewedAt = now;
  }

  #isBack(): void {
    if (this.#failures > 0) this.#tell("The API answers again.");
    this.#failures = 0;
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#ended.signal.aborted || this.#replays.length > 0) return;
    this.#sleeping = new AbortController();
    await this.#parts.session.around.sleep(ms, this.#sleeping.signal);
  }

  async #giveBack(): Promise<void> {
    try {
      await this.#parts.api.end(AbortSignal.timeout(GIVE_BACK_MS));
    } catch {
      this.#tell("The lease could not be given back; it ends by itself within a minute.");
    }
  }

  /** Beside the results. */
  #tell(text: string): void {
    this.#parts.session.around.writeError(`${text}\n`);
  }
}

function isPassing(error: unknown): error is CommandFailure {
  return error instanceof CommandFailure && error.isPassing;
}

function waitMsAfter(quietMs: number): number {
  return WAITS.find(({ forMs }) => quietMs < forMs)?.waitMs ?? LONGEST_RETRY_MS;
}
