/** Topics, subscriptions and their filters of a template, on the embedded server. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PublishCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { startFauxqs, type FauxqsServer } from "fauxqs";
import { clientsFor, type LocalClients } from "../../../local/aws-clients.ts";
import { arnOf } from "../../../local/machine.ts";
import { createQueues } from "../../../local/sqs/create-queues.ts";
import { createSubscriptions } from "../../../local/sqs/create-subscriptions.ts";
import { createTopics } from "../../../local/sqs/create-topics.ts";

let server: FauxqsServer;
let clients: LocalClients;
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  const { address } = server;
  clients = clientsFor({ dynamodb: address, sqs: address, sqsOfWorker: address, s3: address });
});
afterAll(async () => {
  clients.destroy();
  await server.stop();
});

const subscribed = (FilterPolicy?: object) =>
  createSubscriptions(clients.sns, [
    {
      logicalId: "Large",
      properties: {
        TopicArn: arnOf("sns", "Placed"),
        Protocol: "sqs",
        Endpoint: arnOf("sqs", "large"),
        RawMessageDelivery: true,
        ...(FilterPolicy !== undefined && { FilterPolicy }),
      },
    },
  ]);

async function received(): Promise<(string | undefined)[]> {
  const QueueUrl = `${server.address}/000000000000/large`;
  const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body }) => Body);
}

const publish = (Message: string) =>
  clients.sns.send(
    new PublishCommand({
      TopicArn: arnOf("sns", "Placed"),
      Message,
      MessageAttributes: { size: { DataType: "String", StringValue: Message } },
    }),
  );

test("a queue gets of a topic without a name what the filter of its subscription lets through", async () => {
  await createTopics(clients.sns, [{ name: "Placed", properties: {} }]);
  await createQueues(clients.sqs, [{ logicalId: "Q", type: "AWS::SQS::Queue", properties: {}, name: "large" }]);
  await subscribed({ size: ["large"] });
  await publish("small");
  await publish("large");
  expect(await received()).toEqual(["large"]);
});

test("a subscription whose filter is gone takes every message again", async () => {
  await subscribed();
  await publish("small");
  expect(await received()).toEqual(["small"]);
});

test("a subscription of another protocol is refused by name", async () => {
  const mail = { TopicArn: arnOf("sns", "Placed"), Protocol: "email", Endpoint: "a@example.com" };
  await expect(createSubscriptions(clients.sns, [{ logicalId: "Mail", properties: mail }])).rejects.toMatchObject({
    code: "LOCAL_TEMPLATE_UNSUPPORTED",
    message: expect.stringMatching(/^Mail: .*email/),
  });
});
