import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { EntryError } from "../../../core/aws/message-queue.ts";
import { sendAll } from "../../../core/aws/send-all.ts";
import type { OutgoingMessage } from "../../../core/aws/queue-requests.ts";

const numbered = (groups: readonly string[]): OutgoingMessage[] =>
  groups.map((groupId, index) => ({ body: String(index), groupId, deduplicationId: String(index) }));
const lost: EntryError = { error: "lost", isRefused: false };

describe("sending many messages", () => {
  it("sends each once, in batches that SQS takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 200 }), async (groups) => {
        const batches: OutgoingMessage[][] = [];
        const send = async (batch: readonly OutgoingMessage[]): Promise<EntryError[]> => {
          batches.push([...batch]);
          return batch.map(() => undefined);
        };
        const errors = await sendAll({ send }, numbered(groups));
        expect(errors).toEqual(groups.map(() => undefined));
        expect(batches.every(({ length }) => length >= 1 && length <= 10)).toBe(true);
        const bodies = batches.flat().map(({ body }) => Number(body));
        expect(bodies.toSorted((one, other) => one - other)).toEqual(groups.map((_, index) => index));
      }),
    );
  });

  it("keeps the order of a group, however slow its batches are, and never has two of them in flight", async () => {
    const groups = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { minLength: 20, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(groups, fc.scheduler(), async (drawn, scheduler) => {
        const arrived = new Map<string, number[]>();
        const inFlight = new Set<string>();
        const send = async (batch: readonly OutgoingMessage[]): Promise<EntryError[]> => {
          const mine = [...new Set(batch.map(({ groupId }) => groupId))];
          expect(mine.filter((group) => inFlight.has(group))).toEqual([]);
          for (const group of mine) inFlight.add(group);
          await scheduler.schedule(Promise.resolve());
          for (const { groupId, body } of batch) arrived.set(groupId, [...(arrived.get(groupId) ?? []), Number(body)]);
          for (const group of mine) inFlight.delete(group);
          return batch.map(() => undefined);
        };
        await scheduler.waitFor(sendAll({ send }, numbered(drawn)));
        for (const order of arrived.values()) expect(order).toEqual(order.toSorted((one, other) => one - other));
      }),
    );
  });

  it.each([
    { messages: 100, groups: 100, calls: 10, atOnce: 8 },
    { messages: 95, groups: 95, calls: 10, atOnce: 8 },
    { messages: 100, groups: 5, calls: 10, atOnce: 5 },
    { messages: 10, groups: 10, calls: 1, atOnce: 1 },
  ])(
    "sends $messages of $groups groups in $calls calls, $atOnce at once",
    async ({ messages, groups, ...expected }) => {
      const seen = { calls: 0, atOnce: 0 };
      let inFlight = 0;
      const send = async (batch: readonly OutgoingMessage[]): Promise<EntryError[]> => {
        seen.calls += 1;
        inFlight += 1;
        seen.atOnce = Math.max(seen.atOnce, inFlight);
        await Promise.resolve();
        inFlight -= 1;
        return batch.map(() => undefined);
      };
      await sendAll({ send }, numbered(Array.from({ length: messages }, (_, index) => `group-${index % groups}`)));
      expect(seen).toEqual(expected);
    },
  );

  it("says for each message what went wrong with it", async () => {
    const messages = numbered(Array.from({ length: 35 }, (_, index) => `group-${index}`));
    const send = async (batch: readonly OutgoingMessage[]): Promise<EntryError[]> =>
      batch.map(({ body }) => (Number(body) % 3 === 0 ? lost : undefined));
    const errors = await sendAll({ send }, messages);
    expect(errors).toEqual(messages.map((_, index) => (index % 3 === 0 ? lost : undefined)));
  });
});
