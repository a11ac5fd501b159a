/** The worker's bundle as its Dockerfile copies it: alone in a directory, with nothing but its environment. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeAll, afterAll, describe, expect, it } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { confirmationWorkerEnvironment } from "../../../containers/confirmation-worker/src/environment.ts";
import { CLOCK_FILE_VARIABLE } from "../../../tools/chaos/clock/clock-file.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { merchantSecret, parseMasterKeys, secretText } from "../../../core/signing/signature.ts";
import { bundlePrograms } from "../../../lib/program/bundle.ts";
import { startMerchant } from "../../support/merchant-server.ts";
import { merchantRow, text, transactionRow } from "../../support/rows.ts";
import { until } from "../../support/until.ts";
import { SILENCE, startFakeAws } from "./fake-aws.ts";
import { patienceMs } from "../../support/machine-speed.ts";

const { nameServers, transport, proxyUrl, campaigns } = confirmationWorkerEnvironment.names;
const OPTIONAL = new Set([nameServers, transport, proxyUrl, campaigns]);
const MASTER_KEYS = JSON.stringify({ 1: "k".repeat(32) });
const BODY = JSON.stringify({ schema: 1, transactionId: "t-1", version: 1, release: 0 });
const STEPPED_CLOCK = new URL("../../../tools/chaos/clock/stepped-clock.ts", import.meta.url).href;
let directory: string;
const stops: (() => unknown)[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "worker-bundle-"));
  copyFileSync(join(bundlePrograms().bundles.confirmationWorker, "main.mjs"), join(directory, "main.mjs"));
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(env: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const child = spawn(process.execPath, [...flags, "main.mjs"], { cwd: directory, env });
  stops.push(() => child.kill("SIGKILL"));
  const lines: Record<string, unknown>[] = [];
  const stderr: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) =>
    lines.push(JSON.parse(line) as Record<string, unknown>),
  );
  createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const said = (message: string) => lines.find((line) => line["message"] === message);
  return { child, lines, stderr, ended, said };
}

function environment(endpoint: string, merchantPort: number): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    [confirmationWorkerEnvironment.names.masterKeys]: MASTER_KEYS,
    ...confirmationWorkerEnvironment.write({
      region: "eu-central-1",
      transactionsTable: "Transactions",
      merchantsTable: "Merchants",
      merchantGatesTable: "MerchantGates",
      merchantShards: 1,
      circuit: { openMs: 15_000, maxOpenMs: 300_000 },
      confirmationsQueueUrl: `${endpoint}/000000000000/confirmations.fifo`,
      orderedQueueUrl: `${endpoint}/000000000000/confirmations-ordered.fifo`,
      deadLetterQueueUrl: `${endpoint}/000000000000/confirmations-dl.fifo`,
      jobsTable: "",
      merchantCallsQueueUrl: "",
      journal: { bucket: "", everyMs: 60_000, lock: "none", keptDays: 36 },
      importedSecretsKeyArn: "arn:aws:kms:eu-central-1:000000000000:key/imported-secrets",
      dueShards: 1,
      leaseMs: 900_000,
      retry: { scheduleSeconds: [5, 30], inQueueMaxSeconds: 30, maxRetryAfterSeconds: 60 },
      inQueueFailingMax: 10,
      deliverWithinMs: 3_600_000,
      settledDays: 90,
      deadlineMs: 10_000,
      sandbox: { ratePerSecond: 10, concurrency: 5 },
      maxBodyBytes: 262_144,
      resendOnClosedConnection: true,
      allowDestinations: [`127.0.0.1:${merchantPort}`],
      refuseDestinations: [],
      allowPorts: [],
      nameServers: [],
      transport: "http1",
      proxyUrl: "",
      window: 448,
      orderedWindow: 64,
      visibilitySeconds: 60,
      stopTimeoutMs: 20_000,
      healthPort: 0,
      debugSamplePercent: 0,
      campaigns: [],
    }),
  };
}

/** Reads again what it knows of a merchant, as often as time passes. */
const REFRESHED = ["BatchGetItem MerchantGates", "BatchGetItem Merchants"];

function received() {
  const MD5OfBody = createHash("md5").update(BODY).digest("hex");
  return { MessageId: "i", ReceiptHandle: "h", Body: BODY, MD5OfBody, Attributes: { MessageGroupId: "t-1" } };
}

