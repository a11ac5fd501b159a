import { describe, expect, it } from "@jest/globals";
import { sendConfirmations } from "../../../core/aws/send-confirmations.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { text, transactionRow } from "../../support/rows.ts";

const pending = (transactionId: string, orderingKey?: string) => ({
  row: transactionRow({ transactionId: text(transactionId), ...(orderingKey && { orderingKey: text(orderingKey) }) }),
  message: { transactionId, version: 1, release: 0 },
});

function bench() {
  const clock = new FakeClock();
  const [confirmations, ordered] = [new MemoryQueue(clock.now), new MemoryQueue(clock.now)];
  return { confirmations, ordered, order: "transaction" as const };
}

const ids = (queue: MemoryQueue): string[] =>
  queue.messages.map(({ body }) => (JSON.parse(body) as { transactionId: string }).transactionId);

describe("a pending confirmation", () => {
  it("goes to the ordered queue, under its key's group, if its row has a key, else to the other", async () => {
    const queues = bench();
    const given = [pending("a"), pending("k-1", "k"), pending("b"), pending("k-2", "k")];
    expect(await sendConfirmations(queues, given)).toEqual([undefined, undefined, undefined, undefined]);
    expect(ids(queues.confirmations)).toEqual(["a", "b"]);
    expect(ids(queues.ordered)).toEqual(["k-1", "k-2"]);
    const groupId = orderedGroupIdOf(pending("k-1", "k").row);
    expect(queues.ordered.messages.map((message) => message.groupId)).toEqual([groupId, groupId]);
  });

  it("is answered for in its own place, whichever queue is down", async () => {
    const queues = bench();
    queues.ordered.isDown = true;
    const errors = await sendConfirmations(queues, [pending("k-1", "k"), pending("a"), pending("k-2", "k")]);
    expect(errors.map((error) => error?.error)).toEqual([
      "the queue is down",
      undefined,
      expect.stringContaining("held back"),
    ]);
  });

  it("that is repeated at once is not swallowed by SQS, but only once for each repetition", async () => {
    const queues = bench();
    for (const once of [pending("k-1", "k"), pending("a")])
      for (const repetition of [undefined, 1, 1, 2])
        await sendConfirmations(queues, [{ ...once, ...(repetition !== undefined && { repetition }) }]);
    expect(ids(queues.ordered)).toEqual(["k-1", "k-1", "k-1"]);
    expect(ids(queues.confirmations)).toEqual(["a", "a", "a"]);
    for (const { messages } of [queues.ordered, queues.confirmations])
      expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
  });
});
