/**
 * A line of progress for jest, on a terminal and in a log alike: how many files are through, and which ones run. A long
 * run is seen to be alive, and the file that it waits for has a name. It says last which files took longest.
 */
import { relative } from "node:path";

interface TestFile {
  readonly path: string;
}

interface Counts {
  readonly numTotalTestSuites: number;
  readonly numFailedTests: number;
}

const EVERY_MS = 15_000;
const SLOWEST = 8;
/** A run of fewer files has no need of it. */
const FEW_FILES = 5;

class ProgressReporter {
  readonly #running = new Map<string, number>();
  readonly #took = new Map<string, number>();
  #startedAt = 0;
  #counts: Counts = { numTotalTestSuites: 0, numFailedTests: 0 };
  #timer: NodeJS.Timeout | undefined;

  onRunStart(counts: Counts): void {
    this.#counts = counts;
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
    this.#timer.unref();
  }

  onTestFileStart({ path }: TestFile): void {
    this.#running.set(path, performance.now());
  }

  onTestFileResult({ path }: TestFile, _result: unknown, counts: Counts): void {
    this.#took.set(path, performance.now() - (this.#running.get(path) ?? this.#startedAt));
    this.#running.delete(path);
    this.#counts = counts;
  }

  onRunComplete(): void {
    clearInterval(this.#timer);
    if (this.#took.size < FEW_FILES) return;
    this.#show();
    const slowest = [...this.#took].toSorted(([, one], [, other]) => other - one).slice(0, SLOWEST);
    say(`slowest: ${slowest.map(([path, ms]) => `${nameOf(path)} ${seconds(ms)}`).join(", ")}`);
  }

  #show(): void {
    const { numTotalTestSuites, numFailedTests } = this.#counts;
    const now = performance.now();
    const running = [...this.#running].map(([path, since]) => `${nameOf(path)} ${seconds(now - since)}`);
    say(
      `tests ${this.#took.size}/${numTotalTestSuites} files, ${seconds(now - this.#startedAt)} elapsed, ` +
        `${numFailedTests} failed${running.length > 0 ? `; running ${running.join(", ")}` : ""}`,
    );
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function nameOf(path: string): string {
  return relative(process.cwd(), path);
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

// oxlint-disable-next-line import/no-default-export -- jest takes a reporter by no other name
export default ProgressReporter;
