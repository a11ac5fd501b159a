import { PinpointSMSVoiceV2Client } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import type { ChannelOf } from "../../../core/channels/channel.ts";
import { SmsSender } from "../../../core/channels/sms-sender.ts";
import type { Template } from "../../../core/channels/templates/template.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { LIMITS, messageFor, wordOf } from "./channel-message.ts";
import { jsonError, ServiceServer } from "./service-server.ts";

const LONG_MS = 30_000;
const CHANNEL: ChannelOf<"sms"> = { id: "sms", kind: "sms", to: "payload.phone", template: "paid" };
const TEMPLATE: Template = {
  kind: "sms",
  name: "paid",
  language: "es",
  content: { kind: "sms", text: "{{outcome}}: {{amount}} {{currency}}" },
};

let server: ServiceServer;
const spent = { taken: 0, givenBack: 0, isOver: false, isBroken: false };
const counted: string[] = [];
const warned: string[] = [];

beforeAll(async () => {
  server = await ServiceServer.start();
});
beforeEach(() => {
  Object.assign(spent, { taken: 0, givenBack: 0, isOver: false, isBroken: false });
  for (const list of [counted, warned, server.asked]) list.length = 0;
  server.behaviour = { status: 200, body: JSON.stringify({ MessageId: "sms-7" }) };
});
afterAll(() => server.close());

function sender(changed: { readonly template?: Template; readonly endpoint?: string } = {}): SmsSender {
  const connection = { ...server.connection, ...(changed.endpoint !== undefined && { endpoint: changed.endpoint }) };
  return new SmsSender({
    countries: ["MX"],
    originationIdentity: "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
    configurationSetName: "confirmation-receipts",
    maximumPriceUsd: 0.1,
    cap: {
      take: () => {
        if (spent.isBroken) return Promise.reject(new Error("the table is away"));
        if (spent.isOver) return Promise.resolve(undefined);
        spent.taken += 1;
        return Promise.resolve({ item: "i", micros: 1 });
      },
      giveBack: () => {
        spent.givenBack += 1;
        return spent.isBroken ? Promise.reject(new Error("the table is away")) : Promise.resolve();
      },
    },
    templates: { find: ({ name }) => Promise.resolve(name === "paid" ? (changed.template ?? TEMPLATE) : undefined) },
    client: boundedClient(PinpointSMSVoiceV2Client, LIMITS, connection),
    count: (metric) => counted.push(metric),
    warn: (message) => warned.push(message),
  });
}

const send = (channel: Partial<ChannelOf<"sms">> = {}, deadlineMs = LONG_MS, made = sender()) =>
  made.send(messageFor({ ...CHANNEL, ...channel }), deadlineMs);

