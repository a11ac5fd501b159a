/** The topic against the server that plays SNS on this machine, and against answers that it does not give. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  CreateTopicCommand,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { EventsTopic } from "../../../core/aws/events-topic.ts";
import type { OutgoingEvent } from "../../../core/events/envelope.ts";
import { transactionEvent } from "../../../core/events/envelope.ts";
import { transactionStep } from "../../../core/events/transaction-events.ts";
import { CREDENTIALS } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { number, text, transactionRow } from "../../support/rows.ts";

const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
const directory = temporaryDirectory();
let server: LocalSqs;
let sns: SNSClient;
let sqs: SQSClient;
let topicArn = "";

beforeAll(async () => {
  server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory: directory, register });
  const connection = { endpoint: server.endpoint, region: "us-east-1", credentials: CREDENTIALS };
  sns = new SNSClient(connection);
  sqs = new SQSClient(connection);
  topicArn = (await sns.send(new CreateTopicCommand({ Name: "confirmation-events" }))).TopicArn ?? "";
});
afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await server.stop();
});

function eventOf(transactionId: string, confirmed = false): OutgoingEvent {
  const newImage = transactionRow({
    transactionId: text(transactionId),
    ...(confirmed && { confirmationState: text("CONFIRMED"), stateVersion: number(1) }),
  });
  const step = transactionStep({ newImage });
  if (step === undefined) throw new Error("a new row is a step");
  return transactionEvent(step, { eventId: `of ${transactionId}`, sequenceNumber: "7", writtenAt: 0 }, "/pipelines/x");
}

async function subscribed(name: string, policy?: object): Promise<() => Promise<string[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: "true" },
      ReturnSubscriptionArn: true,
    }),
  );
  if (policy !== undefined)
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: "FilterPolicy",
        AttributeValue: JSON.stringify(policy),
      }),
    );
  return async () => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = "" }) => Body));
    }
  };
}

describe("the topic of events", () => {
  it("hands on each of many events to who is subscribed, as it was published", async () => {
    const received = await subscribed("all");
    const events = Array.from({ length: 25 }, (_, index) => eventOf(`t-${index}`));
    expect(await new EventsTopic(sns, topicArn).publish(events)).toEqual(Array.from({ length: 25 }));
    const subjects = (await received()).map((body) => (JSON.parse(body) as { subject: string }).subject);
    expect(subjects.toSorted()).toEqual(events.map(({ event }) => event.subject).toSorted());
  });

  it("hands on what a filter policy lets through", async () => {
    const confirmed = await subscribed("confirmed", {
      type: ["transaction.confirmed"],
      merchantId: [{ prefix: "m-" }],
    });
    const ofOthers = await subscribed("others", { merchantId: ["m-2"] });
    await new EventsTopic(sns, topicArn).publish([eventOf("open"), eventOf("done", true)]);
    expect((await confirmed()).map((body) => (JSON.parse(body) as { subject: string }).subject)).toEqual(["done"]);
    expect(await ofOthers()).toEqual([]);
  });

  it("takes ids of any characters", async () => {
    const received = await subscribed("odd", { state: ["PENDING"] });
    const odd = ["\u0001\ufffe", "é \u{1f600}", "x".repeat(1024)];
    expect(await new EventsTopic(sns, topicArn).publish(odd.map((id) => eventOf(id)))).toEqual(
      odd.map(() => undefined),
    );
    const subjects = (await received()).map((body) => (JSON.parse(body) as { subject: string }).subject);
    expect(subjects.toSorted()).toEqual(odd.toSorted());
  });

  it("calls with ten at most, and with no more bytes than SNS takes", async () => {
    const mock = mockClient(new SNSClient({}));
    mock.on(PublishBatchCommand).resolves({});
    const large = "\u{1f600}".repeat(3000);
    await new EventsTopic(mock as unknown as SNSClient, "arn").publish([
      ...Array.from({ length: 12 }, (_, index) => eventOf(`t-${index}`)),
      ...Array.from({ length: 8 }, (_, index) => eventOf(`${large}${index}`)),
    ]);
    const calls = mock.commandCalls(PublishBatchCommand).map(({ args: [{ input }] }) => input);
    const entries = calls.map(({ PublishBatchRequestEntries = [] }) => PublishBatchRequestEntries);
    expect(entries.map(({ length }) => length).reduce((sum, length) => sum + length, 0)).toBe(20);
    for (const batch of entries) {
      expect(batch.length).toBeLessThanOrEqual(10);
      expect(batch.reduce((sum, { Message = "" }) => sum + Buffer.byteLength(Message), 0)).toBeLessThan(256 * 1024);
    }
  });

  it("says of each event what went wrong with it, and tells what may pass from what is refused", async () => {
    const mock = mockClient(new SNSClient({}));
    mock.on(PublishBatchCommand).resolves({
      Failed: [
        { Id: "0", Code: "InternalError", Message: "again", SenderFault: false },
        { Id: "2", Code: "InvalidParameterValue", Message: "never", SenderFault: true },
        { Id: "3", Code: "KMSDisabledException", Message: "the key is disabled", SenderFault: true },
      ],
    });
    const topic = new EventsTopic(mock as unknown as SNSClient, "arn");
    expect((await topic.publish(["a", "b", "c", "d"].map((id) => eventOf(id)))).map((one) => one?.isRefused)).toEqual([
      false,
      undefined,
      true,
      false,
    ]);
  });

  it("sends one by one what is refused together", async () => {
    const mock = mockClient(new SNSClient({}));
    mock.on(PublishBatchCommand).callsFake(({ PublishBatchRequestEntries = [] }) => {
      const texts = PublishBatchRequestEntries.map(({ Message }: { Message: string }) => Message);
      if (texts.some((message: string) => message.includes("bad")))
        throw Object.assign(new Error("Invalid parameter: Message"), { name: "InvalidParameterException" });
      return {};
    });
    const topic = new EventsTopic(mock as unknown as SNSClient, "arn");
    expect((await topic.publish(["a", "bad", "c"].map((id) => eventOf(id)))).map((one) => one?.isRefused)).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });
});
