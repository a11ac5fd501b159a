/** The stand-ins of SMS, WhatsApp and EventBridge, asked by the senders that ask the services. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from "@aws-sdk/client-pinpoint-sms-voice-v2";
import { SocialMessagingClient } from "@aws-sdk/client-socialmessaging";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import type { Channel } from "../../core/channels/channel.ts";
import { eventBusSender } from "../../core/channels/event-bus-sender.ts";
import { SmsSender } from "../../core/channels/sms-sender.ts";
import type { Template } from "../../core/channels/templates/template.ts";
import { WhatsAppSender } from "../../core/channels/whatsapp-sender.ts";
import { parseSettings } from "../../core/settings/settings.ts";
import { readEvent } from "../../lambdas/receive-receipts/read-event.ts";
import { type ControlServer, startControlServer } from "../../local/control/control-server.ts";
import { type Messaging, startMessaging } from "../../local/messaging/start-messaging.ts";
import { LIMITS, messageFor, wordOf } from "../core/channels/channel-message.ts";
import { EVERY_KIND } from "../core/settings/every-kind.ts";
import { until } from "../support/until.ts";

const LONG_MS = 30_000;
const TOPIC = "arn:aws:sns:us-east-1:000000000000:confirmation-receipts";
const TEMPLATES: Readonly<Record<string, Template>> = {
  sms: { kind: "sms", name: "paid", language: "es", content: { kind: "sms", text: "{{amount}}" } },
  whatsapp: {
    kind: "whatsapp",
    name: "paid",
    language: "es",
    content: { kind: "whatsapp", parameters: ["{{amount}}"] },
  },
};

let directory: string;
let control: ControlServer;
let messaging: Messaging | undefined;
let connection: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
const published: { readonly topic: string; readonly message: string }[] = [];
const queued: { readonly url: string; readonly body: string }[] = [];
const made: string[] = [];

/** Takes what the embedded servers would. */
const clients = {
  sns: {
    send: ({ input }: { input: Record<string, string> }) => {
      if (input["Name"] !== undefined) made.push(input["Name"]);
      else published.push({ topic: input["TopicArn"] ?? "", message: input["Message"] ?? "" });
      return Promise.resolve({});
    },
  },
  sqs: {
    send: ({ input }: { input: Record<string, string> }) => {
      if (input["QueueName"] !== undefined) made.push(input["QueueName"]);
      else queued.push({ url: input["QueueUrl"] ?? "", body: input["MessageBody"] ?? "" });
      return Promise.resolve({});
    },
  },
} as never;

const CONFIGURATION_SET = {
  logicalId: "Set",
  type: "AWS::SMSVOICE::ConfigurationSet",
  properties: {
    ConfigurationSetName: "confirmation-receipts",
    EventDestinations: [{ SnsDestination: { TopicArn: TOPIC } }],
  },
};

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "messaging-"));
  const { kinds, ...listed } = EVERY_KIND;
  messaging = startMessaging({
    settings: parseSettings({ channels: { ...listed, kinds: [...kinds] } }),
    stateDirectory: directory,
    resources: () => ({ ofType: (type: string) => (type === CONFIGURATION_SET.type ? [CONFIGURATION_SET] : []) }),
    clients: () => clients,
    queueUrl: (name) => `http://queues/${name}`,
    log: () => undefined,
  });
  control = await startControlServer({
    port: 0,
    secrets: () => ({}),
    kmsKeys: () => [],
    queueAge: () => Promise.resolve(undefined),
    invoke: () => Promise.resolve(undefined),
    ...(messaging !== undefined && { messaging: messaging.respond }),
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  connection = { endpoint: control.endpoint, region: "us-east-1", credentials };
});
beforeEach(() => {
  for (const list of [published, queued]) list.length = 0;
});
afterAll(async () => {
  await control.stop();
  rmSync(directory, { recursive: true, force: true });
});

const templates = { find: ({ kind }: { kind: string }) => Promise.resolve(TEMPLATES[kind]) };

function sendSms(to: string, deadlineMs = LONG_MS) {
  const sender = new SmsSender({
    countries: ["ES"],
    originationIdentity: EVERY_KIND.sms.originationIdentity,
    configurationSetName: "confirmation-receipts",
    maximumPriceUsd: 0.1,
    cap: { take: () => Promise.resolve({ item: "i", micros: 1 }), giveBack: () => Promise.resolve() },
    templates,
    client: boundedClient(PinpointSMSVoiceV2Client, LIMITS, connection),
    count: () => undefined,
    warn: () => undefined,
  });
  return sender.send(
    messageFor({ id: "sms", kind: "sms", to, template: "paid" }, { intentId: "dC0x-1-a" }),
    deadlineMs,
  );
}

function sendWhatsApp(to: string, deadlineMs = LONG_MS) {
  const sender = new WhatsAppSender({
    phoneNumberId: EVERY_KIND.whatsapp.phoneNumberId,
    templates,
    client: boundedClient(SocialMessagingClient, LIMITS, connection),
  });
  const channel = { id: "wa", kind: "whatsapp", to, template: "paid" } as Channel;
  return sender.send(messageFor(channel, { intentId: "dC0x-1-a" }), deadlineMs);
}

