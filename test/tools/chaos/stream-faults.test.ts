import { expect, test } from "@jest/globals";
import type { StreamFault } from "../../../tools/chaos/plan/fault.ts";
import { StreamFaults } from "../../../tools/chaos/run/stream-faults.ts";

const EVENT = { Records: ["1", "2", "3"].map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })) };

function invoked(fault?: StreamFault, functionName = "stream-transactions") {
  const events: unknown[] = [];
  const faults = new StreamFaults({ onStream: () => fault });
  const response = faults.invocation(functionName, EVENT, async (event) => {
    events.push(event);
    return { batchItemFailures: [] };
  });
  return { events, faults, answer: response };
}

test("without a fault the function runs and its answer is its own", async () => {
  const { events, answer: response } = invoked();
  expect(await response).toEqual({ batchItemFailures: [] });
  expect(events).toEqual([EVENT]);
});

test("a function may fail before it runs, or after", async () => {
  const before = invoked("before");
  await expect(before.answer).rejects.toThrow("did not run");
  expect(before.events).toEqual([]);
  const after = invoked("after");
  await expect(after.answer).rejects.toThrow("answer is lost");
  expect(after.events).toEqual([EVENT]);
});

test("a function may name a record in the middle as failed", async () => {
  expect(await invoked("in part").answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
});

test("other functions are left alone", async () => {
  await expect(invoked("before", "release-due").answer).resolves.toEqual({ batchItemFailures: [] });
});

test("batches that are old enough are handed over again", async () => {
  const { events, faults, answer: response } = invoked();
  await response;
  expect(await faults.replay(5, 60_000)).toBe(0);
  expect(await faults.replay(5, -1)).toBe(1);
  expect(events).toEqual([EVENT, EVENT]);
});
