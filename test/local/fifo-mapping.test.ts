/** The mapping from a FIFO queue, against the embedded server: groups in order, partial responses, bounds. */
import { ChangeMessageVisibilityCommand, CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { CREDENTIALS } from "../../local/machine.ts";
import { usablePort } from "../../local/processes/ports.ts";
import { queueMappingDefinition } from "../../local/queue/queue-mapping-definition.ts";
import { startQueueMapping } from "../../local/queue/start-queue-mapping.ts";
import { type LocalSqs, startSqs } from "../../local/sqs/start-sqs.ts";
import { waitFor } from "../flow/wait-for.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();
const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };

interface Record {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly MessageGroupId: string };
}
type Handle = (records: readonly Record[]) => Promise<unknown>;

let server: LocalSqs;
let sqs: SQSClient;
let queueNumber = 0;
let stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startSqs({ port: await usablePort(0, "SQS", ""), logDirectory: directory, register });
  sqs = new SQSClient({ endpoint: server.endpoint, region: "us-east-1", credentials: CREDENTIALS });
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  stops = [];
});
afterAll(async () => {
  sqs.destroy();
  await server.stop();
});

/** @returns its name */
async function queueWith(visibilitySeconds: number): Promise<string> {
  queueNumber += 1;
  const QueueName = `q-${queueNumber}.fifo`;
  const Attributes = {
    FifoQueue: "true",
    DeduplicationScope: "messageGroup",
    FifoThroughputLimit: "perMessageGroupId",
    VisibilityTimeout: String(visibilitySeconds),
  };
  await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueName;
}

function start(queueName: string, handle: Handle, concurrency = 2): void {
  const mapping = queueMappingDefinition({
    logicalId: "M",
    type: "Test",
    properties: {
      EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:${queueName}`,
      FunctionName: "caller",
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: concurrency },
    },
  });
  stops.push(
    startQueueMapping({
      mapping,
      sqs,
      queueUrl: server.urlOf(queueName),
      invoke: (_, event) => handle((event as { Records: readonly Record[] }).Records),
      onFailure: () => undefined,
    }),
  );
}

const send = (queueName: string, group: string, body: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: server.urlOf(queueName),
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: `${group} ${body}`,
    }),
  );
const failuresOf = (records: readonly Record[]) => ({
  batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })),
});
const isEmpty = async (queueName: string) => {
  const { waiting, inFlight } = await server.counts(queueName);
  return waiting + inFlight === 0 ? true : undefined;
};

describe("a mapping from a FIFO queue", () => {
  it("hands over a group in order, and nothing of it while a batch of it is under way", async () => {
    const queueName = await queueWith(60);
    for (const body of ["1", "2", "3"]) await send(queueName, "a", body);
    const first = Promise.withResolvers<void>();
    const seen: string[] = [];
    start(queueName, async (records) => {
      seen.push(...records.map(({ body }) => body));
      if (records[0]?.attributes.MessageGroupId === "a" && records[0].body === "1") await first.promise;
    });
    await waitFor("the first batch is under way", () => (seen.includes("1") ? true : undefined));
    await send(queueName, "a", "4");
    await send(queueName, "b", "beside");
    await waitFor("another group is not held up", () => (seen.includes("beside") ? true : undefined));
    expect(seen).not.toContain("4");
    first.resolve();
    await waitFor("all is handled", () => isEmpty(queueName));
    expect(seen.filter((body) => body !== "beside")).toEqual(["1", "2", "3", "4"]);
  });

  it("keeps what is reported as failed, for as long as the function has said, and the group behind it", async () => {
    const queueName = await queueWith(60);
    for (const body of ["1", "2"]) await send(queueName, "a", body);
    const seen: string[][] = [];
    start(queueName, async (records) => {
      seen.push(records.map(({ body }) => body));
      if (seen.length > 1) return undefined;
      for (const { receiptHandle } of records)
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: server.urlOf(queueName),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 1,
          }),
        );
      return failuresOf(records);
    });
    await waitFor("all is handled", () => isEmpty(queueName));
    expect(seen.flat()).toEqual(["1", "2", "1", "2"]);
  });

  it("leaves a whole batch to the visibility timeout when the function fails", async () => {
    const queueName = await queueWith(1);
    await send(queueName, "a", "1");
    let invocations = 0;
    start(queueName, async () => {
      invocations += 1;
      if (invocations === 1) throw new Error("it was killed");
    });
    await waitFor("it is handled the second time", () => isEmpty(queueName));
    expect(invocations).toBe(2);
  });

  it("has no more batches under way than its maximum concurrency", async () => {
    const queueName = await queueWith(60);
    const groups = Array.from({ length: 40 }, (_, index) => `g-${index}`);
    for (const group of groups) await send(queueName, group, "m");
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    start(
      queueName,
      async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) gate.resolve();
        await gate.promise;
        running -= 1;
      },
      3,
    );
    await waitFor("all are handled", () => isEmpty(queueName));
    expect(most).toBe(3);
  });

  it("is read with all of its concurrency", () => {
    const properties = {
      EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:a.fifo",
      FunctionName: "caller",
      ScalingConfig: { MaximumConcurrency: 9 },
    };
    expect(queueMappingDefinition({ logicalId: "M", type: "Test", properties }).concurrency).toBe(9);
  });
});
