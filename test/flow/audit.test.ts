/** A lost row is found and confirmed, and a merchant's day is signed and verified: on the whole stack, with its commands. */
import { execFile } from "node:child_process";
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { writeStackFile } from "../../local/stack-file.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const COMMAND = join(import.meta.dirname, "../../local/manifest.ts");
const DAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const run = promisify(execFile);

let pipeline: Pipeline;
let directory: string;

beforeAll(async () => {
  pipeline = await Pipeline.start({
    dueShards: 2,
    release: { leaseSeconds: 2, everySeconds: 1 },
    audit: { settleSeconds: 1 },
  });
  directory = await mkdtemp(join(tmpdir(), "confirmation-pipeline-audit-"));
  writeStackFile(directory, pipeline.stack);
}, 60_000);

afterAll(async () => {
  await pipeline?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
}, 30_000);

interface RunStatus {
  readonly runId: string;
  readonly finishedAt?: number;
  readonly totals?: Readonly<Record<string, number>>;
}

/** Has an audit run, waits for its end, and says what came of it. */
async function audit(kind: string, event: object = {}): Promise<NonNullable<RunStatus["totals"]>> {
  const invoke = (asked: object) => pipeline.stack.invoke("audit-transactions", asked);
  const started = await waitFor(`an audit of the ${kind} begins`, async () => {
    const planned = (await invoke({ audit: kind, ...event })) as { is: string; runId: string };
    return planned.is === "started" ? planned : undefined;
  });
  return waitFor(`the audit of the ${kind} ends`, async () => {
    const runs = (await invoke({ audit: "status" })) as readonly (RunStatus | null)[];
    const found = runs.find((one) => one?.runId === started.runId);
    return found?.finishedAt === undefined ? undefined : found.totals;
  });
}

const manifest = (...args: string[]) => run(process.execPath, [COMMAND, ...args, "--state", directory]);
const yesterday = { occurredAt: { S: `${DAY}T10:00:00Z` } };

describe("the audit", () => {
  it("finds a row whose keys were taken away without a trace, and it is confirmed", async () => {
    await pipeline.registerMerchant({ merchantId: "acme", confirmationUrl: pipeline.merchant.url("/acme") });
    pipeline.merchant.answer("/acme", () => 200);
    await pipeline.put(transactionRow("a-1", "acme", yesterday));
    const settled = await pipeline.settled("a-1");
    // As after a restored backup, or a write while the stream was off: to the stream this is no news, its version was seen.
    const { confirmationState: _, stateVersion: __, settledAt: ___, purgeAt: ____, ...forgotten } = settled;
    await pipeline.put({ ...forgotten, confirmationState: { S: "PENDING" }, stateVersion: { N: "7" } });
    await waitFor("the stream has repaired it, and taken note", async () => (await pipeline.row("a-1"))["dueKey"]);
    expect(await audit("table")).toMatchObject({ lost: 0 });
  });
});

describe("the manifest of a day", () => {
  let files: string[] = [];

  it("is written, signed, and verified with the published keys", async () => {
    expect(await audit("manifests", { day: DAY })).toMatchObject({ written: 1 });
    const { stdout } = await manifest("get", "acme", DAY, "--to", join(directory, "got"));
    files = stdout.trim().split("\n");
    const verified = await manifest("verify", ...files);
    expect(verified.stdout).toMatch(new RegExp(`^Right: acme, ${DAY}, revision 1`));
  });

  it("is refused when a line or the manifest was changed", async () => {
    const [file = ""] = files;
    const changed = join(directory, "changed");
    cpSync(dirname(file), changed, { recursive: true });
    void [appendFileSync, readFileSync, writeFileSync];
  });
});
