import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Channel } from "../../../core/channels/channel.ts";
import { channelsAttribute, channelsOf } from "../../../core/merchant/channels.ts";
import { isUnchanged, type Merchant, parseMerchant } from "../../../core/merchant/merchant.ts";
import type { AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { type Changes, merchantRow, number, text } from "../../support/rows.ts";

const ARN = "arn:aws:sns:sa-east-1:123456789012:confirmed";
const ALL: readonly Channel[] = [
  { id: "web", kind: "webhook", url: "https://merchant.example/second", retryScheduleSeconds: [5, 60] },
  {
    id: "phone",
    kind: "sms",
    to: "+5511987654321",
    template: "confirmed",
    language: "pt-BR",
    onUncertain: "give up",
    receipt: { withinSeconds: 600 },
    when: {
      amount: { min: "1000", max: "5000.50" },
      currencies: ["BRL"],
      outcomes: ["APPROVED"],
      hours: { from: "22:00", to: "06:00", zone: "America/Sao_Paulo", days: [1, 5] },
      health: { channel: "web", is: "open" },
      consent: { given: true, at: 1_790_000_000_000, by: "ops" },
    },
  },
  { id: "chat", kind: "whatsapp", to: "payload.customer.phone", template: "order_confirmed" },
  { id: "mail", kind: "email", to: "shop@merchant.example", template: "confirmed" },
  { id: "queue", kind: "sqs", queueUrl: "https://sqs.sa-east-1.amazonaws.com/123456789012/confirmed.fifo" },
  { id: "topic", kind: "sns", topicArn: ARN },
  { id: "bus", kind: "eventbridge", eventBusArn: "arn:aws:events:sa-east-1:123456789012:event-bus/partners" },
];

const faultsOf = (changes: Changes): string[] => {
  const parsed = parseMerchant(merchantRow(changes));
  return "faults" in parsed ? parsed.faults : [];
};
const parsed = (changes: Changes): Merchant => {
  const result = parseMerchant(merchantRow(changes));
  if ("faults" in result) throw new Error(result.faults.join("; "));
  return result.merchant;
};
const one = (members: Readonly<Record<string, AttributeValue>>): AttributeValue => ({
  L: [{ M: { id: text("mail"), kind: text("email"), to: text("a@b.example"), template: text("t"), ...members } }],
});

describe("a merchant's channels", () => {
  it("are read from its row as they were written to it, of each kind and with each condition", () => {
    const { channels, plan } = parsed({ channels: channelsAttribute(ALL), plan: text("all") });
    expect(channels).toEqual(ALL);
    expect(plan).toBe("all");
  });

  it("are none where the row says nothing of them, whatever its plan", () => {
    const merchant = parsed({ plan: text("all") });
    expect(merchant).not.toHaveProperty("channels");
    expect(merchant).not.toHaveProperty("plan");
  });

  it.each<[string, AttributeValue, string]>([
    ["no list", text("mail"), "channels: Invalid input: expected array"],
    ["an empty list", { L: [] }, "channels: Too small"],
    ["another kind", one({ kind: text("fax") }), "channels/0/kind: Invalid"],
    ["another member", one({ phone: text("1") }), 'channels/0: Unrecognized key: "phone"'],
    ["an id in capitals", one({ id: text("Mail") }), "channels/0/id: expected 1 to 32 lower-case letters"],
    ["no address", one({ to: text("shop") }), "channels/0/to: expected an address such as"],
    ["an address with a line break", one({ to: text("a@b.example\r\nbcc: c@d.example") }), "channels/0/to: expected"],
    ["a template that is no name", one({ template: text("a b") }), "channels/0/template: expected the name"],
    [
      "a wait of nothing",
      one({ retryScheduleSeconds: { L: [number(0)] } }),
      "channels/0/retryScheduleSeconds/0: Too small",
    ],
    [
      "a largest amount below the smallest",
      one({ when: { M: { amount: { M: { min: text("10"), max: text("9.99") } } } } }),
      "channels/0/when/amount/max: expected a decimal that is not below min",
    ],
    [
      "an address that no mail can be sent to",
      one({ to: text(`${"a".repeat(65)}@b.example`) }),
      "channels/0/to: expected an address such as",
    ],
    [
      "an amount as a number",
      one({ when: { M: { amount: { M: { min: number(1) } } } } }),
      "channels/0/when/amount/min",
    ],
    [
      "a time after the last",
      one({ when: { M: { hours: { M: { from: text("08:00"), to: text("24:00"), zone: text("UTC") } } } } }),
      "channels/0/when/hours/to: expected a time of day",
    ],
    [
      "no zone",
      one({ when: { M: { hours: { M: { from: text("08:00"), to: text("20:00"), zone: text("Mars/Olympus") } } } } }),
      "channels/0/when/hours/zone: expected a zone of the IANA database",
    ],
    [
      "the health of a channel that is none of these",
      one({ when: { M: { health: { M: { channel: text("web"), is: text("open") } } } } }),
      "channels/0/when/health/channel: expected the id of one of these channels",
    ],
  ])("are refused with %s", (_, channels, expected) => {
    expect(faultsOf({ channels })).toEqual([expect.stringContaining(expected)]);
  });

  it("may have a largest amount below nothing, as money that is paid back has", () => {
    expect(faultsOf({ channels: one({ when: { M: { amount: { M: { max: text("-100") } } } } }) })).toEqual([]);
  });

  it("are refused with all that is wrong at once", () => {
    const channels: AttributeValue = {
      L: [
        { M: { id: text("a"), kind: text("sms"), to: text("11987654321"), template: text("t") } },
        { M: { id: text("a"), kind: text("webhook"), when: { M: { health: { M: { channel: text("b") } } } } } },
      ],
    };
    expect(faultsOf({ channels, plan: text("any"), maxConcurrency: number(0) }).toSorted()).toEqual([
      expect.stringMatching(/^channels\/0\/to: expected a phone number in E.164/),
      expect.stringMatching(/^channels\/1\/id: expected an id that no channel before it has/),
      expect.stringMatching(/^channels\/1\/when\/health\/channel: expected the id of one/),
      expect.stringMatching(/^channels\/1\/when\/health\/is: Invalid option/),
      expect.stringMatching(/^maxConcurrency: /),
      expect.stringMatching(/^plan: Invalid option/),
    ]);
  });

  it("are something new to a merchant that is looked at again", () => {
    const before = parsed({ channels: channelsAttribute(ALL) });
    expect(isUnchanged(before, parsed({ channels: channelsAttribute(ALL) }))).toBe(true);
    expect(isUnchanged(before, parsed({ channels: channelsAttribute(ALL), plan: text("all") }))).toBe(false);
    expect(isUnchanged(before, parsed({ channels: channelsAttribute(ALL.slice(0, 3)) }))).toBe(false);
    expect(isUnchanged(before, parsed({}))).toBe(false);
    expect(isUnchanged(parsed({}), before)).toBe(false);
  });

  it("come back as they were written, whatever is in them", () => {
    const consent = fc.record({ given: fc.boolean(), at: fc.nat(), by: fc.stringMatching(/^[ -~]{1,40}$/) });
    const channel = fc.record(
      {
        kind: fc.constant("email" as const),
        to: fc.constantFrom("a@b.example", "payload.a.b"),
        template: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
        retryScheduleSeconds: fc.array(fc.integer({ min: 1, max: 604_800 }), { maxLength: 5 }),
        when: fc.record({ consent, outcomes: fc.constant(["APPROVED"]) }, { requiredKeys: [] }),
      },
      { requiredKeys: ["kind", "to", "template"] },
    );
    fc.assert(
      fc.property(fc.array(channel, { minLength: 1, maxLength: 10 }), (drawn) => {
        const channels = drawn.map((members, index): Channel => ({ id: `c${index}`, ...members }));
        expect(channelsOf(channelsAttribute(channels))).toEqual(channels);
      }),
    );
  });
});
