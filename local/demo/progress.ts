/**
 * What is seen while the demo runs: a bar on a terminal, nothing elsewhere, on stderr, so that stdout holds the account
 * only.
 */
export interface ProgressLine {
  readonly inserted: number;
  readonly terminal: number;
  readonly total: number;
  readonly deliveries: number;
  readonly kills: number;
}

const BAR_WIDTH = 30;
const CLEAR_LINE = "\r\u001B[2K";

export function progressText({ inserted, terminal, total, deliveries, kills }: ProgressLine): string {
  const filled = Math.floor((terminal / total) * BAR_WIDTH);
  const bar = "█".repeat(filled).padEnd(BAR_WIDTH, "░");
  const killed = kills > 0 ? `, worker killed ${kills} ×` : "";
  return `${bar} ${terminal}/${total} with an outcome, ${inserted} inserted, ${deliveries} deliveries${killed}`;
}

export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(line: ProgressLine): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE + progressText(line));
  }

  /** A line that stays, above the bar. */
  note(text: string): void {
    this.#stream.write(`${this.#stream.isTTY ? CLEAR_LINE : ""}${text}\n`);
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
  }
}
