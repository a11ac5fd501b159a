import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import type { FastPathCall } from "../../../core/aws/fast-path/fast-path-call.ts";
import { MessageQueue } from "../../../core/aws/message-queue.ts";

const QUEUE_URL = "http://127.0.0.1/000000000000/confirmations.fifo";
const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const sqs = mockClient(SQSClient);
const queue = new MessageQueue(new SQSClient({ region: "eu-central-1" }), QUEUE_URL);
const message = (id: string) => ({ body: `body ${id}`, groupId: `group ${id}`, deduplicationId: id });
const failed = (Id: string) => ({ Id, Code: "InternalError", Message: "oh", SenderFault: false });

beforeEach(() => {
  sqs.reset();
  sqs.onAnyCommand().rejects(new Error("this call is not faked"));
});

describe("receiving", () => {
  it("gives messages with group, count, time and trace", async () => {
    const Attributes = {
      MessageGroupId: "g",
      ApproximateReceiveCount: "3",
      SentTimestamp: "1795341600000",
      AWSTraceHeader: "Root=1",
    };
    sqs
      .on(ReceiveMessageCommand)
      .resolves({ Messages: [{ MessageId: "i", ReceiptHandle: "h", Body: "b", Attributes }] });
    expect(await queue.receive(60, 2, new AbortController().signal)).toEqual([
      {
        messageId: "i",
        receiptHandle: "h",
        body: "b",
        groupId: "g",
        receiveCount: 3,
        sentAt: 1_795_341_600_000,
        trace: "Root=1",
      },
    ]);
    expect(sqs.commandCalls(ReceiveMessageCommand)[0]?.args[0].input).toMatchObject({
      QueueUrl: QUEUE_URL,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 60,
      WaitTimeSeconds: 2,
      MessageSystemAttributeNames: expect.arrayContaining(["MessageGroupId", "AWSTraceHeader"]),
    });
  });

  it("waits long for messages by calls of their own, which may take as long", async () => {
    const made: string[] = [];
    const by =
      (who: string): FastPathCall =>
      async (operation, _, bySdk) => {
        made.push(`${who} ${operation}`);
        return bySdk();
      };
    sqs.on(ReceiveMessageCommand).resolves({});
    const client = new SQSClient({});
    const waiting = new MessageQueue(client, QUEUE_URL, { call: by("any"), polls: { client, call: by("poll") } });
    await waiting.receive(60, 2, new AbortController().signal);
    await waiting.receive(60, 20, new AbortController().signal);
    expect(made).toEqual(["any ReceiveMessage", "poll ReceiveMessage"]);
  });

  it("gives nothing when there is nothing", async () => {
    sqs.on(ReceiveMessageCommand).resolves({});
    expect(await queue.receive(60, 0, new AbortController().signal)).toEqual([]);
  });

  it("fails when the call fails", async () => {
    sqs.on(ReceiveMessageCommand).rejects(new Error("ECONNREFUSED"));
    await expect(queue.receive(60, 0, new AbortController().signal)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("sending", () => {
  it("carries group, deduplication id and, where there is one, the trace", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await queue.send([message("a"), { ...message("b"), trace: TRACE }]);
    expect(sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input).toEqual({
      QueueUrl: QUEUE_URL,
      Entries: [
        { Id: "0", MessageBody: "body a", MessageGroupId: "group a", MessageDeduplicationId: "a" },
        {
          Id: "1",
          MessageBody: "body b",
          MessageGroupId: "group b",
          MessageDeduplicationId: "b",
          MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: TRACE } },
        },
      ],
    });
  });
});

describe("the merchant of a dead letter", () => {
  const sentWith = async (merchantId: string) => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [{ Id: "0" } as never], Failed: [] });
    await queue.send([{ ...message("0"), merchantId }]);
    return sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries?.[0];
  };

  it("is an attribute", async () => {
    expect(await sentWith("acme ü 💶")).toMatchObject({
      MessageAttributes: { merchantId: { DataType: "String", StringValue: "acme ü 💶" } },
    });
  });

  it.each(["a\u0000b", "a\u001fb", "\ud800", "\uffff", ""])(
    "is left out where SQS would refuse %j",
    async (merchantId) => {
      expect(await sentWith(merchantId)).not.toHaveProperty("MessageAttributes");
    },
  );
});