describe.each([
  ["SMS", sendSms, "sms"],
  ["WhatsApp", sendWhatsApp, "whatsapp"],
] as const)("%s on this machine", (_, send, kind) => {
  it.each([
    ["+34612345678", "delivered"],
    ["+34612345204", "delivered"],
    ["+34612345404", "delivered"],
    ["+34612345410", "recipient"],
    ["+34612345402", "not sent"],
    ["+34612345429", "service"],
    ["+34612345500", "service"],
  ])("to %s: %s", async (to, word) => {
    expect(wordOf(await send(to))).toBe(word);
  });

  it.each([
    ["says nothing", "+34612345408"],
    ["is late", "+34612345202"],
  ])("to a number that %s may have been sent", async (__, to) => {
    expect(wordOf(await send(to, 300))).toBe("uncertain");
  });

  it("publishes a receipt that the pipeline reads, with the id that was sent along", async () => {
    await send("+34612345678");
    await until(() => published.length > 0);
    expect(published[0]?.topic).toContain(":confirmation-receipts");
    expect(readEvent(published[0]?.message ?? "", 1)).toMatchObject({
      kind: "receipts",
      receipts: [{ intentId: "dC0x-1-a", result: { kind: "delivered" } }],
    });
  });

  it("publishes that it did not arrive, for a number that plays it", async () => {
    await send("+34612345404");
    await until(() => published.length > 0);
    expect(readEvent(published[0]?.message ?? "", 1)).toMatchObject({ receipts: [{ result: { kind: "failed" } }] });
  });

  it("keeps what it was asked, in a file and as a list", async () => {
    await send("+34612345678");
    const lines = readFileSync(join(directory, `${kind}.jsonl`), "utf8")
      .trim()
      .split("\n");
    expect(JSON.parse(lines.at(-1) ?? "{}")).toMatchObject({ kind, to: "+34612345678", result: "takes" });
    const listed = (await (await fetch(`${control.endpoint}/_local/messages`)).json()) as readonly { kind: string }[];
    expect(listed.filter((one) => one.kind === kind)).toHaveLength(lines.length);
  });
});

describe("what the service's model does not have", () => {
  const client = () => boundedClient(PinpointSMSVoiceV2Client, LIMITS, connection);

  it.each([
    ["no number", {}],
    ["a time to live that is text", { DestinationPhoneNumber: "+34612345678", TimeToLive: "soon" }],
    ["more time than there is", { DestinationPhoneNumber: "+34612345678", TimeToLive: 300_000 }],
    ["a price that is none", { DestinationPhoneNumber: "+34612345678", MaxPrice: "cheap" }],
    [
      "six entries of context",
      {
        DestinationPhoneNumber: "+34612345678",
        Context: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`k${n}`, "v"])),
      },
    ],
  ])("is refused: %s", async (_, input) => {
    const response = await fetch(control.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "PinpointSMSVoiceV2.SendTextMessage" },
      body: JSON.stringify(input),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ __type: "ValidationException" });
  });

  it("is refused: a member that there is not", async () => {
    const response = await fetch(control.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "PinpointSMSVoiceV2.SendTextMessage" },
      body: JSON.stringify({ DestinationPhoneNumber: "+34612345678", Message: "hello" }),
    });
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining("Message: there is no such member"),
    });
  });

  it("is taken where nothing is wrong with it", async () => {
    const command = new SendTextMessageCommand({ DestinationPhoneNumber: "+34612345678", MessageBody: "hello" });
    expect(await client().send(command)).toMatchObject({ MessageId: expect.any(String) });
  });
});

describe("event buses on this machine", () => {
  const messageTo = (name: string) =>
    messageFor({
      id: "bus",
      kind: "eventbridge",
      eventBusArn: `arn:aws:events:us-east-1:000000000000:event-bus/${name}`,
    });
  const sender = () => eventBusSender(boundedClient(EventBridgeClient, LIMITS, connection));
  const send = (name: string) => sender().send(messageTo(name), LONG_MS);

  it("deliver to a queue of their own, in the form that targets get", async () => {
    expect(wordOf(await send("orders"))).toBe("delivered");
    expect(queued[0]?.url).toBe("http://queues/event-bus-orders");
    expect(JSON.parse(queued[0]?.body ?? "{}")).toMatchObject({
      "detail-type": "transaction.accepted",
      source: "confirmation-pipeline",
      detail: { webhookId: expect.any(String), data: { transactionId: "t-1" } },
    });
  });

  it("take no event of 256 KB, as EventBridge does not, and nobody sends it again", async () => {
    const body = JSON.stringify({ text: "x".repeat(262_100) });
    const outcome = await sender().send({ ...messageTo("orders"), body }, LONG_MS);
    expect(outcome).toMatchObject({
      outcome: { kind: "failed", class: "template", error: expect.stringContaining("over the limit") },
    });
    expect(queued).toEqual([]);
  });

  it("take what is for a bus that is not there, and drop it, as EventBridge does", async () => {
    expect(wordOf(await send("others"))).toBe("delivered");
    expect(queued).toEqual([]);
  });

  it("are made at the start, with the queues and topics that the settings list", async () => {
    await messaging?.createDestinations(clients);
    expect(made).toStrictEqual(["orders.fifo", "event-bus-orders", "orders"]);
  });
});

it("is not there without channels", () => {
  const none = { resources: () => undefined, clients: () => undefined, queueUrl: String, log: () => undefined };
  expect(startMessaging({ ...none, settings: parseSettings({}), stateDirectory: directory })).toBeUndefined();
});
