import { describe, expect, it } from "@jest/globals";
import { type Execution, Invocations } from "../../../../tools/simulate/aws/invocations.ts";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";

const EVERY_MS = 60_000;

async function ran(
  invoke: (execution: Execution, part: number, time: VirtualTime) => Promise<unknown>,
  options: { readonly seconds: number; readonly parts?: number; readonly twice?: number; readonly timeoutMs?: number },
) {
  const time = new VirtualTime();
  const invocations = new Invocations({
    time,
    everyMs: EVERY_MS,
    timeoutMs: options.timeoutMs ?? 90_000,
    parts: options.parts ?? 1,
    twice: options.twice ?? 0,
    invoke: (execution, part) => invoke(execution, part, time),
    random: () => 0.5,
  });
  invocations.start((error) => time.failed(error));
  for (let tick = 0; tick < options.seconds * 100; tick += 1) await time.advance(() => {});
  return invocations;
}

describe("invocations of a simulated function", () => {
  it("come each minute, once for each part, and twice where the schedule fires twice", async () => {
    const parts: number[] = [];
    const note = async (_: Execution, part: number) => void parts.push(part);
    await ran(note, { seconds: 121, parts: 2 });
    expect(parts).toEqual([0, 1, 0, 1]);
    await ran(note, { seconds: 61, twice: 1 });
    expect(parts.slice(4)).toEqual([0, 0]);
  });

  it("do one thing after the other on their CPU, and wait for calls side by side", async () => {
    const ends: number[] = [];
    await ran(
      async (execution, _, time) => {
        const startedAt = time.now();
        const call = () => execution.call(100, 50, async () => void ends.push(time.now() - startedAt));
        await Promise.all([call(), call()]);
      },
      { seconds: 61 },
    );
    expect(ends).toEqual([150, 250]);
  });

  it("are killed at their time limit, after which nothing that they wait for comes", async () => {
    const seen: string[] = [];
    const invocations = await ran(
      async (execution) => {
        for (let call = 0; ; call += 1) {
          await execution.call(0, 1000, async () => undefined);
          seen.push(`${execution.mode} ${call}`);
        }
      },
      { seconds: 90, timeoutMs: 2500 },
    );
    expect(invocations.killed).toBe(1);
    expect(seen).toEqual(["running 0", "running 1"]);
  });

  it("end a run of the simulation when one fails", async () => {
    await expect(ran(() => Promise.reject(new Error("broken")), { seconds: 61 })).rejects.toThrow("broken");
  });
});
