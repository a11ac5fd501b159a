import { describe, expect, it } from "@jest/globals";
import { InQueueBudget } from "../../../core/confirmation/in-queue-budget.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { inQueueFailingMax } from "../../../core/retry/in-queue-share.ts";
import { encodeMessage, messageGroupId } from "../../../core/transaction/message.ts";
import { parseSettings } from "../../../core/settings/settings.ts";
import { number, text, transactionRow } from "../../support/rows.ts";
import { VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const MESSAGES = 20;

/**
 * Twenty messages of one merchant, each a second of work, of which the first fails; second by second until all have
 * left the queue.
 */
async function secondsUntilEmpty(order: "transaction" | "merchant"): Promise<{ seconds: number; parked: unknown }> {
  const settings = parseSettings({ order });
  const budget: { of?: InQueueBudget } = {};
  const harness = workerHarness(undefined, {
    queue: {
      failing: {
        get hasRoom() {
          return budget.of?.hasRoom === true;
        },
        add: (seconds: number) => budget.of?.add(seconds),
      },
    },
  });
  budget.of = new InQueueBudget(inQueueFailingMax(settings), harness.clock.now);
  const failing = { kind: "failed", class: "status_5xx", status: 500, error: "500" } as const;
  let calls = 0;
  harness.answer = () => ((calls += 1) === 1 ? failing : { kind: "delivered", status: 200 });
  for (let index = 0; index < MESSAGES; index += 1) {
    const transactionId = `t-${index}`;
    harness.table.put(transactionRow({ transactionId: text(transactionId) }));
    const body = encodeMessage({ transactionId, version: 1, release: 0 });
    // Whatever the order of the messages, the group is the merchant's: that is what makes one that waits hold up the
    // rest.
    const groupId = messageGroupId(transactionId, "merchant", "m-1");
    await harness.queue.send([{ body, groupId, deduplicationId: transactionId }]);
  }
  let seconds = 0;
  for (; harness.queue.messages.length > 0 && seconds < 600; seconds += 1) {
    for (const message of (await harness.queue.receive(VISIBILITY_SECONDS)).slice(0, 10))
      await harness.confirmation.handle(new InFlightMessage(message, harness.clock.now(), VISIBILITY_SECONDS));
    harness.clock.advance(1000);
  }
  return { seconds, parked: harness.table.row("t-0") };
}

describe("order by merchant", () => {
  it("parks one that fails, so that those behind it in the merchant's group go on", async () => {
    const { seconds, parked } = await secondsUntilEmpty("merchant");
    expect(parked).toMatchObject({ confirmationState: text("SCHEDULED"), attemptCount: number(1) });
    expect(seconds).toBeLessThanOrEqual(MESSAGES);
  });

  it("is what it takes: one that waited in the queue would hold them up", async () => {
    const { seconds, parked } = await secondsUntilEmpty("transaction");
    expect(parked).toMatchObject({ confirmationState: text("CONFIRMED") });
    expect(seconds).toBeGreaterThanOrEqual(5);
  });
});
