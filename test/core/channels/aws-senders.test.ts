/** Queues, topics and event buses: what is sent, and whose fault it is when it is not taken. */
import { createHash } from "node:crypto";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import type { ChannelSender } from "../../../core/channels/channel-sender.ts";
import { eventBusSender } from "../../../core/channels/event-bus-sender.ts";
import { queueSender } from "../../../core/channels/queue-sender.ts";
import { topicSender } from "../../../core/channels/topic-sender.ts";
import { LIMITS, messageFor, wordOf } from "./channel-message.ts";
import { jsonError, queryError, ServiceServer } from "./service-server.ts";

/** Milliseconds; more than any of these calls takes. */
const LONG_MS = 30_000;
const QUEUE_URL = "http://127.0.0.1:9/123456789012/orders";

let server: ServiceServer;
let queues: ChannelSender;
let topics: ChannelSender;
let buses: ChannelSender;

beforeAll(async () => {
  server = await ServiceServer.start();
  const { connection } = server;
  queues = queueSender(boundedClient(SQSClient, LIMITS, { ...connection, useQueueUrlAsEndpoint: false }));
  topics = topicSender(boundedClient(SNSClient, LIMITS, connection));
  buses = eventBusSender(boundedClient(EventBridgeClient, LIMITS, connection));
});
beforeEach(() => {
  server.asked.length = 0;
});
afterAll(() => server.close());

const toQueue = (name = "orders") =>
  messageFor({ id: "queue", kind: "sqs", queueUrl: QUEUE_URL.replace("orders", name) });
const toTopic = (name = "orders") =>
  messageFor({ id: "topic", kind: "sns", topicArn: `arn:aws:sns:eu-west-1:123456789012:${name}` });
const toBus = () =>
  messageFor({ id: "bus", kind: "eventbridge", eventBusArn: "arn:aws:events:eu-west-1:123456789012:event-bus/orders" });

describe("a queue", () => {
  /** The SDK takes no other response: the digest says that the body arrived as it was. */
  const takes = (MessageId: string, body: string) => ({
    status: 200,
    body: JSON.stringify({ MessageId, MD5OfMessageBody: createHash("md5").update(body).digest("hex") }),
  });

  it("gets the webhook's body and its id, at the service's own endpoint whatever its URL says", async () => {
    const message = toQueue();
    server.behaviour = takes("m-7", message.body);
    expect(await queues.send(message, LONG_MS)).toMatchObject({ kind: "outcome", messageId: "m-7" });
    const sent = JSON.parse(server.asked[0]?.body ?? "{}") as Record<string, unknown>;
    expect(sent).toStrictEqual({
      QueueUrl: QUEUE_URL,
      MessageBody: message.body,
      MessageAttributes: { "webhook-id": { DataType: "String", StringValue: message.webhookId } },
    });
  });

  it("gets what it has no place for in the other way that JSON has, and reads the same", async () => {
    const body = JSON.stringify({ data: { payload: { note: "a\uFFFFb\uFFFEc\u0000😀" } } });
    const plain = body.replace("\uFFFF", "\\uffff").replace("\uFFFE", "\\ufffe");
    server.behaviour = takes("m-7", plain);
    await queues.send({ ...toQueue(), body }, LONG_MS);
    const { MessageBody } = JSON.parse(server.asked[0]?.body ?? "{}") as { MessageBody: string };
    expect(MessageBody).toBe(plain);
    expect(JSON.parse(MessageBody)).toEqual(JSON.parse(body));
  });

  it("that is FIFO has the webhook's id against duplicates, and a group a merchant", async () => {
    const message = toQueue("orders.fifo");
    server.behaviour = takes("m-7", message.body);
    await queues.send(message, LONG_MS);
    expect(JSON.parse(server.asked[0]?.body ?? "{}")).toMatchObject({
      MessageDeduplicationId: message.webhookId,
      MessageGroupId: "m-1",
    });
  });

  it("that is FIFO has a group for a merchant whose id none could have", async () => {
    const message = { ...toQueue("orders.fifo"), merchantId: "café central" };
    server.behaviour = takes("m-7", message.body);
    expect(wordOf(await queues.send(message, LONG_MS))).toBe("delivered");
    const { MessageGroupId } = JSON.parse(server.asked[0]?.body ?? "{}") as { MessageGroupId: string };
    expect(MessageGroupId).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["QueueDoesNotExist", 400, "status_4xx"],
    ["AWS.SimpleQueueService.NonExistentQueue", 400, "status_4xx"],
    ["AccessDeniedException", 403, "status_4xx"],
    ["KmsAccessDenied", 400, "status_4xx"],
    ["KmsDisabled", 400, "status_4xx"],
    ["InvalidMessageContents", 400, "template"],
    ["InvalidParameterValueException", 400, "template"],
    ["RequestThrottled", 403, "service"],
    ["KmsThrottled", 400, "service"],
    ["ThrottlingException", 400, "service"],
    ["InternalFailure", 500, "service"],
    ["ServiceUnavailable", 503, "service"],
    ["ExpiredTokenException", 403, "not sent"],
    ["InvalidClientTokenId", 403, "not sent"],
  ])("that says %s (%i): %s", async (name, status, word) => {
    server.behaviour = jsonError(name, status);
    expect(wordOf(await queues.send(toQueue(), LONG_MS))).toBe(word);
    expect(server.asked).toHaveLength(1);
  });

  it("that our own role may not send to is for us to mend", async () => {
    const message = "no identity-based policy allows the sqs:sendmessage action";
    server.behaviour = jsonError("AccessDenied", 403, { message });
    expect(wordOf(await queues.send(toQueue(), LONG_MS))).toBe("not sent");
  });
});

