import { describe, expect, it } from "@jest/globals";
import { intentIdFor, readIntentId } from "../../../../core/channels/intent-id.ts";
import type { Steps } from "../../../../core/channels/steps.ts";
import { confirmationOf } from "../../../../core/aws/outgoing-messages.ts";
import { parseMessage } from "../../../../core/transaction/message.ts";
import { rowStateOf } from "../../../../core/transaction/row/row-state.ts";
import { reopenedSteps, stepsOf, writeSteps } from "../../../../core/transaction/row/steps.ts";
import { number, text, transactionRow } from "../../../support/rows.ts";

const STEPS: Steps = {
  version: 1,
  plan: "all",
  revision: 3,
  done: [
    { channel: "web", result: "delivered", at: 5, attempts: 2, why: "web: first", response: "{}", messageId: "m" },
    { channel: "phone", result: "failed", at: 6, attempts: 1, class: "recipient", error: "no such number" },
    { channel: "mail", result: "skipped", at: 7, attempts: 0, error: "amount" },
  ],
  current: {
    channel: "queue",
    why: "queue: last",
    from: 3,
    intent: { id: "dC0x-1-abc", at: 9, isSent: true },
    result: { kind: "failed", class: "service", error: "500" },
  },
};

describe("steps on a row", () => {
  it("are read as they were written, at the next revision", () => {
    expect(stepsOf(transactionRow({ steps: writeSteps(STEPS) }))).toEqual({ ...STEPS, revision: 4 });
    expect(rowStateOf(transactionRow({ steps: writeSteps(STEPS) })).steps?.revision).toBe(4);
  });

  it.each([
    ["another version", transactionRow({ version: number(2), steps: writeSteps(STEPS) })],
    ["a text", transactionRow({ steps: text("x") })],
    ["without a revision", transactionRow({ steps: { M: { version: number(1) } } })],
    ["none", transactionRow()],
  ])("are none: %s", (_, row) => {
    expect(stepsOf(row)).toBeUndefined();
    expect(rowStateOf(row)).not.toHaveProperty("steps");
  });

  it("leave out entries of another shape", () => {
    const M = {
      ...writeSteps(STEPS).M,
      done: { L: [{ S: "x" }, { M: { channel: text("web") } }] },
      current: text("x"),
    };
    expect(stepsOf(transactionRow({ steps: { M } }))).toEqual({ version: 1, plan: "all", revision: 4, done: [] });
  });

  it("that are opened again keep what was delivered alone", () => {
    expect(reopenedSteps(STEPS)).toEqual({ version: 1, plan: "all", revision: 3, done: [STEPS.done[0]] });
  });

  it("make messages that programs without them leave alone", () => {
    const message = { transactionId: "t-1", version: 1, release: 2 };
    const schemaOf = (row: ReturnType<typeof transactionRow>) =>
      (JSON.parse(confirmationOf(row, message, "transaction").body) as { schema: number }).schema;
    expect(schemaOf(transactionRow())).toBe(1);
    expect(schemaOf(transactionRow({ steps: writeSteps(STEPS) }))).toBe(2);
    expect(parseMessage('{"schema":2,"transactionId":"t","version":1,"release":0}')).toEqual({
      kind: "message",
      message: { transactionId: "t", version: 1, release: 0, hasSteps: true },
    });
    expect(parseMessage('{"schema":3,"transactionId":"t","version":1,"release":0}')).toMatchObject({
      kind: "newer schema",
    });
  });
});

describe("the name of a send", () => {
  it.each(["t-1", "01JD-çõ 一", "-", "a".repeat(160)])("says of which transaction it is: %s", (transactionId) => {
    const id = intentIdFor({ transactionId, version: 12 }, 1_764_000_000_000, 0.999);
    expect(id).toMatch(/^[\w-]{1,256}$/);
    expect(readIntentId(id)).toEqual({ transactionId, version: 12 });
  });

  it("differs from send to send", () => {
    const target = { transactionId: "t-1", version: 1 };
    expect(intentIdFor(target, 1, 0.5)).not.toBe(intentIdFor(target, 1, 0.6));
    expect(intentIdFor(target, 1, 0.5)).not.toBe(intentIdFor(target, 2, 0.5));
    expect(intentIdFor(target, 1, 0.5, 3)).not.toBe(intentIdFor(target, 1, 0.5, 4));
  });

  it.each([
    "",
    "x",
    "dC0x-0-abc",
    "dC0x-1",
    "!!-1-abc",
    "d-1-abc",
    intentIdFor({ transactionId: "a".repeat(161), version: 1 }, 1, 0),
  ])("is none of ours, or names nobody: %s", (id) => {
    expect(readIntentId(id)).toBeUndefined();
  });
});
