import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readEvent } from "../../../lambdas/receive-receipts/read-event.ts";

const NOW = 1_800_000_000_000;
const INTENT = "dC0x-3-abc";
const read = (event: unknown) => readEvent(JSON.stringify(event), NOW);

/** As the Developer Guide of SES shows them, with a tag of ours. */
const ses = (eventType: string, more: object, tags: object = { "confirmation-intent": [INTENT] }) => ({
  eventType,
  mail: {
    timestamp: "2017-08-05T00:40:02.012Z",
    source: "Sender Name <sender@example.com>",
    sourceArn: "arn:aws:ses:us-east-1:123456789012:identity/sender@example.com",
    sendingAccountId: "123456789012",
    messageId: "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
    destination: ["recipient@example.com"],
    headersTruncated: false,
    headers: [{ name: "From", value: "Sender Name <sender@example.com>" }],
    commonHeaders: { from: ["Sender Name <sender@example.com>"], to: ["recipient@example.com"] },
    tags: { "ses:configuration-set": ["ConfigSet"], "ses:source-ip": ["192.0.2.0"], ...tags },
  },
  ...more,
});
const bounce = (bounceType: string, bounceSubType: string, diagnosticCode = "smtp; 550 5.1.1 user unknown") =>
  ses("Bounce", {
    bounce: {
      bounceType,
      bounceSubType,
      bouncedRecipients: [{ emailAddress: "recipient@example.com", action: "failed", status: "5.1.1", diagnosticCode }],
      timestamp: "2017-08-05T00:41:02.669Z",
      feedbackId: "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
      reportingMTA: "dsn; mta.example.com",
    },
  });
const delivered = { kind: "delivered", messageId: "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000" };
const receipts = (result: object, more: object = {}) => ({
  kind: "receipts",
  channel: "email",
  receipts: [{ intentId: INTENT, result, at: NOW }],
  ...more,
});

describe("an event of SES", () => {
  it("says that a mail arrived", () => {
    const delivery = { timestamp: "2016-10-19T23:21:04.133Z", recipients: ["recipient@example.com"] };
    expect(read(ses("Delivery", { delivery }))).toEqual(receipts(delivered));
  });

  it("says that it arrived where somebody complains of it, and that he does", () => {
    const complaint = { complainedRecipients: [{ emailAddress: "recipient@example.com" }], timestamp: "2017-08-05" };
    expect(read(ses("Complaint", { complaint }))).toEqual(receipts(delivered, { isComplaint: true }));
  });

  it.each([
    ["Permanent", "General", "recipient"],
    ["Permanent", "Suppressed", "recipient"],
    ["Permanent", "OnAccountSuppressionList", "recipient"],
    ["Undetermined", "Undetermined", "recipient"],
    ["Transient", "MailboxFull", "service"],
    ["Transient", "MessageTooLarge", "template"],
    ["Transient", "ContentRejected", "template"],
  ])("says whose fault a bounce is: %s/%s", (type, subType, failureClass) => {
    expect(read(bounce(type, subType))).toEqual(
      receipts({
        kind: "failed",
        class: failureClass,
        error: `bounce ${type}/${subType} smtp; 550 5.1.1 user unknown`,
      }),
    );
  });

  it("is told without the address that it is about, and short", () => {
    const event = read(bounce("Permanent", "General", `550 <ana@acme.example> is unknown ${"x".repeat(1000)}`));
    const result = event.kind === "receipts" ? event.receipts[0]?.result : undefined;
    const error = result?.kind === "failed" ? result.error : "";
    expect(error).toContain("550 <a…@acme.example> is unknown");
    expect(error.length).toBeLessThanOrEqual(300);
  });

  it("says that SES rejected it", () => {
    expect(read(ses("Reject", { reject: { reason: "Bad content" } }))).toEqual(
      receipts({ kind: "failed", class: "template", error: "rejected by SES: Bad content" }),
    );
  });

  it.each(["Send", "DeliveryDelay", "Open", "Click", "Subscription"])("is nothing to wait for: %s", (type) => {
    expect(read(ses(type, {}))).toEqual({ kind: "ignored", type });
  });

  it("is foreign without a tag of ours", () => {
    expect(read(ses("Delivery", { delivery: { timestamp: "2016-10-19" } }, {}))).toEqual({
      kind: "foreign",
      type: "Delivery",
    });
  });
});

/** As the User Guide of AWS End User Messaging SMS shows it. */
const sms = (eventType: string, more: object = {}) => ({
  eventType,
  eventVersion: "1.0",
  eventTimestamp: 1686975103470,
  isFinal: true,
  originationPhoneNumber: "+12065550152",
  destinationPhoneNumber: "+14255550156",
  isInternationalSend: false,
  messageId: "862a8790-60c0-4430-9b2b-658bdexample",
  messageStatus: "X",
  messageStatusDescription: "said of +1 425 555 0156",
  context: { "confirmation-intent": INTENT },
  totalMessageParts: 1,
  totalMessagePrice: 0.09582,
  ...more,
});

