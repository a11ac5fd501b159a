import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import { createQueues } from "../../../local/sqs/create-queues.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { waitFor } from "../../flow/wait-for.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const logDirectory = temporaryDirectory();
const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
let server: LocalSqs;
let sqs: SQSClient;

beforeAll(async () => {
  server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory, register });
  sqs = new SQSClient({ endpoint: server.endpoint, region: "us-east-1", credentials: CREDENTIALS });
});

afterAll(async () => {
  sqs.destroy();
  await server.stop();
});

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** A queue, its dead letters and another queue, with names of their own. */
async function makeQueues(prefix: string, maxReceiveCount = 1) {
  const [main, dead, other] = [`${prefix}.fifo`, `${prefix}-dl.fifo`, `${prefix}-other.fifo`] as const;
  const queue = (name: string, more: object = {}) => ({
    logicalId: name,
    type: "AWS::SQS::Queue",
    name,
    properties: { FifoQueue: true, QueueName: name, VisibilityTimeout: 30, ...more },
  });
  await createQueues(sqs, [
    queue(dead),
    queue(other),
    queue(main, { RedrivePolicy: { deadLetterTargetArn: arnOf(dead), maxReceiveCount } }),
  ]);
  return { main, dead, other };
}

function send(name: string, id: string) {
  return sqs.send(
    new SendMessageCommand({
      QueueUrl: server.urlOf(name),
      MessageBody: `body ${id}`,
      MessageGroupId: `group ${id}`,
      MessageDeduplicationId: id,
      MessageAttributes: { merchantId: { DataType: "String", StringValue: "acme" } },
    }),
  );
}

async function receive(name: string) {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: server.urlOf(name),
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["MessageGroupId"],
      VisibilityTimeout: 30,
    }),
  );
  return Messages;
}

async function waiting(name: string): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: server.urlOf(name),
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
}

const start = (SourceArn: string, more: object = {}) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn, ...more }));

async function newestTask(name: string) {
  const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf(name) }));
  return Results[0];
}

function ended(name: string) {
  return waitFor(`the move from ${name} has ended`, async () => {
    const task = await newestTask(name);
    return task?.Status === "RUNNING" ? undefined : task;
  });
}

describe("redrive of dead letters", () => {
  it("moves all of them to the queue that is named, as new messages with all that they had", async () => {
    const { dead, other } = await makeQueues("named");
    const sent = await Promise.all(["1", "2", "3"].map((id) => send(dead, id)));
    expect(await start(arnOf(dead), { DestinationArn: arnOf(other) })).toMatchObject({
      TaskHandle: expect.any(String),
    });
    expect(await ended(dead)).toMatchObject({
      Status: "COMPLETED",
      SourceArn: arnOf(dead),
      DestinationArn: arnOf(other),
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
    });
    expect(await waiting(dead)).toBe(0);
    const moved = await receive(other);
    expect(moved.map(({ Body }) => Body)).toEqual(["body 1", "body 2", "body 3"]);
    expect(moved[0]).toMatchObject({
      MessageAttributes: { merchantId: { StringValue: "acme" } },
      Attributes: { MessageGroupId: "group 1" },
    });
    expect(sent.map(({ MessageId }) => MessageId)).not.toContain(moved[0]?.MessageId);
  });

  it("moves one that SQS gave up back to where it came from", async () => {
    const { main, dead } = await makeQueues("source");
    await send(main, "1");
    const times = 2;
    for (let time = 0; time < times; time += 1)
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: server.urlOf(main), VisibilityTimeout: 0 }));
    expect(await waiting(dead)).toBe(1);
    await start(arnOf(dead));
    expect(await ended(dead)).toMatchObject({ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 });
    expect(await waiting(dead)).toBe(0);
    expect((await receive(main)).map(({ Body }) => Body)).toEqual(["body 1"]);
  });

  it("fails for one that was sent there, with no queue named, and leaves it", async () => {
    const { dead } = await makeQueues("sent");
    await send(dead, "1");
    await start(arnOf(dead));
    expect(await ended(dead)).toMatchObject({ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" });
    expect(await waiting(dead)).toBe(1);
  });

  it("goes no faster than asked for, one task at a time, until it is cancelled", async () => {
    const { dead, other } = await makeQueues("slow");
    await Promise.all(["1", "2", "3"].map((id) => send(dead, id)));
    const slowly = { DestinationArn: arnOf(other), MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle } = await start(arnOf(dead), slowly);
    await expect(start(arnOf(dead), slowly)).rejects.toMatchObject({ name: "UnsupportedOperation" });
    expect(await newestTask(dead)).toMatchObject({ Status: "RUNNING", TaskHandle, MaxNumberOfMessagesPerSecond: 1 });
    await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    expect(await newestTask(dead)).toMatchObject({ Status: "CANCELLED" });
    await expect(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("is refused for what is no queue of dead letters, or not there", async () => {
    const { main } = await makeQueues("refused");
    await expect(start(arnOf(main))).rejects.toThrow(/must be configured as a Dead Letter Queue/);
    await expect(start(arnOf("nowhere.fifo"))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("says which queues have their dead letters there", async () => {
    const { main, dead } = await makeQueues("listed");
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: server.urlOf(dead) }));
    expect(queueUrls).toEqual([server.urlOf(main)]);
  });
});

describe("dead letters", () => {
  it("are counted by transactions, not by how often one was given up", async () => {
    const { dead } = await makeQueues("counted");
    const letter = (transactionId: string, id: string) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: server.urlOf(dead),
          MessageBody: JSON.stringify({ schema: 1, transactionId, deadLettered: true, attemptCount: Number(id) }),
          MessageGroupId: transactionId,
          MessageDeduplicationId: id,
        }),
      );
    await letter('t-"1"', "1");
    await letter('t-"1"', "2");
    await letter("t-2", "3");
    expect(await server.transactions(dead)).toBe(2);
    expect(await server.counts(dead)).toEqual({ waiting: 3, inFlight: 0 });
  });
});