describe("the worker's bundle", () => {
  it("says in one line which variables it needs, and ends with code 1", async () => {
    const { lines, stderr, ended } = run({});
    expect(await ended).toBe(1);
    const said = [...lines.filter((line) => line["_aws"] === undefined).map((line) => JSON.stringify(line)), ...stderr];
    expect(said).toHaveLength(1);
    for (const name of Object.keys(environment("", 1)).filter(
      (variable) => !variable.startsWith("AWS_") && !OPTIONAL.has(variable),
    ))
      expect(said[0]).toContain(`${name}: is missing`);
    expect(said[0]).toContain("ENVIRONMENT_INVALID");
  });

  it("counts its start before anything can fail, so that a crash loop shows", async () => {
    const { lines, ended } = run({});
    await ended;
    expect(lines[0]).toMatchObject({ service: "confirmation-worker", [METRICS.workerStarted]: 1 });
  });

  it("does not repeat a secret that it cannot use", async () => {
    const { lines, stderr, ended } = run({
      ...environment("http://127.0.0.1:9", 1),
      [confirmationWorkerEnvironment.names.masterKeys]: "hunter2-hunter2",
    });
    expect(await ended).toBe(1);
    expect(JSON.stringify([lines, stderr])).toContain("The master keys are not JSON");
    expect(JSON.stringify([lines, stderr])).not.toContain("hunter2");
  });

  it.each([
    ["http1", {}],
    ["undici", { [transport]: "undici" }],
  ])("confirms a transaction, answers its health check, and ends by itself on SIGTERM: %s", async (_, changed) => {
    const merchant = await startMerchant((response) => response.end());
    const waiting = [received()];
    const aws = await startFakeAws({
      ReceiveMessage: () => ({ Messages: waiting.splice(0) }),
      BatchGetItem: ({ RequestItems }) => {
        const [table = ""] = Object.keys(RequestItems as object);
        const row = {
          Transactions: transactionRow(),
          Merchants: merchantRow({ confirmationUrl: text(`${merchant.origin}/in`) }),
        };
        return { Responses: { [table]: table in row ? [row[table as keyof typeof row]] : [] } };
      },
      BatchExecuteStatement: ({ Statements }) => ({ Responses: (Statements as unknown[]).map(() => ({})) }),
      DeleteMessageBatch: () => ({ Successful: [{ Id: "0" }] }),
    });
    stops.push(
      () => merchant.stop(),
      () => aws.stop(),
    );
    const { child, ended, said, stderr } = run({ ...environment(aws.endpoint, merchant.port), ...changed });

    await until(() => aws.calls.some(({ operation }) => operation === "DeleteMessageBatch"), "a delete");
    const [delivery] = merchant.deliveries;
    const secret = merchantSecret(parseMasterKeys(MASTER_KEYS), {
      merchantId: "m-1",
      secretKeyVersion: "1",
      secretSalt: Buffer.alloc(16, 1).toString("base64"),
    });
    const headers = delivery?.headers as Record<string, string>;
    expect(new Webhook(secretText(secret)).verify(delivery?.body ?? "", headers)).toMatchObject({
      type: "transaction.approved",
    });
    const steps = aws.calls
      .map(({ operation, input }) => `${operation} ${Object.keys(input["RequestItems"] ?? {}).join()}`.trim())
      .filter((step) => !["ReceiveMessage", ...REFRESHED].includes(step));
    const reads = ["BatchGetItem Transactions", "BatchGetItem Merchants,MerchantGates"];
    // What time it is, before anything is received.
    expect(steps).toEqual(["GetQueueAttributes", ...reads, "BatchExecuteStatement", "DeleteMessageBatch"]);

    const health = await fetch(`http://127.0.0.1:${String(said("worker ready")?.["healthPort"])}/health`);
    expect(health.status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(said("worker stopped")).toBeDefined();
    expect(stderr).toEqual([]);
  });

  // Svix#1511: the worker had stopped, and nothing said so. The SDK by itself waits for five minutes, three times.
  it(
    "goes on within seconds though DynamoDB took calls and never answered them",
    async () => {
      const merchant = await startMerchant((response) => response.end());
      const waiting = [received()];
      const deleted = Promise.withResolvers<void>();
      let reads = 0;
      const aws = await startFakeAws({
        ReceiveMessage: () => ({ Messages: waiting.splice(0) }),
        BatchGetItem: ({ RequestItems }) => {
          const [table = ""] = Object.keys(RequestItems as object);
          if (table === "Transactions" && reads++ === 0) return SILENCE;
          if (table === "Transactions") return { Responses: { [table]: [transactionRow()] } };
          const row = merchantRow({ confirmationUrl: text(`${merchant.origin}/in`) });
          return { Responses: { [table]: table === "Merchants" ? [row] : [] } };
        },
        BatchExecuteStatement: ({ Statements }) => ({ Responses: (Statements as unknown[]).map(() => ({})) }),
        DeleteMessageBatch: () => {
          deleted.resolve();
          return { Successful: [{ Id: "0" }] };
        },
      });
      stops.push(
        () => merchant.stop(),
        () => aws.stop(),
      );
      run(environment(aws.endpoint, merchant.port));
      await deleted.promise;
      expect(merchant.deliveries).toHaveLength(1);
    },
    patienceMs(30_000),
  );

  it(
    "calls nobody while its clock is ten minutes off, and goes on by itself when it is right",
    async () => {
      const merchant = await startMerchant((response) => response.end());
      const waiting = [received()];
      const aws = await startFakeAws({
        GetQueueAttributes: () => ({ Attributes: {} }),
        ReceiveMessage: () => ({ Messages: waiting.splice(0) }),
        BatchGetItem: ({ RequestItems }) => {
          const [table = ""] = Object.keys(RequestItems as object);
          const row = {
            Transactions: transactionRow(),
            Merchants: merchantRow({ confirmationUrl: text(`${merchant.origin}/in`) }),
          };
          return { Responses: { [table]: table in row ? [row[table as keyof typeof row]] : [] } };
        },
        BatchExecuteStatement: ({ Statements }) => ({ Responses: (Statements as unknown[]).map(() => ({})) }),
        DeleteMessageBatch: () => ({ Successful: [{ Id: "0" }] }),
      });
      stops.push(
        () => merchant.stop(),
        () => aws.stop(),
      );
      const clockFile = join(directory, "clock");
      writeFileSync(clockFile, "-600000");
      const environs = { ...environment(aws.endpoint, merchant.port), [CLOCK_FILE_VARIABLE]: clockFile };
      const { said, stderr } = run(environs, "--import", STEPPED_CLOCK);
      await until(() => said("worker ready") !== undefined, "the worker to be ready");
      const health = `http://127.0.0.1:${String(said("worker ready")?.["healthPort"])}/health`;
      expect((await fetch(health)).status).toBe(503);
      await until(() => stderr.some((line) => line.includes("the clock is wrong")), "the clock to be told of");
      // DynamoDB is asked for the pause every two seconds: the worker lives, and receives nothing.
      const looks = () => aws.calls.filter(({ operation }) => operation === "BatchGetItem").length;
      const before = looks();
      await until(() => looks() > before, "another look");
      expect(aws.calls.some(({ operation }) => operation === "ReceiveMessage")).toBe(false);
      writeFileSync(clockFile, "0");
      await until(() => merchant.deliveries.length > 0, "a delivery");
      const stamp = Number(merchant.deliveries[0]?.headers["webhook-timestamp"]);
      expect(Math.abs(Date.now() / 1000 - stamp)).toBeLessThan(60);
      expect((await fetch(health)).status).toBe(200);
    },
    patienceMs(30_000),
  );

  it("is all that its Dockerfile copies, and runs without root", () => {
    const dockerfile = readFileSync("containers/confirmation-worker/Dockerfile", "utf8");
    expect(dockerfile.match(/^COPY .*$/gm)).toEqual(["COPY --chmod=444 main.mjs channel-senders.mjs ./"]);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    const flags = [
      "--max-semi-space-size=16",
      "--no-parallel-scavenge",
      "--no-allocation-site-pretenuring",
      "--heap-growing-percent=100",
    ];
    const [, command = ""] = /^CMD (.*)$/m.exec(dockerfile.replaceAll("\\\n", "")) ?? [];
    expect(JSON.parse(command)).toEqual(["node", ...flags, "main.mjs"]);
  });
});
