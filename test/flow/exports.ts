/**
 * Transactions of a merchant as a file: imported, exported on the command line as CSV and as JSON Lines, and imported
 * from that again, which changes nothing.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** More than an export asks for at once. */
const ROWS = 520;
const HEADER = "transactionId,merchantId,outcome,amount,currency,occurredAt,orderingKey,payload";
const timeOf = (index: number) => new Date(Date.parse("2026-11-20T00:00:00Z") + index * 600_000).toISOString();
const row = (index: number) =>
  `x-${index},exported,APPROVED,${index}.50,EUR,${timeOf(index)},${index === 7 ? '"=SUM(A1,A2)"' : ""},` +
  `"{""note"":""caf\u00e9, no. ${index}"",""n"":1234567890123456789012}"`;
const DAYS = ["--merchant", "exported", "--from", "2026-11-20T00:00:00Z", "--to", "2026-11-26T00:00:00Z"];

let pipeline: Pipeline;
let commandLine: CommandLine;
let directory: string;

export function transactionExports(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    directory = await mkdtemp(join(tmpdir(), "exports-"));
    commandLine = commandLineOn(pipeline.stateDirectory);
    await pipeline.registerMerchant({ merchantId: "exported", confirmationUrl: pipeline.merchant.url("/exported") });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  describe("an export", () => {
    it(
      "has what was imported, in order, and is imported again as the same",
      async () => {
        const file = join(directory, "november.csv");
        await writeFile(file, [HEADER, ...Array.from({ length: ROWS }, (_, index) => row(index))].join("\n"));
        const imported = await commandLine.json<{ counts: object }>("import", file, "--rate", "10000");
        expect(imported.counts).toMatchObject({ accepted: ROWS, rejected: 0 });
        await waitFor("each row is confirmed at its merchant", () =>
          Promise.resolve(pipeline.merchant.deliveries.length >= ROWS ? true : undefined),
        );
        await waitFor("the last is recorded", async () =>
          (await pipeline.row(`x-${ROWS - 1}`))["confirmationState"]?.S === "CONFIRMED" ? true : undefined,
        );

        const csv = (await commandLine("export", ...DAYS)).stdout;
        const lines = csv.trimEnd().split("\r\n");
        expect(lines.length).toBe(1 + ROWS);
        expect(lines[0]).toMatch(/^\uFEFFtransactionId,merchantId,/);
        expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(
          Array.from({ length: ROWS }, (_, index) => `x-${index}`),
        );
        expect(lines[8]).toContain(`,"'=SUM(A1,A2)",`);
        expect(lines[8]).toMatch(/,1,CONFIRMED,1,[^,]+,,,,orderingKey$/);

        const jsonLines = (await commandLine("export", ...DAYS, "--format", "jsonl")).stdout;
        expect(jsonLines.split("\n").length).toBe(1 + ROWS);
        expect(jsonLines).toContain('"n":1234567890123456789012}');

        for (const [name, text] of [["again.csv", csv] as const, ["again.jsonl", jsonLines] as const]) {
          await writeFile(join(directory, name), text);
          const again = await commandLine.json<{ counts: object }>("import", join(directory, name), "--rate", "10000");
          expect(again.counts).toMatchObject({ rows: ROWS, accepted: ROWS, rejected: 0 });
        }
      },
      patienceMs(240_000),
    );

    it(
      "has its bounds, goes into a file, and is there to be had again",
      async () => {
        const output = join(directory, "one.jsonl");
        const bounds = ["--merchant", "exported", "--from", timeOf(10), "--to", timeOf(12)];
        const args = ["export", ...bounds, "--format", "jsonl", "--output", output];
        const { jobId } = await commandLine.json<{ jobId: string }>(...args);
        const text = await readFile(output, "utf8");
        const ids = text
          .trimEnd()
          .split("\n")
          .map((line) => (JSON.parse(line) as { transactionId: string }).transactionId);
        expect(ids).toEqual(["x-10", "x-11"]);
        expect((await commandLine("exports", "file", jobId)).stdout).toBe(text);
        expect((await commandLine("exports", "list")).stdout).toContain(jobId);
      },
      patienceMs(60_000),
    );
  });
}
