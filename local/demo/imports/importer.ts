/** Imports the demo's file as anybody would: a form from the API, the file to the bucket, then looks how far it is. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { LocalError } from "../../local-error.ts";
import type { LocalStack } from "../../local-stack.ts";
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
  #token = "";

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
    this.#token = await tokenOf(stack.endpoints.issuer);
    const upload = await this.#ask<{ jobId: string; url: string; fields: Record<string, string> }>("imports/uploads", {
      fileName: "demo.csv",
      reason: "npm run demo",
      ratePerSecond: RATE_PER_SECOND,
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file);
    const put = await fetch(upload.url, { method: "POST", body: form });
    if (!put.ok) throw failed(`The bucket refused the file with ${put.status}`);
    for (let isOver = false; !isOver && !isStopped(); await sleep(LOOK_EVERY_MS)) {
      const now = await this.#ask<{ state: string; doneAt?: string; counts: ImportCounts }>(`imports/${upload.jobId}`);
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

  async #ask<Shown>(path: string, body?: object): Promise<Shown> {
    const response = await fetch(`${this.#options.stack.endpoints.api}/v1/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw failed(`The API responded to ${path} with ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text) as Shown;
  }
}

async function tokenOf(issuer: string): Promise<string> {
  const form = { grant_type: "client_credentials", scope: "imports:write" };
  const response = await fetch(`${issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
  const { access_token: token } = (await response.json()) as { readonly access_token: string };
  return token;
}

function failed(message: string): LocalError {
  return new LocalError("LOCAL_PART_FAILED", `${message}; its words are in the logs.`);
}
