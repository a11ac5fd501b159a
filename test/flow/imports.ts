/**
 * A file from the command line to the merchant: uploaded by a form that the local S3 holds against its policy, cut when
 * the bucket tells of it, accepted, rejected, corrected and confirmed.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BLOCK_ROWS } from "../../core/imports/limits.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const HEADER = "transactionId;merchantId;outcome;amount;currency;occurredAt;orderingKey";
/** Two blocks. */
const ROWS = BLOCK_ROWS + 100;
const row = (index: number, amount = "12.50") =>
  `i-${index};imported;APPROVED;${amount};EUR;2026-11-22T10:00:00Z;${index === 7 ? "+34600111222" : ""}`;

interface Shown {
  readonly jobId: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly refusal?: { readonly code: string; readonly byte?: number };
}

let pipeline: Pipeline;
let commandLine: CommandLine;
let directory: string;

/** Whatever the exit code says of rejected rows. */
async function imported(file: string, ...options: readonly string[]): Promise<Shown> {
  const args = ["import", file, "--json", ...options];
  const { stdout } = await commandLine(...args).catch((error: unknown) => {
    const { stdout: told } = error as { readonly stdout: string };
    if (told === "") throw error;
    return { stdout: told };
  });
  return JSON.parse(stdout) as Shown;
}

export function imports(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    directory = await mkdtemp(join(tmpdir(), "imports-"));
    commandLine = commandLineOn(pipeline.stateDirectory);
    await pipeline.registerMerchant({ merchantId: "imported", confirmationUrl: pipeline.merchant.url("/imported") });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  describe("a file", () => {
    it(
      "is imported and confirmed, and what was rejected is imported once it is corrected",
      async () => {
        const lines = Array.from({ length: ROWS }, (_, index) => row(index, index % 100 === 7 ? '"12,50"' : undefined));
        const [file, rejected] = [join(directory, "november.csv"), join(directory, "rejected.csv")];
        await writeFile(file, `\uFEFF${[HEADER, ...lines].join("\r\n")}\r\n`);
        const first = await imported(file, "--rejected", rejected, "--rate", "10000");
        expect(first).toMatchObject({ state: "done", counts: { rows: ROWS, accepted: ROWS - 11, rejected: 11 } });
        const text = await readFile(rejected, "utf8");
        expect(text).toContain("'+34600111222");
        await writeFile(join(directory, "corrected.csv"), text.replaceAll(';"12,50";', ";12.50;"));
        const second = await imported(join(directory, "corrected.csv"));
        expect(second).toMatchObject({ state: "done", counts: { rows: 11, accepted: 11, rejected: 0 } });
        await waitFor("each row is confirmed at its merchant", () =>
          Promise.resolve(pipeline.merchant.deliveries.length >= ROWS ? true : undefined),
        );
        expect((await pipeline.row("i-7"))["orderingKey"]).toEqual({ S: "+34600111222" });
      },
      patienceMs(180_000),
    );

    it(
      "that cannot be read is refused with the place, and nothing of it is written",
      async () => {
        const file = join(directory, "latin.csv");
        await writeFile(file, Buffer.concat([Buffer.from(`${HEADER}\n${row(9001)}\ncaf`), Buffer.from([0xe9, 0x0a])]));
        const shown = await imported(file);
        expect(shown).toMatchObject({ state: "refused", refusal: { code: "file_not_utf8" }, counts: { rows: 0 } });
        expect(await pipeline.row("i-9001")).toEqual({});
      },
      patienceMs(60_000),
    );

    it(
      "goes nowhere but where the form says, and no further",
      async () => {
        const [token, { api }] = [(await commandLine("token")).stdout.trim(), pipeline.stack.endpoints];
        const response = await fetch(`${api}/v1/imports/uploads`, {
          method: "POST",
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          body: "{}",
        });
        const { url, fields } = (await response.json()) as { url: string; fields: Record<string, string> };
        const put = async (changed: Readonly<Record<string, string>>): Promise<string> => {
          const form = new FormData();
          for (const [name, value] of Object.entries({ ...fields, ...changed })) form.append(name, value);
          form.append("file", new Blob([HEADER]));
          const answer = await fetch(url, { method: "POST", body: form });
          return `${answer.status} ${/<Message>(.*)<\/Message>/.exec(await answer.text())?.[1] ?? ""}`;
        };
        expect(await put({ key: "uploads/another" })).toMatch(/^403 .*"\$key"/);
        expect(await put({ acl: "public-read" })).toMatch(/^403 .*Extra input fields: acl/);
        expect(await put({})).toBe("204 ");
      },
      patienceMs(60_000),
    );
  });
}
