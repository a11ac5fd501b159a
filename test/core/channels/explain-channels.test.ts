import { describe, expect, it } from "@jest/globals";
import type { Channel } from "../../../core/channels/channel.ts";
import type { ChannelsInQuestion } from "../../../core/channels/choose-channel.ts";
import { explainChannels, ONLY_WEBHOOK } from "../../../core/channels/explain-channels.ts";

const channels: readonly Channel[] = [
  { id: "web", kind: "webhook" },
  { id: "mail", kind: "email", to: "a@b.example", template: "t", when: { amount: { min: "1000" } } },
  {
    id: "late",
    kind: "email",
    to: "c@b.example",
    template: "t",
    when: { hours: { from: "20:00", to: "21:00", zone: "UTC" } },
  },
];
const explained = (more: Partial<ChannelsInQuestion> = {}) =>
  explainChannels({
    channels,
    plan: "fallback",
    transaction: { amount: "12.50", currency: "EUR", outcome: "APPROVED" },
    steps: undefined,
    healthOf: () => "closed",
    now: Date.parse("2026-11-30T12:00Z"),
    ...more,
  });

describe("the explanation of a choice", () => {
  it("says of each channel what it is, and why", () => {
    expect(explained()).toEqual({
      kind: "use",
      plan: "fallback",
      why: "web: it has no conditions",
      channel: "web",
      channels: [
        { id: "web", kind: "webhook", state: "used", why: "web: it has no conditions" },
        {
          id: "mail",
          kind: "email",
          state: "not reached",
          why: "web comes first; as things are, amount 12.50 EUR is below 1000",
        },
        { id: "late", kind: "email", state: "not reached", why: expect.stringContaining("outside 20:00 to 21:00") },
      ],
    });
  });

  it("goes on from what is recorded", () => {
    const web = { channel: "web", result: "failed", at: 1, attempts: 8, error: "status 500" } as const;
    const steps = { version: 1, done: [web] } as never;
    const { kind, until, channels: each } = explained({ steps });
    expect([kind, until]).toEqual(["wait", Date.parse("2026-11-30T20:00Z")]);
    expect(each.map(({ id, state, why }) => [id, state, why])).toEqual([
      ["web", "failed", "status 500"],
      ["mail", "left out", "amount 12.50 EUR is below 1000"],
      ["late", "waited for", expect.stringContaining("late is waited for: it is Monday 12:00 in UTC")],
    ]);
  });

  it("is of the webhook alone where a recipient has no channels", () => {
    expect(explained({ channels: ONLY_WEBHOOK })).toMatchObject({ kind: "use", channel: "webhook" });
  });
});
