/**
 * A file from an address that holds for minutes, piece by piece and of any size. Where the connection breaks, or the
 * address is over, it goes on behind the last byte that came, at a new address: nothing is asked for twice, and the
 * entity tag says that it is still the same file.
 */
import { CommandFailure } from "../frame/command-failure.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import { reach } from "./reach.ts";

export interface DownloadOptions {
  /** Asked for with each request. */
  readonly address: () => Promise<string>;
  /** `The file of the export`, for a sentence. */
  readonly what: string;
  readonly around: Pick<Surroundings, "fetch" | "sleep">;
}

/** Requests one after the other that brought nothing. */
const MOST_IN_VAIN = 10;
const AGAIN_MS = 500;
const REMEDY = "send the command again";
const PARTIAL = 206;
const OVER_ITS_END = 416;
/** Of an address: what it says once its time is over, and what may pass. */
const WORTH_ANOTHER = new Set([403, 429]);

/** @throws CommandFailure where it cannot be had, or is another file by now */
export async function* downloaded({ address, what, around }: DownloadOptions): AsyncGenerator<Uint8Array> {
  let [at, inVain] = [0, 0];
  let tag: string | undefined;
  for (;;) {
    const before = at;
    let broken: unknown;
    try {
      const headers = at === 0 ? {} : { range: `bytes=${at}-`, ...(tag !== undefined && { "if-match": tag }) };
      const response = await reach(around.fetch, await address(), { headers }, { what, remedy: REMEDY });
      const { status, body } = response;
      if (status === OVER_ITS_END && at > 0) return;
      if (status >= 500 || WORTH_ANOTHER.has(status)) throw refused(what, status, true);
      if (!response.ok || (at > 0 && status !== PARTIAL)) throw refused(what, status, false);
      if (body === null) return;
      tag ??= response.headers.get("etag") ?? undefined;
      for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
        at += piece.length;
        yield piece;
      }
      return;
    } catch (error) {
      if (error instanceof CommandFailure && !error.isPassing) throw error;
      broken = error;
    }
    inVain = at > before ? 0 : inVain + 1;
    if (inVain === MOST_IN_VAIN)
      throw broken instanceof CommandFailure
        ? broken
        : new CommandFailure("unreachable", `${what} broke off ${inVain} times; ${REMEDY}.`, { cause: broken });
    await around.sleep(AGAIN_MS);
  }
}

function refused(what: string, status: number, isPassing: boolean): CommandFailure {
  return new CommandFailure("refused", `${what} cannot be had: its address answered ${status}; ${REMEDY}`, {
    isPassing,
  });
}