describe("a topic", () => {
  const taken = {
    status: 200,
    body:
      '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>m-7</MessageId>' +
      "</PublishResult></PublishResponse>",
  };

  it("gets the webhook's body and its id", async () => {
    server.behaviour = taken;
    const message = toTopic();
    expect(await topics.send(message, LONG_MS)).toMatchObject({ kind: "outcome", messageId: "m-7" });
    const sent = new URLSearchParams(server.asked[0]?.body);
    expect(sent.get("Message")).toBe(message.body);
    expect(sent.get("MessageAttributes.entry.1.Value.StringValue")).toBe(message.webhookId);
    expect(sent.has("MessageGroupId")).toBe(false);
  });

  it("that is FIFO has the webhook's id against duplicates, and a group a merchant", async () => {
    server.behaviour = taken;
    const message = toTopic("orders.fifo");
    await topics.send(message, LONG_MS);
    const sent = new URLSearchParams(server.asked[0]?.body);
    expect([sent.get("MessageDeduplicationId"), sent.get("MessageGroupId")]).toStrictEqual([message.webhookId, "m-1"]);
  });

  it.each([
    ["NotFound", 404, "status_4xx"],
    ["AuthorizationError", 403, "status_4xx"],
    ["KMSDisabled", 400, "status_4xx"],
    ["InvalidParameter", 400, "template"],
    ["ParameterValueInvalid", 400, "template"],
    ["Throttled", 429, "service"],
    ["KMSThrottling", 400, "service"],
    ["InternalError", 500, "service"],
    ["ExpiredToken", 403, "not sent"],
  ])("that says %s (%i): %s", async (code, status, word) => {
    server.behaviour = queryError(code, status);
    expect(wordOf(await topics.send(toTopic(), LONG_MS))).toBe(word);
    expect(server.asked).toHaveLength(1);
  });
});

describe("an event bus", () => {
  const said = (entry: object, FailedEntryCount = 0) => ({
    status: 200,
    body: JSON.stringify({ FailedEntryCount, Entries: [entry] }),
  });

  it("gets an event of the webhook's type, whose detail is its body with the webhook's id", async () => {
    server.behaviour = said({ EventId: "e-7" });
    const message = toBus();
    expect(await buses.send(message, LONG_MS)).toMatchObject({ kind: "outcome", messageId: "e-7" });
    const { Entries } = JSON.parse(server.asked[0]?.body ?? "{}") as { Entries: [{ Detail: string }] };
    expect(Entries).toMatchObject([
      {
        EventBusName: message.channel.eventBusArn,
        Source: "confirmation-pipeline",
        DetailType: "transaction.accepted",
      },
    ]);
    expect(JSON.parse(Entries[0].Detail)).toStrictEqual({
      webhookId: message.webhookId,
      ...(JSON.parse(message.body) as object),
    });
  });

  it.each([
    ["AccessDeniedException", "status_4xx"],
    ["NotAuthorizedForSourceException", "status_4xx"],
    ["NotAuthorizedForDetailTypeException", "status_4xx"],
    ["InvalidAccountIdException", "status_4xx"],
    ["InvalidArgument", "template"],
    ["MalformedDetail", "template"],
    ["RedactionFailure", "service"],
    ["InternalFailure", "service"],
    ["ThrottlingException", "service"],
    ["SomethingNewException", "status_4xx"],
  ])("whose entry says %s, in a response with 200: %s", async (code, word) => {
    server.behaviour = said({ ErrorCode: code, ErrorMessage: "so it is" }, 1);
    expect(wordOf(await buses.send(toBus(), LONG_MS))).toBe(word);
  });

  it.each([
    ["InternalException", 500, "service"],
    ["ThrottlingException", 400, "service"],
    ["ResourceNotFoundException", 400, "status_4xx"],
    ["ValidationException", 400, "template"],
    ["UnrecognizedClientException", 400, "not sent"],
  ])("whose call ends in %s (%i): %s", async (name, status, word) => {
    server.behaviour = jsonError(name, status);
    expect(wordOf(await buses.send(toBus(), LONG_MS))).toBe(word);
  });

  it("that says nothing of the entry has not taken it for sure", async () => {
    server.behaviour = { status: 200, body: "{}" };
    expect(wordOf(await buses.send(toBus(), LONG_MS))).toBe("service");
  });
});

describe("what nobody knows is sent again, as each message carries its webhook's id", () => {
  const senders: readonly [string, () => ChannelSender, () => ReturnType<typeof messageFor>][] = [
    ["a queue", () => queues, toQueue],
    ["a topic", () => topics, toTopic],
    ["an event bus", () => buses, toBus],
  ];

  it.each(senders)("%s that says nothing until the deadline", async (_, sender, message) => {
    server.behaviour = "hang";
    expect(wordOf(await sender().send(message(), 200))).toBe("service");
  });

  it.each(senders)("%s that ends the connection", async (_, sender, message) => {
    server.behaviour = "cut";
    expect(wordOf(await sender().send(message(), LONG_MS))).toBe("service");
  });

  it.each(senders)("%s needs no intent", (_, sender) => {
    expect(sender().needsIntent).toBe(false);
  });
});
