import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../local/machine.ts";
import { MappingSwitch } from "../../local/control/mapping-switch.ts";
import { usablePort } from "../../local/processes/ports.ts";
import { handledOf } from "../../local/queue/queue-event.ts";
import { isQueueMapping, queueMappingDefinition } from "../../local/queue/queue-mapping-definition.ts";
import { startQueueMapping } from "../../local/queue/start-queue-mapping.ts";
import { type LocalSqs, startSqs } from "../../local/sqs/start-sqs.ts";
import { waitFor } from "../flow/wait-for.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();
const register = {
  note: () => undefined,
  forget: () => undefined,
  stopping: () => undefined,
  close: () => undefined,
};

function mapping(properties: Record<string, unknown>) {
  const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:parts";
  return { logicalId: "M", type: "Test", properties: { EventSourceArn, FunctionName: "audit", ...properties } };
}

describe("a mapping of the template from a queue", () => {
  it("is read with its limits", () => {
    const resource = mapping({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 32 } });
    expect(isQueueMapping(resource)).toBe(true);
    expect(queueMappingDefinition(resource)).toMatchObject({
      queueName: "parts",
      functionName: "audit",
      batchSize: 1,
      concurrency: 2,
      reportsItemFailures: false,
    });
  });

  it("is told apart from one from a stream", () => {
    expect(isQueueMapping(mapping({ EventSourceArn: "arn:aws:dynamodb:us-east-1:0:table/T/stream/1" }))).toBe(false);
  });

  it.each([{ BatchSize: 100 }, { FilterCriteria: { Filters: [] } }])("is refused when it asks for %j", (properties) => {
    expect(() => queueMappingDefinition(mapping(properties))).toThrow(/knows mappings from queues without filters/);
  });
});

describe("the response of a function with item failures", () => {
  const messages = [{ MessageId: "a" }, { MessageId: "b" }];

  it.each([
    [undefined, ["a", "b"]],
    [{ batchItemFailures: [{ itemIdentifier: "a" }] }, ["b"]],
    [{ batchItemFailures: [{ itemIdentifier: "none" }] }, []],
    [{ batchItemFailures: [{}] }, []],
  ])("%j lets these be deleted: %j", (response, ids) => {
    expect(handledOf(messages, response, true).map(({ MessageId }) => MessageId)).toEqual(ids);
  });
});

describe("a queue that triggers a function", () => {
  let server: LocalSqs;
  let sqs: SQSClient;

  beforeAll(async () => {
    server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory: directory, register });
    sqs = new SQSClient({ endpoint: server.endpoint, region: "us-east-1", credentials: CREDENTIALS });
    await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
    const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead";
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    await sqs.send(
      new CreateQueueCommand({ QueueName: "parts", Attributes: { VisibilityTimeout: "1", RedrivePolicy } }),
    );
  });
  afterAll(async () => {
    sqs.destroy();
    await server.stop();
  });

  it("hands over each message, deletes what was handled, and sets aside what keeps failing", async () => {
    const bodies: string[] = [];
    const isOn = new MappingSwitch(false);
    const stop = startQueueMapping({
      mapping: queueMappingDefinition(mapping({ BatchSize: 1 })),
      sqs,
      queueUrl: server.urlOf("parts"),
      invoke: async (_, event) => {
        const { Records } = event as { Records: { body: string; eventSource: string }[] };
        bodies.push(...Records.map(({ body }) => body));
        if (bodies.at(-1) === "bad") throw new Error("it fails");
      },
      onFailure: () => undefined,
      isOn,
    });
    for (const MessageBody of ["bad", "good"])
      await sqs.send(new SendMessageCommand({ QueueUrl: server.urlOf("parts"), MessageBody }));
    expect((await server.traffic("parts")).NumberOfMessagesReceived).toBe(0);
    isOn.set(true);
    await waitFor("the bad one is set aside", async () => {
      const dead = await server.counts("dead");
      return dead.waiting === 1 ? dead : undefined;
    });
    await stop();
    expect(bodies.toSorted()).toEqual(["bad", "bad", "good"]);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: server.urlOf("parts"), AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
    });
  });
});
