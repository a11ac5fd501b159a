import { describe, expect, it } from "@jest/globals";
import { HealthInMemory } from "../../../../tools/simulate/aws/merchant-health.ts";
import { SimulatedQueue } from "../../../../tools/simulate/aws/message-queue.ts";
import { SimulatedService } from "../../../../tools/simulate/aws/service.ts";
import { SimulatedTable } from "../../../../tools/simulate/aws/table.ts";
import type { Confirmation } from "../../../../tools/simulate/run/confirmation.ts";
import { Merchant } from "../../../../tools/simulate/run/merchant.ts";
import { DueIndex } from "../../../../tools/simulate/run/due-index.ts";
import { policyOf } from "../../../../tools/simulate/run/policy.ts";
import { Tally } from "../../../../tools/simulate/run/tally.ts";
import { Task } from "../../../../tools/simulate/run/task.ts";
import { VirtualTime } from "../../../../tools/simulate/run/virtual-time.ts";
import { parseSettings } from "../../../../core/settings/settings.ts";

const SECONDS = 1500;
const CALL_EVERY_SECONDS = 20;
const random = () => 0.5;
const rates = { writesPerSecond: 1e6, dueWritesPerSecond: 1e6, merchantWritesPerSecond: 1e6 };

/**
 * Three tasks with hardly any work and no health row, so that each has a call in flight to a merchant that answers
 * nothing.
 */
async function shrunk(stopTimeoutSeconds: number) {
  const settings = parseSettings({
    worker: { minTasks: 1, maxTasks: 3, stopTimeoutSeconds },
    delivery: { deadlineMs: 30_000 },
  });
  const time = new VirtualTime();
  const queue = new SimulatedQueue(time, 1000);
  const table = new SimulatedTable({ time, sample: 1, ...rates, committed: () => {} });
  const tally = new Tally(1, () => false, 0);
  const parts = { time, settings, sample: 1, queue, table, index: new DueIndex(), tally, visibilityMs: 70_000 };
  const policyParts = { time, settings, sample: 1, healthTable: new HealthInMemory(), inQueueFailingMax: 400, random };
  const service = new SimulatedService({
    time,
    settings,
    sample: 1,
    queue,
    firstTasks: 3,
    newTask: (zone) => new Task(parts, policyOf("no-parking", policyParts), zone),
    random,
  });
  const merchant = new Merchant({ name: "gone", share: 1, deadlineMs: 30_000, random });
  merchant.isOut = true;
  for (let second = 0; second < SECONDS; second += 1) {
    service.scale(second);
    if (second % CALL_EVERY_SECONDS === 0)
      for (const task of service.running) {
        queue.send({ id: `t-${second}`, merchant, attemptCount: 0, release: 0, giveUpAt: Infinity } as Confirmation);
        const message = queue.receive();
        if (message !== undefined) task.take(message);
      }
    for (let tick = 0; tick < 100; tick += 1)
      await time.advance(() => {
        table.carryOut();
        service.drain();
        if (tick % 10 === 0) for (const task of service.running) task.policy.tick();
      });
  }
  return { scaledIn: service.scaledIn, running: service.running.length, interrupted: service.interrupted };
}

describe("a service that shrinks", () => {
  it("cuts no call off with the stop timeout of the settings", async () => {
    expect(await shrunk(120)).toStrictEqual({ scaledIn: 2, running: 1, interrupted: 0 });
  });

  it("would cut calls off with one shorter than the deadline: the simulation tells", async () => {
    const { scaledIn, interrupted } = await shrunk(10);
    expect(scaledIn).toBe(2);
    expect(interrupted).toBeGreaterThan(0);
  });
});