describe("an SMS", () => {
  it("has the template's text, what it may cost, and what its receipt is known by", async () => {
    expect(await send()).toMatchObject({ kind: "outcome", messageId: "sms-7" });
    expect(JSON.parse(server.asked[0]?.body ?? "{}")).toStrictEqual({
      DestinationPhoneNumber: "+525512345678",
      OriginationIdentity: "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
      MessageBody: "ACCEPTED: 12.50 MXN",
      MessageType: "TRANSACTIONAL",
      ConfigurationSetName: "confirmation-receipts",
      MaxPrice: "0.10000",
      TimeToLive: 86_400,
      Context: { "confirmation-intent": "intent-1" },
    });
    expect(spent).toMatchObject({ taken: 1, givenBack: 0 });
  });

  it.each([
    [3600, 3600],
    [1, 5],
    [600_000, 259_200],
  ])("whose receipt must come within %i s is tried for %i s by carriers", async (withinSeconds, timeToLive) => {
    await send({ receipt: { withinSeconds } });
    expect(JSON.parse(server.asked[0]?.body ?? "{}")).toMatchObject({ TimeToLive: timeToLive });
  });

  it.each([
    ["to no number at all", { to: "payload.nothing" }, "recipient"],
    ["to what is no number", { to: "+52551" }, "recipient"],
    ["to a country that is not listed", { to: "+34612345678" }, "recipient"],
    ["of a template that is not there", { template: "unknown" }, "template"],
  ])("%s asks nobody and costs nothing: %s", async (_, channel, word) => {
    expect(wordOf(await send(channel))).toBe(word);
    expect(server.asked).toHaveLength(0);
    expect(spent.taken).toBe(0);
  });

  it("of a template that names what is not there is not sent", async () => {
    const template: Template = { ...TEMPLATE, content: { kind: "sms", text: "{{payload.folio}}" } };
    const outcome = await send({}, LONG_MS, sender({ template }));
    expect(wordOf(outcome)).toBe("template");
    expect(JSON.stringify(outcome)).toContain("payload.folio");
  });

  it("that would cost too much this month waits, and is counted", async () => {
    spent.isOver = true;
    expect(await send()).toMatchObject({ kind: "not sent", waitSeconds: 3600 });
    expect(counted).toStrictEqual([METRICS.smsOverCap]);
    expect(server.asked).toHaveLength(0);
  });

  it("waits while nobody can count what it costs", async () => {
    spent.isBroken = true;
    expect(await send()).toMatchObject({ kind: "not sent", waitSeconds: 30 });
    expect(server.asked).toHaveLength(0);
  });

  it.each([
    ["ConflictException", { Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT" }, 400, "recipient"],
    ["ConflictException", { Reason: "DESTINATION_PHONE_NUMBER_NOT_VERIFIED" }, 400, "not sent"],
    ["ConflictException", { Reason: "NO_ORIGINATION_IDENTITIES_FOUND" }, 400, "not sent"],
    ["ValidationException", { Reason: "DESTINATION_COUNTRY_BLOCKED" }, 400, "recipient"],
    ["ValidationException", { Reason: "COUNTRY_NOT_ENABLED" }, 400, "recipient"],
    ["ValidationException", { Reason: "PRICE_OVER_THRESHOLD" }, 400, "template"],
    ["ValidationException", { Reason: "MAXIMUM_SIZE_EXCEEDED" }, 400, "template"],
    [
      "ValidationException",
      { Reason: "INVALID_PARAMETER", Fields: [{ Name: "DestinationPhoneNumber", Message: "no" }] },
      400,
      "recipient",
    ],
    [
      "ValidationException",
      { Reason: "INVALID_PARAMETER", Fields: [{ Name: "MessageBody", Message: "no" }] },
      400,
      "template",
    ],
    ["ValidationException", { Reason: "SENDER_ID_NOT_REGISTERED" }, 400, "not sent"],
    ["ServiceQuotaExceededException", { Reason: "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT" }, 400, "not sent"],
    ["AccessDeniedException", { Reason: "ACCOUNT_DISABLED" }, 400, "not sent"],
    ["ResourceNotFoundException", { ResourceType: "pool", ResourceId: "pool-1" }, 400, "not sent"],
    ["ThrottlingException", {}, 400, "service"],
    ["InternalServerException", {}, 500, "service"],
  ])("that is answered with %s %j (%i) is given back: %s", async (name, more, status, word) => {
    server.behaviour = jsonError(name, status, { Message: "so it is", ...more });
    expect(wordOf(await send())).toBe(word);
    expect(server.asked).toHaveLength(1);
    expect(spent).toMatchObject({ taken: 1, givenBack: 1 });
  });

  it.each([
    ["nothing until the deadline", "hang" as const, 300],
    ["the end of the connection", "cut" as const, LONG_MS],
    ["something that is not the service", { status: 502, body: "<html>bad gateway</html>" }, LONG_MS],
  ])("that is answered with %s may have been sent, and stays counted", async (_, behaviour, deadlineMs) => {
    server.behaviour = behaviour;
    expect(wordOf(await send({}, deadlineMs))).toBe("uncertain");
    expect(server.asked).toHaveLength(1);
    expect(spent).toMatchObject({ taken: 1, givenBack: 0 });
  });

  it("that nobody took, as the service cannot be reached, was not sent", async () => {
    expect(wordOf(await send({}, LONG_MS, sender({ endpoint: "http://127.0.0.1:9" })))).toBe("service");
    expect(spent).toMatchObject({ taken: 1, givenBack: 1 });
  });
});
