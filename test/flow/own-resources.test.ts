/** Resources of an app's own beside the pipeline: this machine wires them as the template says. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { CHECKOUT } from "../../local/checkout.ts";
import { LOCAL_SETTINGS } from "../../local/local-settings.ts";
import type { LocalStack } from "../../local/local-stack.ts";
import { startLocalStack } from "../../local/stack.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { sharedDynamoDb } from "../support/shared-dynamodb.ts";
import { waitFor } from "./wait-for.ts";

const APP = join(import.meta.dirname, "own-resources/app.ts");

interface Note {
  readonly by: string;
  readonly event: { readonly Records?: readonly Readonly<Record<string, unknown>>[] };
}

let state: string;
let stack: LocalStack;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "confirmation-pipeline-own-"));
  stack = await startLocalStack({
    dynamodb: await sharedDynamoDb(),
    stateDirectory: state,
    ...CHECKOUT,
    app: ({ settings, outdir }) => {
      const { PATH } = process.env;
      execFileSync(process.execPath, [APP, outdir, JSON.stringify(settings)], {
        env: { PATH, CDK_VALIDATION: "false" },
        stdio: ["ignore", "ignore", "pipe"],
      });
      return outdir;
    },
    settings: { ...LOCAL_SETTINGS, name: "shop", dueShards: 2, merchantShards: 2 },
  });
}, patienceMs(120_000));

afterAll(async () => {
  await stack?.stop();
  await rm(state, { recursive: true, force: true });
}, patienceMs(60_000));

/** Waits for what a function is called with. @param about some of it */
function noted(by: string, about = ""): Promise<Note["event"]> {
  const file = join(state, "notes.jsonl");
  return waitFor(`${by} is called`, () => {
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    return lines
      .map((line) => JSON.parse(line) as Note)
      .find((note) => note.by === by && JSON.stringify(note.event).includes(about))?.event;
  });
}

const at = (endpoint: string) => ({ region: stack.region, credentials: stack.credentials, endpoint });
/** Of names that the template leaves to this machine. */
const begins = (beginning: string) => (name: string | undefined) => name?.includes(beginning) === true;

test(
  "a function gets what is published, and a queue what the filter of its subscription lets through",
  async () => {
    const sns = new SNSClient(at(stack.endpoints.sqs));
    const { Topics = [] } = await sns.send(new ListTopicsCommand());
    const TopicArn = Topics.map((topic) => topic.TopicArn).find(begins("Placed"));
    for (const size of ["small", "large"])
      await sns.send(
        new PublishCommand({
          TopicArn,
          Message: size,
          MessageAttributes: { size: { DataType: "String", StringValue: size } },
        }),
      );
    expect(await noted("hear-placed", "small")).toMatchObject({
      Records: [
        {
          EventSource: "aws:sns",
          Sns: { Message: "small", TopicArn, MessageAttributes: { size: { Type: "String", Value: "small" } } },
        },
      ],
    });
    expect(await noted("large-confirmation-transactions")).toMatchObject({
      Records: [{ body: "large", eventSource: "aws:sqs" }],
    });
    sns.destroy();
  },
  patienceMs(120_000),
);

test(
  "a function gets what is written to a table of the app's own, from its stream",
  async () => {
    const dynamodb = new DynamoDBClient(at(stack.endpoints.dynamodb));
    const { TableNames = [] } = await dynamodb.send(new ListTablesCommand());
    const TableName = TableNames.find(begins("OrdersTable"));
    await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "o-1" } } }));
    expect(await noted("orders-stream-transactions")).toMatchObject({
      Records: [{ eventName: "INSERT", dynamodb: { NewImage: { id: { S: "o-1" } } } }],
    });
    dynamodb.destroy();
  },
  patienceMs(120_000),
);

test(
  "a function hears of what is put into a bucket",
  async () => {
    const s3 = new S3Client({ ...at(stack.endpoints.s3), forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand());
    const Bucket = Buckets.map(({ Name }) => Name).find(begins("slips"));
    await s3.send(new PutObjectCommand({ Bucket, Key: "day 1.csv", Body: "a,b" }));
    expect(await noted("read-slips")).toMatchObject({
      Records: [{ eventName: "ObjectCreated:Put", s3: { bucket: { name: Bucket }, object: { key: "day+1.csv" } } }],
    });
    s3.destroy();
  },
  patienceMs(120_000),
);

test(
  "a schedule runs its function",
  async () => {
    expect(await noted("close-day")).toMatchObject({ source: "aws.events" });
  },
  patienceMs(120_000),
);

test(
  "an API of the app's own is beside the pipeline's, and its function has the AWS SDK as in Lambda",
  async () => {
    const url = stack.ownApis["orders"] ?? "";
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/ordersapi\w+\/prod$/);
    const placed = await fetch(`${url}/orders/o-2`, { method: "PUT" });
    expect([placed.status, await placed.json()]).toEqual([201, { id: "o-2", path: "/prod/orders/o-2" }]);
    expect(await noted("orders-stream-transactions", "o-2")).toBeDefined();
    const unknown = await fetch(`${stack.endpoints.api}/orders/o-2`, { method: "PUT" });
    expect(unknown.status).toBe(404);
  },
  patienceMs(120_000),
);

test("a function can be invoked by its name", async () => {
  expect(await stack.invoke("close-day", {})).toBeNull();
});
