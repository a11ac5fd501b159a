import { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it, jest } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import PlainNodeEnvironment from "./plain-node/environment.ts";
import { withoutTestFiles } from "./plain-node/modules.ts";

/** What one test file does to its surroundings, from its beginning to its end. */
async function testFile(changes: (jestOfFile: PlainNodeEnvironment) => void): Promise<void> {
  const environment = new PlainNodeEnvironment({ projectConfig: { fakeTimers: {} } as never });
  await environment.setup();
  changes(environment);
  await environment.teardown();
}

describe("what a test file changed of its surroundings", () => {
  it("is put back of variables: those that it set, changed and took away", async () => {
    process.env["CHANGED"] = "before";
    process.env["TAKEN_AWAY"] = "before";
    await testFile(() => {
      process.env["SET"] = "meanwhile";
      process.env["CHANGED"] = "meanwhile";
      delete process.env["TAKEN_AWAY"];
    });
    expect(process.env).toMatchObject({ CHANGED: "before", TAKEN_AWAY: "before" });
    expect(process.env).not.toHaveProperty("SET");
  });

  it("is put back of timers", async () => {
    const { setTimeout: before } = globalThis;
    await testFile(({ fakeTimersModern }) => fakeTimersModern.useFakeTimers());
    expect(globalThis.setTimeout).toBe(before);
  });

  it("is put back where it spied", async () => {
    const { log } = console;
    await testFile(({ moduleMocker }) => moduleMocker.spyOn(console, "log").mockImplementation(() => undefined));
    expect(console.log).toBe(log);
  });

  it("is put back of clients of AWS that it faked", async () => {
    const send = () => Object.getOwnPropertyDescriptor(SQSClient.prototype, "send");
    const before = send();
    await testFile(() => mockClient(SQSClient));
    expect(send()).toEqual(before);
  });

  it("is put back of the time that its tests may take", async () => {
    const limit = Symbol.for("TEST_TIMEOUT_SYMBOL");
    const ours: unknown = Reflect.get(globalThis, limit);
    await testFile(() => jest.setTimeout(1));
    expect(Reflect.get(globalThis, limit)).toBeUndefined();
    Reflect.set(globalThis, limit, ours);
  });
});

describe("a module of this repository", () => {
  it("is one for all that import it in a test file", async () => {
    const [{ FakeClock: here }, { FakeClock: there }] = await Promise.all([
      import("./fake-clock.ts"),
      import("../support/fake-clock.ts"),
    ]);
    expect(here).toBe(there);
  });

  it("is of this test file alone", () => {
    expect(import.meta.url).toMatch(/\?test-file=\d+$/);
  });

  it("has its own name and lines in a stack", () => {
    const { stack = "" } = new Error("here");
    expect(stack).toMatch(/plain-node\.test\.ts\?test-file=\d+:\d+:\d+/);
    expect(withoutTestFiles(stack)).toMatch(/\(\/\S+\/test\/support\/plain-node\.test\.ts:\d+:\d+\)/);
  });
});
