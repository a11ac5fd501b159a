import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "@jest/globals";
import type { FunctionDefinition } from "../../local/functions/function-definition.ts";
import { startFunctions } from "../../local/functions/function-pool.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { patienceMs } from "../support/machine-speed.ts";

const directory = temporaryDirectory();
const bundle = join(directory, "index.mjs");
writeFileSync(
  bundle,
  `
  let invocations = 0;
  const meet = new BroadcastChannel("meet-${process.pid}");
  export async function handler(event, context) {
    invocations += 1;
    if (event.throw) throw new TypeError(event.throw);
    if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
    if (event.meet) {
      const met = new Promise((resolve) => { meet.onmessage = () => resolve(); });
      meet.postMessage("here");
      await met;
      meet.postMessage("here");
    }
    const { GREETING: greeting, PATH: outside, _X_AMZN_TRACE_ID: trace } = process.env;
    const { functionName: name, awsRequestId: requestId } = context;
    const remaining = context.getRemainingTimeInMillis();
    return { event, invocations, greeting, outside, trace, name, requestId, remaining, dropped: undefined };
  }
  `,
);

function definition(name: string, other: Partial<FunctionDefinition> = {}): FunctionDefinition {
  return {
    name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    module: bundle,
    exportName: "handler",
    timeoutMs: 20_000,
    memoryMiB: 128,
    concurrency: 1,
    environment: { GREETING: "hello" },
    nodeFlags: [],
    runsIn: "thread",
    ...other,
  };
}

/** A thread is made and its bundle loaded within it, on a busy machine too. */
const LIMIT_MS = patienceMs(1000);

const logs = join(directory, "logs");
const functions = startFunctions(
  [
    definition("echo"),
    definition("short", { timeoutMs: LIMIT_MS }),
    definition("two", { concurrency: 2 }),
    definition("none", { exportName: "missing" }),
  ],
  logs,
);

afterAll(() => functions.stop());

describe("functions on this machine", () => {
  it("get event, context and an environment of their own", async () => {
    const response = (await functions.invoke("echo", { a: 1 })) as Record<string, unknown>;
    expect(response).toEqual({
      event: { a: 1 },
      invocations: 1,
      greeting: "hello",
      trace: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=[01]$/),
      name: "echo",
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      remaining: expect.any(Number),
    });
    expect(response["remaining"]).toBeGreaterThan(0);
  });

  it("are found by their ARN too, and keep their environment from one invocation to the next", async () => {
    const first = (await functions.invoke(definition("echo").arn, {})) as { invocations: number };
    const second = (await functions.invoke("echo", {})) as { invocations: number };
    expect(second.invocations).toBe(first.invocations + 1);
  });

  it("hand their error to the caller and to their log", async () => {
    const own = startFunctions([definition("failing")], logs);
    await expect(own.invoke("failing", { throw: "broken" })).rejects.toMatchObject({
      code: "LOCAL_FUNCTION_FAILED",
      message: "failing: TypeError: broken",
    });
    await own.stop();
    expect(readFileSync(join(logs, "failing.log"), "utf8")).toContain("TypeError: broken");
  });

  it("that take too long are ended, and the next invocation has a new environment", async () => {
    await expect(functions.invoke("short", { hang: true })).rejects.toThrow(
      `Task timed out after ${LIMIT_MS / 1000} seconds`,
    );
    expect(await functions.invoke("short", {})).toMatchObject({ invocations: 1 });
  });

  it("run side by side as far as their concurrency allows", async () => {
    const responses = (await Promise.all([
      functions.invoke("two", { meet: true }),
      functions.invoke("two", { meet: true }),
    ])) as { invocations: number }[];
    expect(responses.map(({ invocations }) => invocations)).toEqual([1, 1]);
  });

  it("wait for their turn beyond that", async () => {
    const responses = (await Promise.all([functions.invoke("echo", {}), functions.invoke("echo", {})])) as {
      invocations: number;
    }[];
    expect(new Set(responses.map(({ invocations }) => invocations)).size).toBe(2);
  });

  it("without the export that the template names fail with a reason", async () => {
    await expect(functions.invoke("none", {})).rejects.toThrow(/exports no missing/);
  });

  it("that the template does not have are named with those that it has", async () => {
    await expect(functions.invoke("other", {})).rejects.toThrow(
      /There is no function other; the template has echo, short, two, none/,
    );
  });
});
