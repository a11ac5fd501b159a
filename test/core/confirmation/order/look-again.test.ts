import { expect, it } from "@jest/globals";
import { ordered } from "../../../../core/confirmation/order/ordered.ts";
import type { QueueStrategy } from "../../../../core/confirmation/order/strategy.ts";
import { unordered } from "../../../../core/confirmation/order/unordered.ts";
import { NOW, received } from "../../../support/jobs.ts";

const well = { isOutage: false, hasRoom: true };

it.each<[string, QueueStrategy, typeof well, number, object]>([
  ["soon, in its share", unordered, well, 1, { kind: "give back", seconds: 5, isInShare: true }],
  ["ever later, in its share", unordered, well, 5, { kind: "give back", seconds: 80, isInShare: true }],
  ["soon beyond the share", unordered, { ...well, hasRoom: false }, 9, { seconds: 60, isInShare: false }],
  ["soon in an outage, of which it has no share", unordered, { ...well, isOutage: true }, 9, { isInShare: false }],
  ["from its place, in order", ordered, well, 1, { kind: "give back until", until: NOW + 5625 }],
  ["from its place, in order, half as often", ordered, well, 100, { kind: "give back until", until: NOW + 11_250 }],
])("a message about which nothing could be learnt is looked at %s", (_, strategy, trouble, receiveCount, fate) => {
  expect(strategy.lookAgain(received({ receiveCount }), trouble, { now: NOW, random: 0.5 })).toMatchObject(fate);
});
