/**
 * Queues, topics and event buses as channels, on the whole stack: what is sent there is read back with plain clients,
 * and what their owners or our own account do not let through is said whose fault it is.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { arnOf, type ChannelsWorld } from "./channels-world.ts";
import { transactionRow } from "./pipeline.ts";
import type { Answer, TappedRequest } from "./tap.ts";
import { waitFor } from "./wait-for.ts";

const SHORT: AttributeValue = { L: [{ N: "1" }] };
const queueUrl = (name: string) => `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`;

const channel = (id: string, kind: string, address: Record<string, string>): AttributeValue => ({
  M: {
    id: { S: id },
    kind: { S: kind },
    retryScheduleSeconds: SHORT,
    ...Object.fromEntries(Object.entries(address).map(([name, value]) => [name, { S: value }])),
  },
});
const queue = (name: string, id = "queue") => channel(id, "sqs", { queueUrl: queueUrl(name) });
const topic = (name: string, id = "topic") => channel(id, "sns", { topicArn: arnOf("sns", name) });
const bus = (name: string, id = "bus") =>
  channel(id, "eventbridge", { eventBusArn: arnOf("events", `event-bus/${name}`) });

/** What a service says in the place of taking a message. */
const json = (status: number, type: string, message: string): Answer => ({
  status,
  body: { __type: type, message },
});
const entry = (ErrorCode: string, ErrorMessage: string): Answer => ({
  status: 200,
  body: { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage }] },
});
const xml = (status: number, code: string, message: string): Answer => {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<ErrorResponse>${error}</ErrorResponse>` };
};

interface Refusal {
  readonly name: string;
  readonly channel: AttributeValue;
  /** Undefined where the server of this machine says so itself. */
  readonly answer?: Answer;
  /** Of the failure, and how often it was attempted. */
  readonly failed: { readonly class: string; readonly attempts: number; readonly says: RegExp };
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "a queue that is gone",
    channel: queue("gone"),
    failed: { class: "status_4xx", attempts: 2, says: /NonExistentQueue|QueueDoesNotExist/ },
  },
  {
    name: "a queue whose policy lets nobody in",
    channel: queue("locked"),
    answer: json(403, "com.amazonaws.sqs#AccessDenied", "Access to the resource is denied."),
    failed: { class: "status_4xx", attempts: 2, says: /AccessDenied/ },
  },
  {
    name: "a topic that is gone",
    channel: topic("gone"),
    failed: { class: "status_4xx", attempts: 2, says: /NotFound/ },
  },
  {
    name: "a topic whose policy lets nobody in",
    channel: topic("locked"),
    answer: xml(403, "AuthorizationError", "not authorized, as no resource-based policy allows the action"),
    failed: { class: "status_4xx", attempts: 2, says: /AuthorizationError/ },
  },
  {
    name: "an event bus whose policy lets nobody in",
    channel: bus("locked"),
    answer: entry("AccessDeniedException", "no resource-based policy allows the events:PutEvents action"),
    failed: { class: "status_4xx", attempts: 2, says: /AccessDenied/ },
  },
  {
    name: "an event that is never taken",
    channel: bus("locked"),
    answer: entry("MalformedDetail", "Detail is malformed."),
    failed: { class: "template", attempts: 1, says: /MalformedDetail/ },
  },
  {
    name: "a service that is out of order",
    channel: queue("locked"),
    answer: json(503, "com.amazonaws.sqs#ServiceUnavailable", "Try again."),
    failed: { class: "service", attempts: 2, says: /ServiceUnavailable/ },
  },
];

/** On the stack of a file, which has started. */
export function channelsToDestinations(world: ChannelsWorld): void {
  let sns: SNSClient;

  beforeAll(async () => {
    const { stack, sqs } = world.pipeline;
    const { region, credentials, endpoints } = stack;
    sns = new SNSClient({ region, credentials, endpoint: endpoints.sqs });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: here("gone") }));
    await sns.send(new DeleteTopicCommand({ TopicArn: arnOf("sns", "gone") }));
  }, patienceMs(30_000));
  afterAll(() => sns?.destroy());

  /** Where a queue is on this machine. */
  const here = (name: string) => `${world.pipeline.stack.endpoints.sqs}/000000000000/${name}`;

  async function received(name: string): Promise<Message> {
    const command = new ReceiveMessageCommand({
      QueueUrl: here(name),
      WaitTimeSeconds: 1,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });
    return waitFor(`a message in ${name}`, async () => (await world.pipeline.sqs.send(command)).Messages?.[0]);
  }

  /** A queue that gets what is published to the topic, as it was published. */
  async function subscribed(topicName: string): Promise<string> {
    const { sqs } = world.pipeline;
    const isFifo = topicName.endsWith(".fifo");
    const QueueName = `subscribed-${topicName}`;
    await sqs.send(new CreateQueueCommand({ QueueName, ...(isFifo && { Attributes: { FifoQueue: "true" } }) }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: here(QueueName), AttributeNames: ["QueueArn"] }),
    );
    await sns.send(
      new SubscribeCommand({
        TopicArn: arnOf("sns", topicName),
        Protocol: "sqs",
        Endpoint: Attributes?.QueueArn,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    return QueueName;
  }

  describe("a queue, a topic or an event bus", () => {
    it(
      "gets what a webhook would say, a FIFO one in order of the merchant, and none twice",
      async () => {
        const toTopic = await subscribed("news");
        const toFifoTopic = await subscribed("news.fifo");
        await world.merchant(
          "shop",
          [
            world.web("shop"),
            queue("orders"),
            queue("orders.fifo", "fifo"),
            topic("news"),
            topic("news.fifo", "fifo-topic"),
            bus("payments"),
          ],
          { plan: { S: "all" } },
        );
        await world.pipeline.put(transactionRow("shop-1", "shop"));
        const row = await world.settled("shop-1");
        expect(world.steps(row)).toEqual(
          ["web", "queue", "fifo", "topic", "fifo-topic", "bus"].map((id) => `${id} delivered`),
        );
        const [webhook] = world.pipeline.merchant.to("/shop");
        const webhookId = String(webhook?.headers["webhook-id"]);
        for (const name of ["orders", "orders.fifo", toTopic, toFifoTopic]) {
          const { Body, MessageAttributes, Attributes } = await received(name);
          expect([name, Body]).toEqual([name, webhook?.body]);
          expect([name, MessageAttributes?.["webhook-id"]?.StringValue]).toEqual([name, webhookId]);
          if (name.endsWith(".fifo"))
            expect(Attributes).toMatchObject({ MessageGroupId: "shop", MessageDeduplicationId: webhookId });
        }
        const event = JSON.parse((await received("event-bus-payments")).Body ?? "") as object;
        expect(event).toMatchObject({
          source: "confirmation-pipeline",
          "detail-type": "transaction.approved",
          detail: { webhookId, ...(JSON.parse(webhook?.body ?? "") as object) },
        });
      },
      patienceMs(180_000),
    );

    it(
      "says whose fault it is that it takes nothing, and the next channel is used",
      async () => {
        const answers = new Map(REFUSALS.map(({ answer }, index) => [`refused-${index}-1`, answer]));
        world.tap.answer(({ body }: TappedRequest) => {
          const id = isSend(body) ? /refused-\d+-1/.exec(decodeURIComponent(body))?.[0] : undefined;
          return id === undefined ? undefined : answers.get(id);
        });
        for (const [index, { channel: refused }] of REFUSALS.entries()) {
          await world.merchant(`refused-${index}`, [refused, world.mail(`refused-${index}`)]);
          await world.pipeline.put(transactionRow(`refused-${index}-1`, `refused-${index}`));
        }
        for (const [index, { name, failed }] of REFUSALS.entries()) {
          const done = stepsOf(await world.settled(`refused-${index}-1`))?.done ?? [];
          expect([name, done.map(({ result }) => result)]).toEqual([name, ["failed", "delivered"]]);
          const { class: failureClass, attempts } = failed;
          expect([name, done[0]]).toEqual([
            name,
            expect.objectContaining({ class: failureClass, attempts, error: expect.stringMatching(failed.says) }),
          ]);
        }
      },
      patienceMs(240_000),
    );

    it(
      "that our own role may not send to uses up no attempt: it is waited for, and left to the next channel",
      async () => {
        const says = "because no identity-based policy allows the sqs:sendmessage action";
        const answer = json(403, "com.amazonaws.sqs#AccessDenied", says);
        world.tap.answer(({ operation, body }) =>
          operation === "SendMessage" && /ours-(alone|next)/.test(body) ? answer : undefined,
        );
        await world.merchant("ours-alone", [queue("orders")]);
        await world.merchant("ours-next", [queue("orders"), world.mail("ours-next")]);
        for (const id of ["ours-alone", "ours-next"]) await world.pipeline.put(transactionRow(`${id}-1`, id));
        const row = await waitFor("it waits", async () => {
          const found = await world.pipeline.row("ours-alone-1");
          return found["waitingFor"]?.S === "service quota" ? found : undefined;
        });
        expect(row["attemptCount"]?.N).toBe("0");
        const next = await world.settled("ours-next-1");
        const done = stepsOf(next)?.done.map((step) => [step.channel, step.result, step.attempts]);
        expect([next["attemptCount"]?.N, done]).toEqual(["1", [["mail", "delivered", 1]]]);
        await world.mailTo("ours-next");
      },
      patienceMs(120_000),
    );
  });
}

/** Whether it is a request that sends: of a queue, a topic, or a bus. */
function isSend(body: string): boolean {
  return /MessageBody|Action=Publish|"Entries"/.test(body);
}
