/** A function whose execution environments are processes: killed, replaced and seen as a worker is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import type { FunctionDefinition } from "../../local/functions/function-definition.ts";
import { startFunctions } from "../../local/functions/function-pool.ts";
import { FunctionWorker } from "../../local/worker/function-worker.ts";
import { waitFor } from "../flow/wait-for.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();
const bundle = join(directory, "index.mjs");
writeFileSync(
  bundle,
  `
  import { existsSync } from "node:fs";
  let invocations = 0;
  export async function handler(event, context) {
    invocations += 1;
    while (event.until !== undefined && !existsSync(event.until)) await new Promise((go) => setTimeout(go, 5));
    return { pid: process.pid, invocations, greeting: process.env.GREETING, left: context.getRemainingTimeInMillis() };
  }
  `,
);

const NAME = "caller";
const definition: FunctionDefinition = {
  name: NAME,
  arn: `arn:aws:lambda:us-east-1:000000000000:function:${NAME}`,
  module: bundle,
  exportName: "handler",
  timeoutMs: 60_000,
  memoryMiB: 128,
  concurrency: 2,
  environment: { GREETING: "hello" },
  nodeFlags: [],
  runsIn: "process",
};
const functions = startFunctions([definition], join(directory, "logs"));
afterAll(() => functions.stop());

interface Answer {
  readonly pid: number;
  readonly invocations: number;
  readonly greeting: string;
  readonly left: number;
}
const invoke = (event: object = {}) => functions.invoke(NAME, event) as Promise<Answer>;
const busyPid = () => waitFor("one is at work", () => functions.busyPid(NAME));
const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a function that runs in processes", () => {
  it("keeps one from invocation to invocation, with an environment and a process of its own", async () => {
    const first = await invoke();
    const second = await invoke();
    expect(first).toMatchObject({ invocations: 1, greeting: "hello" });
    expect(first.left).toBeGreaterThan(0);
    expect(first.pid).not.toBe(process.pid);
    expect(second).toMatchObject({ pid: first.pid, invocations: 2 });
    expect(functions.busyPid(NAME)).toBeUndefined();
  });

  it("fails what it is at when it is killed, and goes on in a new one", async () => {
    const invoked = invoke({ until: join(directory, "never") });
    const failed = expect(invoked).rejects.toThrow(/caller: /);
    const pid = await busyPid();
    await functions.replaceAll(NAME, "SIGKILL");
    expect(isThere(pid)).toBe(false);
    await failed;
    expect(await invoke()).toMatchObject({ invocations: 1 });
  });

  it("finishes what it is at when it is replaced otherwise, and begins nothing before that", async () => {
    const file = join(directory, "go-on");
    const invoked = invoke({ until: file });
    const pid = await busyPid();
    const replaced = functions.replaceAll(NAME, "SIGTERM");
    const next = invoke();
    writeFileSync(file, "");
    await replaced;
    expect(await invoked).toMatchObject({ pid });
    expect(isThere(pid)).toBe(false);
    expect((await next).pid).not.toBe(pid);
  });
});

describe("the worker that such a function is", () => {
  it("starts and stops its mappings, and is there only while it is at work", async () => {
    const log: string[] = [];
    const mapping = (name: string) => () => {
      log.push(`start ${name}`);
      return async () => void log.push(`stop ${name}`);
    };
    const worker = new FunctionWorker({ functionName: NAME, functions, mappings: [mapping("a"), mapping("b")] });
    await worker.restart();
    expect([worker.isRunning, worker.pid, worker.starts]).toEqual([true, undefined, 1]);
    const file = join(directory, "done");
    const invoked = invoke({ until: file });
    expect(await waitFor("it is at work", () => worker.pid)).toBeGreaterThan(0);
    writeFileSync(file, "");
    await invoked;
    await worker.kill("SIGKILL");
    await worker.stop();
    expect([worker.isRunning, worker.starts]).toEqual([false, 2]);
    expect(log).toEqual(["start a", "start b", "stop a", "stop b"]);
  });
});
