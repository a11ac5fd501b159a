import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../local/machine.ts";
import { usablePort } from "../../local/processes/ports.ts";
import type { ProcessRegister } from "../../local/processes/process-register.ts";
import { attributesOf, createQueues } from "../../local/sqs/create-queues.ts";
import { type LocalSqs, startSqs } from "../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();
const register: ProcessRegister = {
  note: () => undefined,
  forget: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};
const running: LocalSqs[] = [];

async function start(dataDirectory?: string): Promise<{ readonly server: LocalSqs; readonly sqs: SQSClient }> {
  const port = await usablePort(0, "SQS", "");
  const server = await startSqs({
    port,
    logDirectory: directory,
    register,
    ...(dataDirectory !== undefined && { dataDirectory }),
  });
  running.push(server);
  return { server, sqs: new SQSClient({ endpoint: server.endpoint, region: "eu-west-1", credentials: CREDENTIALS }) };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const queue = {
  logicalId: "Queue",
  type: "AWS::SQS::Queue",
  name: "q.fifo",
  properties: { QueueName: "q.fifo", FifoQueue: true, VisibilityTimeout: 30, KmsMasterKeyId: "key" },
};

async function receive(
  sqs: SQSClient,
  url: string,
): Promise<{ readonly body: string | undefined; readonly handle: string | undefined } | undefined> {
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  return message && { body: message.Body, handle: message.ReceiptHandle };
}

describe("SQS on this machine", () => {
  it("is found by a plain client of any region, and names queues by its own endpoint", async () => {
    const { server, sqs } = await start();
    const created = await sqs.send(new CreateQueueCommand({ QueueName: "q.fifo", Attributes: { FifoQueue: "true" } }));
    const url = `${server.endpoint}/000000000000/q.fifo`;
    expect([created.QueueUrl, server.urlOf("q.fifo")]).toEqual([url, url]);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "q.fifo" }))).QueueUrl).toBe(url);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url]);
  });

  it("counts what comes and goes at a queue, as CloudWatch would", async () => {
    const { server, sqs } = await start();
    await createQueues(sqs, [queue]);
    const QueueUrl = server.urlOf("q.fifo");
    const entry = (Id: string) => ({ Id, MessageBody: Id, MessageGroupId: Id, MessageDeduplicationId: Id });
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry("a"), entry("b")] }));
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "c", MessageGroupId: "c", MessageDeduplicationId: "c" }),
    );
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));

    expect(await server.traffic("q.fifo")).toEqual({
      NumberOfMessagesSent: 3,
      NumberOfMessagesReceived: 3,
      NumberOfEmptyReceives: 1,
      NumberOfMessagesDeleted: 1,
    });
    expect(await server.traffic("other.fifo")).toMatchObject({ NumberOfMessagesSent: 0 });
  });

  it("keeps messages on disk over a restart at another port, a given-back one too", async () => {
    const data = join(directory, "kept");
    const before = await start(data);
    await createQueues(before.sqs, [queue]);
    const url = before.server.urlOf("q.fifo");
    await before.sqs.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: "hello", MessageGroupId: "g", MessageDeduplicationId: "d" }),
    );
    const received = await receive(before.sqs, url);
    await before.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: received?.handle, VisibilityTimeout: 0 }),
    );
    expect(await before.server.counts("q.fifo")).toEqual({ waiting: 1, inFlight: 0 });
    await before.server.stop();

    const after = await start(data);
    await createQueues(after.sqs, [queue]);
    expect((await after.sqs.send(new GetQueueUrlCommand({ QueueName: "q.fifo" }))).QueueUrl).toBe(
      after.server.urlOf("q.fifo"),
    );
    expect((await receive(after.sqs, after.server.urlOf("q.fifo")))?.body).toBe("hello");
    expect(await after.server.counts("q.fifo")).toEqual({ waiting: 0, inFlight: 1 });
  });

  it(
    "gives out the messages of a group together and in order, again so when they come back, and none while " +
      "some are held",
    async () => {
      const { server, sqs } = await start();
      await createQueues(sqs, [queue]);
      const QueueUrl = server.urlOf("q.fifo");
      const send = (MessageBody: string, MessageGroupId: string) =>
        sqs.send(
          new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId: MessageBody }),
        );
      const receiveAll = async () =>
        (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];
      const bodies = (messages: readonly { readonly Body?: string | undefined }[], group: string) =>
        messages.flatMap(({ Body = "" }) => (Body.startsWith(group) ? [Body] : []));
      for (const body of ["a1", "b1", "a2", "a3"]) await send(body, body.slice(0, 1));

      const first = await receiveAll();
      await send("a4", "a");
      expect(bodies(first, "a")).toEqual(["a1", "a2", "a3"]);
      expect(bodies(first, "b")).toEqual(["b1"]);
      expect(await receiveAll()).toEqual([]);

      for (const { ReceiptHandle } of first)
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      expect(bodies(await receiveAll(), "a")).toEqual(["a1", "a2", "a3", "a4"]);
    },
  );

  it("tells the age of the oldest message, in flight or not", async () => {
    const { server, sqs } = await start();
    await createQueues(sqs, [queue]);
    expect(await server.oldestAgeSeconds("q.fifo")).toBe(0);
    expect(await server.oldestAgeSeconds("other")).toBeUndefined();
  });

  it("attributes are the template's, as text, without keys", () => {
    const policy = { deadLetterTargetArn: "arn", maxReceiveCount: 3 };
    expect(attributesOf({ ...queue, properties: { ...queue.properties, RedrivePolicy: policy } })).toEqual({
      FifoQueue: "true",
      VisibilityTimeout: "30",
      RedrivePolicy: JSON.stringify(policy),
    });
  });
});
