import { expect, test } from "@jest/globals";
import { poisonMessages } from "../../../tools/chaos/plan/poison-message.ts";
import { parseMessage } from "../../../core/transaction/message.ts";
import { seededRandom } from "../../../local/demo/seeded-random.ts";

const KNOWN = [{ transactionId: "t-1", version: 2 }];

test("poison messages are of every kind that a worker tells apart", () => {
  const kinds = poisonMessages(KNOWN, "p", seededRandom(1)).map(({ body }) => parseMessage(body).kind);
  expect(new Set(kinds)).toEqual(new Set(["unreadable", "newer schema", "message"]));
});

test("each is in a group of its own, and names itself or a transaction that exists", () => {
  const messages = poisonMessages(KNOWN, "poison-1", seededRandom(1));
  expect(new Set(messages.map(({ groupId }) => groupId)).size).toBe(messages.length);
  for (const { body } of messages) expect(body).toMatch(/poison-1|"t-1"/);
});

test("some can be made when nothing was written yet", () => {
  expect(poisonMessages([], "p", seededRandom(1)).length).toBeGreaterThan(10);
});

test("a forged mark of a dead letter says which transaction it would put back", () => {
  const messages = poisonMessages(KNOWN, "p", seededRandom(1));
  expect(messages.flatMap(({ reopens }) => reopens ?? [])).toEqual(["t-1"]);
});