describe("an event of SMS", () => {
  it.each(["TEXT_DELIVERED", "TEXT_SUCCESSFUL"])("says that it arrived: %s", (type) => {
    expect(read(sms(type))).toEqual(
      receipts({ kind: "delivered", messageId: "862a8790-60c0-4430-9b2b-658bdexample" }, { channel: "sms" }),
    );
  });

  it.each([
    ["TEXT_INVALID", "recipient"],
    ["TEXT_BLOCKED", "recipient"],
    ["TEXT_CARRIER_BLOCKED", "recipient"],
    ["TEXT_PROTECT_BLOCKED", "recipient"],
    ["TEXT_INVALID_MESSAGE", "template"],
    ["TEXT_SPAM", "template"],
    ["TEXT_UNREACHABLE", "service"],
    ["TEXT_CARRIER_UNREACHABLE", "service"],
    ["TEXT_TTL_EXPIRED", "service"],
    ["TEXT_UNKNOWN", "service"],
  ])("says whose fault it is that it did not: %s", (type, failureClass) => {
    expect(read(sms(type))).toEqual(
      receipts({ kind: "failed", class: failureClass, error: `${type} said of +1 …56` }, { channel: "sms" }),
    );
  });

  it("is nothing to wait for while it is on its way", () => {
    for (const event of [sms("TEXT_QUEUED"), sms("TEXT_PENDING"), sms("TEXT_SUCCESSFUL", { isFinal: false })])
      expect(read(event)).toEqual({ kind: "ignored", type: event.eventType });
  });

  it("is foreign without a context of ours", () => {
    expect(read(sms("TEXT_DELIVERED", { context: { account: "bar" } }))).toEqual({
      kind: "foreign",
      type: "TEXT_DELIVERED",
    });
  });
});

/** As the User Guide of AWS End User Messaging Social shows it, around an entry of the Cloud API. */
const whatsapp = (...statuses: readonly object[]) => ({
  context: {
    MetaWabaIds: [{ wabaId: "1234567890abcde", arn: "arn:aws:social-messaging:us-east-1:123456789012:waba/fb2594b8" }],
    MetaPhoneNumberIds: [{ metaPhoneNumberId: "abcde", arn: "arn:aws:social-messaging:us-east-1:123456789012:p/97" }],
  },
  whatsAppWebhookEntry: JSON.stringify({
    id: "365731266123456",
    changes: [
      {
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "12065550100", phone_number_id: "321010217712345" },
          statuses,
        },
        field: "messages",
      },
    ],
  }),
  aws_account_id: "123456789012",
  message_timestamp: "2025-01-08T23:30:43.271279391Z",
  messageId: "6d69f07a-c317-4278-9d5c-6a84078419ec",
});
const status = (name: string, more: object = {}) => ({
  id: "wamid.HBgL",
  status: name,
  timestamp: "1736379042",
  recipient_id: "12065550101",
  biz_opaque_callback_data: INTENT,
  ...more,
});

describe("an event of WhatsApp", () => {
  it.each(["delivered", "read"])("says that it arrived: %s", (name) => {
    expect(read(whatsapp(status(name)))).toEqual(
      receipts({ kind: "delivered", messageId: "wamid.HBgL" }, { channel: "whatsapp" }),
    );
  });

  it.each([
    [131026, "recipient"],
    [131030, "service"],
    [131051, "template"],
    [131050, "recipient"],
    [130472, "recipient"],
    [132001, "template"],
    [131000, "service"],
    [130429, "service"],
  ])("says whose fault it is that it did not: %i", (code, failureClass) => {
    const failed = status("failed", { errors: [{ code, title: "No", href: "https://example.com" }] });
    expect(read(whatsapp(failed))).toEqual(
      receipts({ kind: "failed", class: failureClass, error: `failed ${code} No` }, { channel: "whatsapp" }),
    );
  });

  it("may have several, of which each is one", () => {
    expect(read(whatsapp(status("delivered"), status("sent"), status("read")))).toMatchObject({
      receipts: [{ intentId: INTENT }, { intentId: INTENT }],
    });
  });

  it("is nothing to wait for where it was sent, or somebody wrote to the number", () => {
    expect(read(whatsapp(status("sent")))).toEqual({ kind: "ignored", type: "sent" });
    expect(read(whatsapp()).kind).toBe("ignored");
  });

  it("is foreign without data of ours", () => {
    expect(read(whatsapp(status("delivered", { biz_opaque_callback_data: undefined }))).kind).toBe("foreign");
  });
});

describe("any event", () => {
  it("is read out of an envelope of SNS as well", () => {
    const Message = JSON.stringify(sms("TEXT_DELIVERED"));
    const envelope = {
      Type: "Notification",
      TopicArn: "arn:aws:sns:eu-west-1:123456789012:confirmation-receipts",
      Message,
    };
    expect(read(envelope).kind).toBe("receipts");
  });

  it("is refused where it is no such event, and never thrown", () => {
    for (const body of ["", "null", "[]", "{}", '{"eventType":"Delivery","mail":1}', '{"whatsAppWebhookEntry":"{"}'])
      expect(readEvent(body, NOW).kind).toBe("unreadable");
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(readEvent(body, NOW).kind).toMatch(/^(?:unreadable|ignored|foreign)$/);
      }),
    );
  });
});
