/**
 * Lost rows are found and confirmed, and a merchant's day is signed and verified: on the whole stack, with its
 * commands. Alone on its stack: it turns the stream of the table off, and counts manifests.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { commandLineOn } from "./command-line.ts";
import { firstAuditsOver } from "./first-audits.ts";
import { type Pipeline, type Row, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs, patienceSeconds } from "../support/machine-speed.ts";

const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

/** What a stack is to have. */
export const AUDITED = { release: { leaseSeconds: patienceSeconds(2), everySeconds: 1 }, audit: { settleSeconds: 1 } };

let pipeline: Pipeline;
let directory: string;

interface RunStatus {
  readonly runId: string;
  readonly finishedAt?: number;
  readonly totals?: Readonly<Record<string, number>>;
}

const invoke = (event: object) => pipeline.stack.invoke("audit-transactions", event);
const status = async () => (await invoke({ audit: "status" })) as readonly (RunStatus | null)[];

/** Has an audit run, waits for its end, and says what came of it. */
async function audited(asked: { audit: string; day?: string }): Promise<Readonly<Record<string, number>>> {
  const started = (await invoke(asked)) as { is: string; runId: string };
  expect(started.is).toBe("started");
  return waitFor(`the audit ends: ${asked.audit}`, async () => {
    const found = (await status()).find((one) => one?.runId === started.runId);
    return found?.finishedAt === undefined ? undefined : found.totals;
  });
}

const manifest = (...args: string[]) => commandLineOn(pipeline.stateDirectory)("manifest", ...args);
const put = (id: string, more: Row = {}) =>
  pipeline.put(transactionRow(id, "acme", { occurredAt: { S: `${DAY}T10:00:00Z` }, ...more }));
const deliveries = (id: string) => pipeline.merchant.to("/acme").filter(({ body }) => body.includes(`"${id}"`)).length;

export function audit(running: () => Pipeline): void {
  beforeAll(async () => {
    pipeline = running();
    directory = await mkdtemp(join(tmpdir(), "confirmation-pipeline-audit-"));
    await firstAuditsOver(pipeline);
    await pipeline.registerMerchant({ merchantId: "acme", confirmationUrl: pipeline.merchant.url("/acme") });
    // From here on nothing that is written is seen by anyone.
    await pipeline.dynamodb.send(
      new UpdateTableCommand({
        TableName: pipeline.stack.transactionsTable,
        StreamSpecification: { StreamEnabled: false },
      }),
    );
  }, patienceMs(90_000));
  afterAll(async () => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  describe("the audit", () => {
    it("finds a row that was written while the stream was off, and it is confirmed", async () => {
      await put("unseen");
      expect(await audited({ audit: "table" })).toMatchObject({ found: 1, lost: 0 });
      expect(await pipeline.terminalRow("unseen")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(deliveries("unseen")).toBe(1);
      expect(await audited({ audit: "table" })).toMatchObject({ found: 0, lost: 0 });
    });

    it("finds a row in a place of the index where nobody looks, and it is confirmed", async () => {
      await put("misplaced", { dueKey: { S: "T#77" }, dueAt: { N: String(Date.now()) } });
      expect(await audited({ audit: "index" })).toMatchObject({ found: 1, lost: 0 });
      expect(await pipeline.terminalRow("misplaced")).toMatchObject({ confirmationState: { S: "CONFIRMED" } });
      expect(deliveries("misplaced")).toBe(1);
    });
  });

  describe("the manifest of a day", () => {
    it(
      "is verified with the published keys, refused when it was changed, and followed by a revision when the " +
        "day was",
      async () => {
        // Lists the row under its merchant, which the stream would have done.
        await audited({ audit: "table" });
        expect(await audited({ audit: "manifests", day: DAY })).toMatchObject({
          written: 1,
          transactions: 2,
          unsettled: 0,
        });
        const got = join(directory, "got");
        const first = (await manifest("get", "acme", DAY, "--to", got)).stdout.trim();
        expect((await manifest("verify", first)).stdout).toBe(
          `Right: acme, ${DAY}, revision 1, manifest 1. 2 transactions: 2 confirmed, 0 failed, 0 unsettled.\n` +
            "  EUR 25.00: confirmed 25.00, failed 0, unsettled 0\n",
        );

        const tampered = join(directory, "tampered");
        cpSync(dirname(first), tampered, { recursive: true });
        const lines = join(tampered, readdirSync(tampered).find((name) => name.startsWith("lines-")) ?? "");
        writeFileSync(lines, readFileSync(lines, "utf8").replace("12.50", "12.51"));
        await expect(manifest("verify", join(tampered, "manifest-1.jsonl"))).rejects.toMatchObject({
          code: 1,
          stderr: expect.stringMatching(
            /^lines-\S+ is not what was signed: a line was changed, added, removed or moved\.\n$/,
          ),
        });

        await put("late", { dueKey: { S: "P#0" }, dueAt: { N: "1" }, merchantKey: { S: `acme#${DAY}#0` } });
        await pipeline.terminalRow("late");
        expect(await audited({ audit: "manifests", day: DAY })).toMatchObject({ written: 1, transactions: 3 });
        const both = (await manifest("get", "acme", DAY, "--to", got)).stdout.trim().split("\n");
        expect((await manifest("verify", ...both)).stdout).toMatch(
          /revision 1, manifest 1\.[^]*revision 2, manifest 2\. 3 /,
        );
        expect(await audited({ audit: "manifests", day: DAY })).toMatchObject({ written: 0, transactions: 3 });
      },
      patienceMs(60_000),
    );
  });
}
