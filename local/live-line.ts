/**
 * One line on how the stack is doing: rewritten in place on a terminal, else printed every few seconds when something
 * changed. Other lines go through it too, so that they do not land in the middle of it.
 */
import type { LocalCounters } from "./local-stack.ts";

export interface LiveLine {
  /** Prints a line of its own. */
  readonly print: (line: string) => void;
  stop(): void;
}

export interface LiveLineOptions {
  readonly output: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly counters: () => Promise<LocalCounters>;
}

const TERMINAL_EVERY_MS = 1000;
const LOG_EVERY_MS = 5000;
const ERASE_LINE = "\r\u001B[2K";

export function startLiveLine({ output, counters }: LiveLineOptions): LiveLine {
  const onTerminal = output.isTTY === true;
  let before: { readonly at: number; readonly counts: LocalCounters } | undefined;
  let shown = "";
  const show = async (): Promise<void> => {
    const counts = await counters();
    const at = Date.now();
    const line = describeCounters(counts, before?.counts ?? counts, before === undefined ? 1 : (at - before.at) / 1000);
    before = { at, counts };
    if (onTerminal) output.write(`${ERASE_LINE}${line.slice(0, (output.columns ?? 120) - 1)}`);
    else if (line !== shown) output.write(`${line}\n`);
    shown = line;
  };
  // What cannot be counted now is counted next time; a part that is gone is told elsewhere.
  const timer = setInterval(() => void show().catch(() => undefined), onTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS);
  return {
    print(line) {
      output.write(onTerminal ? `${ERASE_LINE}${line}\n${shown}` : `${line}\n`);
    },
    stop() {
      clearInterval(timer);
      if (onTerminal && shown !== "") output.write("\n");
    },
  };
}

export function describeCounters(now: LocalCounters, before: LocalCounters, seconds: number): string {
  const rate = (count: number, earlier: number): string => `${Math.round((count - earlier) / seconds)}/s`;
  return [
    `in ${number(now.seen)} (${rate(now.seen, before.seen)})`,
    `confirmed ${number(now.confirmed)} (${rate(now.confirmed, before.confirmed)})`,
    `waiting ${number(now.queued + now.streamBacklog)}`,
    parkedText(now),
    `failed ${number(now.failed)}`,
    `dead ${number(now.deadLetters)}`,
  ].join("  ");
}

function parkedText({ parked, waitingForMerchant }: LocalCounters): string {
  const text = `parked ${number(Math.max(0, parked))}`;
  return waitingForMerchant > 0 ? `${text} (${number(waitingForMerchant)} for their merchant)` : text;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
