import { expect, it } from "@jest/globals";
import { decide } from "../../../../core/confirmation/decide/decide.ts";
import { ordered } from "../../../../core/confirmation/order/ordered.ts";
import { unordered } from "../../../../core/confirmation/order/unordered.ts";
import { received } from "../../../support/jobs.ts";

const UNREADABLE = { kind: "unreadable", reason: "The body is not JSON." } as const;
const NEWER = { kind: "newer schema", schema: 2 } as const;
const LEFT = { kind: "let go", send: undefined, fate: { kind: "give back", seconds: 30 } };
const QUARANTINED = { kind: "quarantine", record: undefined, fate: { kind: "delete" } };

it.each([
  ["unreadable", UNREADABLE, unordered, 1, QUARANTINED],
  ["unreadable, in order", UNREADABLE, ordered, 1, QUARANTINED],
  ["of a newer schema", NEWER, unordered, 1, LEFT],
  ["of a newer schema, the last time", NEWER, unordered, 19, LEFT],
  ["of a newer schema that nobody knows", NEWER, unordered, 20, QUARANTINED],
  ["of a newer schema, behind others", NEWER, ordered, 399, LEFT],
  ["of a newer schema that nobody knows, behind others", NEWER, ordered, 400, QUARANTINED],
])("a message that is %s", (_, parsed, strategy, receiveCount, expected) => {
  expect(decide.message(parsed, received({ receiveCount }), strategy)).toMatchObject(expected);
});

it("a message that is quarantined goes as it came, with the reason", () => {
  const { send } = decide.message(UNREADABLE, received(), unordered);
  expect(send).toEqual({
    kind: "unreadable",
    failure: { code: "message_unreadable", fault: "pipeline", reason: "The body is not JSON." },
  });
});