describe("a trace that is none", () => {
  it("is left out: SQS would refuse the message for it", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await queue.send([{ ...message("a"), trace: "Root=1-zz" }]);
    const [entry] = sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries ?? [];
    expect(entry).not.toHaveProperty("MessageSystemAttributes");
  });
});

describe.each([
  ["sending", SendMessageBatchCommand, (ids: string[]) => queue.send(ids.map(message))],
  ["deleting", DeleteMessageBatchCommand, (ids: string[]) => queue.delete(ids)],
  [
    "changing visibility",
    ChangeMessageVisibilityBatchCommand,
    (ids: string[]) => queue.changeVisibility(ids.map((receiptHandle) => ({ receiptHandle, seconds: 5 }))),
  ],
] as const)("%s in a batch", (_, command, run) => {
  it("answers for each entry, as some may fail under HTTP 200", async () => {
    sqs.on(command as never).resolves({ Failed: [failed("1")] });
    expect(await run(["a", "b", "c"])).toEqual([
      undefined,
      { error: "InternalError: oh", isRefused: false },
      undefined,
    ]);
  });

  it("answers for every entry when the whole call fails", async () => {
    sqs.on(command as never).rejects(new Error("ECONNREFUSED"));
    const lost = { error: "Error: ECONNREFUSED", isRefused: false };
    expect(await run(["a", "b"])).toEqual([lost, lost]);
  });
});

describe("a message that SQS refuses", () => {
  const refusing = (text: string, name: string) => (input: { Entries: { MessageBody: string }[] }) => {
    if (input.Entries.some(({ MessageBody }) => MessageBody.includes(text)))
      throw Object.assign(new Error("no"), { name });
    return { Successful: [] };
  };

  it.each(["InvalidMessageContents", "BatchRequestTooLong"])(
    "does not take the others of its batch with it: %s",
    async (name) => {
      sqs.on(SendMessageBatchCommand).callsFake(refusing("bad", name));
      const errors = await queue.send(["a", "bad", "c"].map(message));
      expect(errors.map((error) => error?.error)).toEqual([undefined, `${name}: no`, undefined]);
      expect(errors[1]?.isRefused).toBe(name === "InvalidMessageContents");
    },
  );

  it("is told from one that was throttled, whoever SQS says is at fault", async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [
        { Id: "0", Code: "RequestThrottled", SenderFault: true },
        { Id: "1", Code: "InvalidMessageContents", SenderFault: true },
      ],
    });
    const errors = await queue.send(["a", "b"].map(message));
    expect(errors.map((error) => error?.isRefused)).toEqual([false, true]);
  });
});

describe("acknowledging", () => {
  it("names each handle with its own time", async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
    await queue.changeVisibility([
      { receiptHandle: "h", seconds: 0 },
      { receiptHandle: "i", seconds: 30 },
    ]);
    expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)[0]?.args[0].input.Entries).toEqual([
      { Id: "0", ReceiptHandle: "h", VisibilityTimeout: 0 },
      { Id: "1", ReceiptHandle: "i", VisibilityTimeout: 30 },
    ]);
  });

  it("deletes by handle", async () => {
    sqs.on(DeleteMessageBatchCommand).resolves({});
    await queue.delete(["h"]);
    expect(sqs.commandCalls(DeleteMessageBatchCommand)[0]?.args[0].input).toEqual({
      QueueUrl: QUEUE_URL,
      Entries: [{ Id: "0", ReceiptHandle: "h" }],
    });
  });
});
