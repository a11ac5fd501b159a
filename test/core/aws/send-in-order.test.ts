import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { EntryError } from "../../../core/aws/message-queue.ts";
import { sendInOrder } from "../../../core/aws/send-in-order.ts";
import type { OutgoingMessage } from "../../../core/aws/queue-requests.ts";

type Fate = "taken" | "lost" | "refused";
const ERRORS: Readonly<Record<Fate, EntryError>> = {
  taken: undefined,
  lost: { error: "lost", isRefused: false },
  refused: { error: "InvalidMessageContents", isRefused: true },
};
const messages = (groups: readonly string[]): OutgoingMessage[] =>
  groups.map((groupId, index) => ({ body: String(index), groupId, deduplicationId: String(index) }));
const drawn = fc.array(
  fc.record({
    group: fc.constantFrom("a", "b", "c"),
    fate: fc.oneof(
      { weight: 6, arbitrary: fc.constant<Fate>("taken") },
      { weight: 1, arbitrary: fc.constantFrom<Fate>("lost", "refused") },
    ),
  }),
  { maxLength: 60 },
);

/** A queue that takes each entry for itself. */
function queueWith(fates: readonly Fate[]) {
  const calls: string[][] = [];
  const taken: string[] = [];
  const send = async (entries: readonly OutgoingMessage[]): Promise<EntryError[]> => {
    calls.push(entries.map(({ groupId }) => groupId));
    return entries.map(({ body }) => {
      const error = ERRORS[fates[Number(body)] ?? "taken"];
      if (error === undefined) taken.push(body);
      return error;
    });
  };
  return { calls, taken, send };
}

describe("sending in order", () => {
  it("sends of each group all up to the first that is not taken, in their order, and holds back the rest", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (given) => {
        const queue = queueWith(given.map(({ fate }) => fate));
        const errors = await sendInOrder(queue, messages(given.map(({ group }) => group)));
        for (const group of ["a", "b", "c"]) {
          const own = given.map((one, index) => ({ ...one, index })).filter((one) => one.group === group);
          const lost = own.findIndex(({ fate }) => fate === "lost");
          const tried = lost < 0 ? own : own.slice(0, lost);
          const expected = tried.filter(({ fate }) => fate === "taken").map(({ index }) => String(index));
          expect(queue.taken.filter((body) => given[Number(body)]?.group === group)).toEqual(expected);
          for (const { index } of lost < 0 ? [] : own.slice(lost)) expect(errors[index]?.isRefused).toBe(false);
        }
      }),
    );
  });

  it("never has two messages of a group in one call, nor more than SQS takes", async () => {
    const queue = queueWith([]);
    const groups = [...Array.from({ length: 25 }, (_, index) => `g-${index}`), "g-0", "g-0", "g-1"];
    await sendInOrder(queue, messages(groups));
    for (const call of queue.calls) {
      expect(new Set(call).size).toBe(call.length);
      expect(call.length).toBeLessThanOrEqual(10);
    }
    expect(queue.calls.map((call) => call.length)).toEqual([10, 10, 5, 2, 1]);
  });

  it("does nothing for nothing", async () => {
    const queue = queueWith([]);
    expect(await sendInOrder(queue, [])).toEqual([]);
    expect(queue.calls).toEqual([]);
  });
});
