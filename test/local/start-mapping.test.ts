import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, expect, it } from "@jest/globals";
import { clientsFor } from "../../local/aws-clients.ts";
import { MappingSwitch } from "../../local/control/mapping-switch.ts";
import { mappingDefinition } from "../../local/stream/mapping-definition.ts";
import { startMapping } from "../../local/stream/start-mapping.ts";
import { neverCalled } from "../support/strict-fake.ts";

/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9";
const clients = clientsFor({ dynamodb: NOWHERE, sqs: NOWHERE, sqsOfWorker: NOWHERE, s3: NOWHERE });
afterAll(() => clients.destroy());

const mappingOf = (table: string) =>
  mappingDefinition({
    logicalId: table,
    type: "AWS::Lambda::EventSourceMapping",
    properties: {
      EventSourceArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/1`,
      FunctionName: table,
      StartingPosition: "TRIM_HORIZON",
    },
  });

it("starts the mappings of several streams, which have one client", async () => {
  const running = ["Transactions", "AuditLog"].map((table) =>
    startMapping({
      mapping: mappingOf(table),
      clients,
      invoke: async () => neverCalled("invoke")(),
      observe: () => neverCalled("observe")(),
      onFailure: () => undefined,
      isOn: new MappingSwitch(true),
    }),
  );
  expect(running.map((mapping) => mapping.backlog())).toEqual([0, 0]);
  await Promise.all(running.map((mapping) => mapping.stop()));
});

it("reads the child of a shard as soon as the shard has ended, and asks for shards no oftener", async () => {
  let described = 0;
  const parent = { ShardId: "shard-1" };
  const child = { ShardId: "shard-2", ParentShardId: "shard-1" };
  const answers: Record<string, (input: Record<string, string>) => object> = {
    DescribeStream: () => ({ StreamDescription: { Shards: (described += 1) === 1 ? [parent] : [parent, child] } }),
    GetShardIterator: ({ ShardId = "" }) => ({ ShardIterator: ShardId }),
    GetRecords: ({ ShardIterator }) =>
      ShardIterator === "shard-1"
        ? { Records: [] }
        : {
            Records: ShardIterator === "shard-2" ? [{ eventName: "INSERT", dynamodb: { SequenceNumber: "7" } }] : [],
            NextShardIterator: "later",
          },
  };
  const answerTo = async (request: IncomingMessage): Promise<string> => {
    const called = String(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
    return JSON.stringify(answers[called]?.((await json(request)) as Record<string, string>));
  };
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/x-amz-json-1.0");
    void answerTo(request).then((answer) => response.end(answer));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const dynamodb = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own = clientsFor({ dynamodb, sqs: NOWHERE, sqsOfWorker: NOWHERE, s3: NOWHERE });
  const invoked = Promise.withResolvers<unknown>();
  const running = startMapping({
    mapping: mappingOf("Transactions"),
    clients: own,
    invoke: async (_name, event) => invoked.resolve(event),
    observe: () => undefined,
    onFailure: invoked.reject,
    isOn: new MappingSwitch(true),
  });
  try {
    expect(await invoked.promise).toMatchObject({ Records: [{ dynamodb: { SequenceNumber: "7" } }] });
    expect(described).toBe(2);
  } finally {
    await running.stop();
    own.destroy();
    server.close();
  }
});
