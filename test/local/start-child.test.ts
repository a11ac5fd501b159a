import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "@jest/globals";
import { identify, isSame, type ProcessIdentity } from "../../local/processes/process-identity.ts";
import type { ProcessRegister } from "../../local/processes/process-register.ts";
import { WorkerProcess } from "../../local/worker/worker-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { writeFileSync } from "node:fs";

const directory = temporaryDirectory();
const idle = join(directory, "idle.mjs");
writeFileSync(idle, `setInterval(() => {}, 1000); console.log(JSON.stringify({ message: "worker ready" }));`);

const startChild = pathToFileURL(join(import.meta.dirname, "../../local/processes/start-child.ts")).href;
const parentProgram = `
  const { startChild } = await import(${JSON.stringify(startChild)});
  const logFile = ${JSON.stringify(join(directory, "child.log"))};
  const child = startChild({ program: ${JSON.stringify(idle)}, environment: {}, logFile });
  console.log(child.pid);
  setInterval(() => {}, 1000);
`;

async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (isSame(identity, identify(identity.pid))) await new Promise((resolve) => setImmediate(resolve));
}

describe("a child of the stack", () => {
  it("ends when its parent is killed", async () => {
    const parent = spawn(process.execPath, ["--input-type=module", "-e", parentProgram], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    const child = identify(Number(line));
    expect(child?.command).toContain(idle);
    parent.kill("SIGKILL");
    if (child !== undefined) await untilGone(child);
  });
});

describe("the worker", () => {
  const noted: string[] = [];
  const lines: string[] = [];
  const register: ProcessRegister = {
    note: (role) => noted.push(role),
    forget: () => noted.pop(),
    stopping: () => undefined,
    close: () => undefined,
  };
  const task = {
    name: "worker",
    directory,
    nodeFlags: [],
    program: idle,
    environment: {},
    stopTimeoutMs: 5000,
    logGroup: "worker",
  };
  const worker = new WorkerProcess({ task, logDirectory: directory, register, log: (line) => lines.push(line) });

  afterAll(() => worker.stop());

  async function untilStarted(times: number): Promise<void> {
    while (worker.starts < times || worker.pid === undefined) await new Promise((resolve) => setImmediate(resolve));
  }

  it("is there when it says that it is ready", async () => {
    await worker.restart();
    expect([worker.starts, typeof worker.pid, noted]).toEqual([1, "number", ["worker"]]);
  });

  it("is started again after it was killed", async () => {
    const { pid } = worker;
    await worker.kill("SIGKILL");
    await untilStarted(2);
    expect(worker.pid).not.toBe(pid);
    expect(lines).toEqual([expect.stringMatching(/The worker ended \(signal SIGKILL\); it is started again/)]);
  });

  it("stays stopped when it was asked to stop, until it is restarted", async () => {
    await worker.stop();
    expect([worker.pid, noted]).toEqual([undefined, []]);
    await worker.restart();
    expect([worker.starts, typeof worker.pid]).toEqual([3, "number"]);
  });

  it("that does not start is an error with the place of its log", async () => {
    const broken = join(directory, "broken.mjs");
    writeFileSync(broken, "process.exit(3);");
    const other = new WorkerProcess({
      task: { ...task, program: broken },
      logDirectory: directory,
      register,
      log: () => undefined,
    });
    await expect(other.restart()).rejects.toMatchObject({
      code: "LOCAL_PART_FAILED",
      message: expect.stringContaining("exit code 3"),
    });
    await other.stop();
  });
});
