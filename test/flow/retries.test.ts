/** What a merchant asks for in its answers, and a schedule of its own, as they take effect in the running stack. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { writeStackFile } from "../../local/stack-file.ts";
import { Pipeline, transactionRow } from "./pipeline.ts";

const COMMAND = join(import.meta.dirname, "../../local/merchant.ts");
const ASKED_SECONDS = 2;
const run = promisify(execFile);

let pipeline: Pipeline;
let noted: string;

beforeAll(async () => {
  pipeline = await Pipeline.start({
    dueShards: 2,
    retry: { scheduleSeconds: [1, 1], inQueueMaxSeconds: 1, maxRetryAfterSeconds: 60 },
    release: { everySeconds: 1 },
    worker: { stopTimeoutSeconds: 10 },
  });
  noted = await mkdtemp(join(tmpdir(), "confirmation-pipeline-note-"));
  writeStackFile(noted, pipeline.stack);
  await pipeline.registerMerchant({ merchantId: "shop", confirmationUrl: pipeline.merchant.url("/shop") });
}, 60_000);

afterAll(async () => {
  await pipeline?.stop();
  if (noted !== undefined) await rm(noted, { recursive: true, force: true });
}, 30_000);

const at = (path: string) => ({ confirmationUrl: { S: pipeline.merchant.url(path) } });

describe("a merchant", () => {
  it("that is busy and says until when is called then and not before, and no try is used up", async () => {
    const busy = { status: 503, headers: { "retry-after": String(ASKED_SECONDS) }, body: "stock-taking, call 12345" };
    pipeline.merchant.answer("/busy", (_delivery, nth) => (nth < 2 ? busy : 200));
    await pipeline.put(transactionRow("t-1", "shop", at("/busy")));

    const row = await pipeline.settled("t-1");

    expect(row).toMatchObject({ confirmationState: { S: "CONFIRMED" }, attemptCount: { N: "1" } });
    const [first, second] = pipeline.merchant.to("/busy");
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(ASKED_SECONDS * 1000);
    expect(row["attempts"]?.L?.map(({ M }) => M)).toMatchObject([
      {
        outcome: { S: "status_5xx" },
        status: { N: "503" },
        retryAfterSeconds: { N: String(ASKED_SECONDS) },
        answer: { S: "stock-taking, call 12345" },
      },
      { outcome: { S: "delivered" }, status: { N: "200" } },
    ]);
  });

  it("that aborts a message gets it no second time: it is a dead letter at once", async () => {
    const headers = { "webhook-delivery": "abort-message" };
    pipeline.merchant.answer("/abort", () => ({ status: 422, headers }));
    await pipeline.put(transactionRow("t-2", "shop", at("/abort")));

    const row = await pipeline.settled("t-2");

    expect(row).toMatchObject({ confirmationState: { S: "FAILED" }, attemptCount: { N: "1" } });
    expect(await pipeline.deadLetter("t-2")).toMatchObject({
      failure: { code: "aborted_by_merchant", fault: "merchant" },
    });
    expect(pipeline.merchant.to("/abort")).toHaveLength(1);
  });

  it("with a schedule of its own is tried on that", async () => {
    const url = pipeline.merchant.url("/own");
    const { stdout } = await run(process.execPath, [
      ...[COMMAND, "own", "--url", url],
      ...["--retry-schedule", "1", "--state", noted],
    ]);
    expect(stdout).toMatch(/^retries +after 1 s$/m);
    pipeline.merchant.answer("/own", () => 500);
    await pipeline.put(transactionRow("t-3", "own"));

    const row = await pipeline.settled("t-3");

    expect(row).toMatchObject({ confirmationState: { S: "FAILED" }, attemptCount: { N: "2" } });
  });
});
