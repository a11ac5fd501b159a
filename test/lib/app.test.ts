import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import { PROJECT_ROOT } from "./program/program-sources.ts";

const outdir = mkdtempSync(join(tmpdir(), "app-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** Runs the app as the CDK CLI does, without the CLI. */
function runApp(settings: unknown) {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ settings }) };
  return spawnSync(process.execPath, ["bin/confirmation-pipeline.ts"], { cwd: PROJECT_ROOT, env, encoding: "utf8" });
}

describe("the app", () => {
  it("synthesizes the stack with settings as JSON text, without the CLI, an account, Docker or a network", () => {
    const { status, stdout, stderr } = runApp('{"worker":{"maxTasks":7}}');
    expect({ status, stdout }).toStrictEqual({ status: 0, stdout: "" });
    // The two sums, on the stream that no program reads, and nothing else.
    expect(stderr).toMatch(/^Costs about \$\d+\.\d\d a month at rest and \$\d+\.\d\d for a million .*\.\n$/);
    expect(readFileSync(join(outdir, "ConfirmationPipeline.template.json"), "utf8")).toContain('"MaxCapacity": 7');
  });

  it("says what is wrong with settings, every fault with its path, and shows no stack trace", () => {
    const { status, stderr } = runApp({ targetRatePerSecond: 0, worker: { cpu: 300 } });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SETTINGS_INVALID: /);
    expect(stderr).toContain("settings.targetRatePerSecond: ");
    expect(stderr).toContain("settings.worker.cpu: ");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("says so when settings are no JSON", () => {
    const { status, stderr } = runApp('{"worker":');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^SETTINGS_INVALID: The settings are not JSON, got .* Expected an object such as/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it("says so when Fargate has no task of the size", () => {
    const { status, stderr } = runApp({ worker: { cpu: 4096, memoryMiB: 2048 } });
    expect(status).toBe(1);
    expect(stderr).toMatch(/settings\.worker\.memoryMiB: expected what Fargate offers with cpu 4096, .*got 2048/);
  });
});
