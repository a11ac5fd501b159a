import { describe, expect, it } from "@jest/globals";
import { boundFaults, type ChannelBounds } from "../../../core/channels/channel-bounds.ts";
import { type Channel, SENT_KINDS } from "../../../core/channels/channel.ts";

const bounds: ChannelBounds = {
  kinds: SENT_KINDS,
  smsCountries: ["BR"],
  queueArns: ["arn:aws:sqs:eu-west-1:123456789012:orders.fifo"],
  topicArns: ["arn:aws:sns:eu-west-1:123456789012:orders"],
  eventBusArns: ["arn:aws:events:eu-west-1:123456789012:event-bus/orders"],
  ownQueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/confirmations",
};
const faults = (channel: object, more: Partial<ChannelBounds> = {}) =>
  boundFaults([{ id: "one", ...channel } as Channel], { ...bounds, ...more }).map(
    ({ path, detail }) => `${path.join("/")}: ${detail}`,
  );
const phone = (to: string, kind = "sms") => ({ kind, to, template: "confirmed" });
const queue = (queueUrl: string) => ({ kind: "sqs", queueUrl });

describe("the bounds of a deployment", () => {
  it.each<[string, object]>([
    ["a webhook, whatever the kinds", { kind: "webhook" }],
    ["a number of a country that is listed", phone("+5511987654321")],
    ["a number of any country for WhatsApp", phone("+4930901820", "whatsapp")],
    ["a number that the transaction brings along", phone("payload.customer.phone")],
    ["an address", { kind: "email", to: "shop@merchant.example", template: "confirmed" }],
    ["a queue that is listed", queue("https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo")],
    ["a topic that is listed", { kind: "sns", topicArn: bounds.topicArns[0] }],
    ["an event bus that is listed", { kind: "eventbridge", eventBusArn: bounds.eventBusArns[0] }],
  ])("take %s", (_, channel) => {
    expect(faults(channel)).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ["a number that there is not", phone("+5511000"), /^0\/to: .* there is no such phone number/],
    ["a number of another country", phone("+4930901820"), /^0\/to: .* numbers of DE are not among channels.sms.count/],
    ["a number that costs whoever calls it", phone("+449098790000", "whatsapp"), /^0\/to: .* none of a person/],
    [
      "a queue that is not listed",
      queue("https://sqs.eu-west-1.amazonaws.com/123456789012/other.fifo"),
      /channels.queueArns/,
    ],
    [
      "a queue of that name elsewhere",
      queue("https://sqs.us-east-1.amazonaws.com/123456789012/orders.fifo"),
      /queueUrl/,
    ],
    [
      "a host that is none of SQS",
      queue("https://sqs.eu-west-1.amazonaws.com.evil.example/123456789012/orders.fifo"),
      /queueUrl/,
    ],
    ["a queue without TLS", queue("http://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo"), /queueUrl/],
    ["a topic that is not listed", { kind: "sns", topicArn: `${bounds.topicArns[0]}-2` }, /channels.topicArns/],
    ["an event bus that is not listed", { kind: "eventbridge", eventBusArn: "arn:x" }, /channels.eventBusArns/],
  ])("refuse %s", (_, channel, expected) => {
    expect(faults(channel)).toEqual([expect.stringMatching(expected)]);
  });

  it("refuse a kind that the settings do not have, by name", () => {
    expect(faults(phone("+5511987654321"), { kinds: ["email"] })).toEqual([
      "0/kind: got sms, expected one of webhook, email (channels.kinds)",
    ]);
    expect(faults(phone("+5511987654321"), { kinds: [] })).toEqual([
      "0/kind: got sms, expected webhook, as no other is configured (channels.kinds)",
    ]);
  });

  it("take a queue at the host of the pipeline's own, where that is not AWS", () => {
    const local = { ownQueueUrl: "http://127.0.0.1:4566/000000000000/confirmations" };
    expect(faults(queue("http://127.0.0.1:4566/123456789012/orders.fifo"), local)).toEqual([]);
    expect(faults(queue("http://127.0.0.1:4567/123456789012/orders.fifo"), local)).toHaveLength(1);
  });

  it("name each fault at once", () => {
    const channels = [phone("+5511000"), queue("https://other.example/123456789012/orders.fifo")] as never;
    expect(boundFaults(channels, bounds).map(({ path }) => path)).toEqual([
      [0, "to"],
      [1, "queueUrl"],
    ]);
  });
});
