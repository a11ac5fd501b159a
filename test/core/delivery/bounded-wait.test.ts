import { describe, expect, it } from "@jest/globals";
import { BoundedWait, NOT_IN_TIME } from "../../../core/delivery/bounded-wait.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { neverCalled } from "../../support/strict-fake.ts";

const silence = async () => new Promise<never>(() => undefined);

function waits(window = 30) {
  const clock = new FakeClock();
  const after = (ms: number, callBack: () => void) => clock.plan(clock.now() + ms, callBack);
  return { clock, wait: new BoundedWait({ window, after }) };
}

describe("a bounded wait", () => {
  it("gives what comes in time, and fails as it fails", async () => {
    const { wait } = waits();
    expect(await wait.for(async () => "key")).toBe("key");
    await expect(wait.for(async () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(wait.waiting).toBe(0);
  });

  it("ends after half a second, whatever it waits for", async () => {
    const { clock, wait } = waits();
    let ended: unknown;
    void wait.for(silence).then((result) => (ended = result));
    await clock.pass(499);
    expect(ended).toBeUndefined();
    await clock.pass(1);
    expect([ended, wait.waiting]).toEqual([NOT_IN_TIME, 0]);
  });

  it("is not begun where a tenth of the window waits already", async () => {
    const { clock, wait } = waits(30);
    const waiting = [wait.for(silence), wait.for(silence), wait.for(silence)];
    expect(await wait.for(neverCalled("begin") as never)).toBe(NOT_IN_TIME);
    await clock.pass(500);
    expect(await Promise.all(waiting)).toEqual([NOT_IN_TIME, NOT_IN_TIME, NOT_IN_TIME]);
    expect(await wait.for(async () => "key")).toBe("key");
  });

  it("lets nobody hear of what fails after its time", async () => {
    const { clock, wait } = waits();
    const late = Promise.withResolvers<never>();
    const ended = wait.for(async () => late.promise);
    await clock.pass(500);
    late.reject(new Error("too late to matter"));
    expect(await ended).toBe(NOT_IN_TIME);
  });
});
