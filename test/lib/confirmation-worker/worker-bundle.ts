import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { confirmationWorkerEnvironment } from "../../../containers/confirmation-worker/src/environment.ts";
import { bundlePrograms } from "../../../lib/program/bundle.ts";
import { synthesize } from "../synthesized-stack.ts";
import { TemplatePrograms } from "../program/template-programs.ts";

/** Loopback's discard port: nothing listens, and nothing leaves this machine. */
const NOWHERE = "http://127.0.0.1:9";
const emptyFolder = mkdtempSync(join(tmpdir(), "worker-bundle-"));
let worker: ChildProcess;
const lines: Record<string, unknown>[] = [];

/** The environment of the task, with texts in the place of references; no path, no home, nothing of this machine. */
function taskEnvironment(): Record<string, string> {
  const environment = new TemplatePrograms(synthesize().template).environmentOf("confirmationWorker");
  const texts = Object.entries(environment).map(([name, value]) => [
    name,
    typeof value === "string" ? value : `${NOWHERE}/${name}`,
  ]);
  return {
    ...Object.fromEntries(texts),
    [confirmationWorkerEnvironment.names.masterKeys]: JSON.stringify({ "1": "k".repeat(64) }),
    [confirmationWorkerEnvironment.names.healthPort]: "0",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_ENDPOINT_URL_SQS: NOWHERE,
    AWS_ENDPOINT_URL_DYNAMODB: NOWHERE,
  };
}

async function line(message: string): Promise<Record<string, unknown>> {
  for (;;) {
    const found = lines.find((candidate) => candidate["message"] === message);
    if (found !== undefined) return found;
    if (worker.exitCode !== null)
      throw new Error(`The worker ended before it said "${message}": ${JSON.stringify(lines)}`);
    await Promise.race([once(worker, "line"), once(worker, "exit")]);
  }
}

beforeAll(() => {
  copyFileSync(join(bundlePrograms().bundles.confirmationWorker, "main.mjs"), join(emptyFolder, "main.mjs"));
  worker = spawn(process.execPath, ["main.mjs"], {
    cwd: emptyFolder,
    env: taskEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: worker.stdout! }).on("line", (text) => {
    lines.push(JSON.parse(text));
    worker.emit("line");
  });
});

afterAll(() => {
  worker.kill("SIGKILL");
  rmSync(emptyFolder, { recursive: true, force: true });
});

describe("the worker's bundle, with nothing but its environment", () => {
  it("starts and answers for its health", async () => {
    const { healthPort } = await line("worker ready");
    const response = await fetch(`http://127.0.0.1:${healthPort as number}/health`);
    expect(response.status).toBe(200);
  });

  it("ends by itself when ECS asks for it", async () => {
    const exited = once(worker, "exit");
    worker.kill("SIGTERM");
    expect(await exited).toStrictEqual([0, null]);
  });
});
