/** Imports the demo's file as anybody would: a form from the API, the file to the bucket, then looks how far it is. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { LocalStack } from "../../local-stack.ts";
import { DemoApi, failed } from "../demo-api.ts";
import type { InsertedTransaction } from "../evidence.ts";
import { HEADER, plannedRows } from "./import-file.ts";

export interface ImportCounts {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
}

export interface ImporterOptions {
  readonly stack: Pick<LocalStack, "endpoints">;
  readonly stateDirectory: string;
  readonly rows: number;
  readonly seed: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly isStopped: () => boolean;
}

const LOOK_EVERY_MS = 250;
const RATE_PER_SECOND = 10_000;
const PEAK = /"peakMegabytes":(\d+)/g;

/** Grows while it imports, so that whoever watches sees how far it is. */
export class Importer {
  /** What is to be in the table, once the import is over. */
  readonly accepted = new Map<string, number[]>();
  counts: ImportCounts = { rows: 0, accepted: 0, rejected: 0 };
  readonly #options: ImporterOptions;

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  get inserted(): readonly InsertedTransaction[] {
    return Array.from(this.accepted, ([transactionId, versions]) => ({ transactionId, versions }));
  }

  async run(): Promise<void> {
    const { rows, seed, sleep, isStopped, stack } = this.#options;
    const planned = [...plannedRows(rows, seed)];
    const file = new Blob([HEADER, ...planned.map(({ line }) => line)]);
    const api = await DemoApi.on(stack);
    const asked = { fileName: "demo.csv", reason: "npm run demo", ratePerSecond: RATE_PER_SECOND };
    const jobId = await api.upload(asked, file);
    for (let isOver = false; !isOver && !isStopped(); await sleep(LOOK_EVERY_MS)) {
      const now = await api.get<{ state: string; doneAt?: string; counts: ImportCounts }>(`imports/${jobId}`);
      if (now.state === "refused") throw failed("The file was refused");
      this.counts = now.counts;
      isOver = now.doneAt !== undefined;
    }
    for (const { transactionId, isBad } of planned) if (!isBad) this.accepted.set(transactionId, [1]);
  }

  /** Megabytes that the process of `import-transactions` had at most. */
  async peakMb(): Promise<number> {
    const log = join(this.#options.stateDirectory, "logs", `${FUNCTION_NAMES.importTransactions}.log`);
    const text = await readFile(log, "utf8");
    return Math.max(...[...text.matchAll(PEAK)].map(([, peak]) => Number(peak)));
  }
}
