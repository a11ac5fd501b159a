import { once } from "node:events";
import { request } from "node:http";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../../local/machine.ts";
import { usablePort } from "../../../local/processes/ports.ts";
import { type LocalSqs, startSqs } from "../../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const REGISTER = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
const QueueUrl = () => server.urlOf("q.fifo");
const directory = temporaryDirectory();
let server: LocalSqs;
let sqs: SQSClient;

beforeAll(async () => {
  server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory: directory, register: REGISTER });
  sqs = new SQSClient({ endpoint: server.endpoint, region: "eu-west-1", credentials: CREDENTIALS });
  const Attributes = { FifoQueue: "true", VisibilityTimeout: "43200" };
  await sqs.send(new CreateQueueCommand({ QueueName: "q.fifo", Attributes }));
});
afterAll(async () => {
  sqs.destroy();
  await server.stop();
});

/** Polls for long, and is gone before anything comes. */
async function pollAndGo(): Promise<void> {
  const headers = { "x-amz-target": "AmazonSQS.ReceiveMessage", "content-type": "application/x-amz-json-1.0" };
  const poll = request(server.endpoint, { method: "POST", headers });
  const ended = once(poll, "error");
  poll.end(JSON.stringify({ QueueUrl: QueueUrl(), WaitTimeSeconds: 20 }));
  await once(poll, "finish");
  // Another request is answered: the server has read the poll before it, and then that its client has gone.
  await server.counts("q.fifo");
  poll.destroy(new Error("killed"));
  await ended;
  await server.counts("q.fifo");
}

it("a message that comes after a program was killed in its poll is there for the next one at once", async () => {
  await pollAndGo();
  const message = { QueueUrl: QueueUrl(), MessageBody: "m", MessageGroupId: "g", MessageDeduplicationId: "1" };
  await sqs.send(new SendMessageCommand(message));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl(), WaitTimeSeconds: 1 }));
  expect(Messages.map(({ Body }) => Body)).toEqual(["m"]);
});

it("a poll whose client is there takes what comes", async () => {
  const received = sqs.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl(), WaitTimeSeconds: 20 }));
  const message = { QueueUrl: QueueUrl(), MessageBody: "n", MessageGroupId: "h", MessageDeduplicationId: "2" };
  await sqs.send(new SendMessageCommand(message));
  expect((await received).Messages?.map(({ Body }) => Body)).toEqual(["n"]);
});
