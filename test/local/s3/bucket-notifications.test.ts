import { expect, test } from "@jest/globals";
import { setImmediate as turn } from "node:timers/promises";
import { startBucketEvents } from "../../../local/s3/bucket-events.ts";
import { bucketNotificationsOf } from "../../../local/s3/bucket-notifications.ts";

const PUT = { bucket: "slips", key: "uploads/a b.csv", size: 3, etag: "abc", reason: "PutObject" } as const;
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:read-slips";
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:slips";
const Filter = {
  Key: {
    FilterRules: [
      { Name: "prefix", Value: "uploads/" },
      { Name: "suffix", Value: ".csv" },
    ],
  },
};

const resource = (NotificationConfiguration: object) => ({
  logicalId: "Notifications",
  type: "Custom::S3BucketNotifications",
  properties: { BucketName: "slips", NotificationConfiguration },
});

function world(configuration: object) {
  const told: unknown[] = [];
  const events = startBucketEvents({
    rules: [],
    notifications: bucketNotificationsOf([resource(configuration)]),
    invoke: async (target, event) => told.push([target, event]),
    send: async (target, body) => told.push([target, JSON.parse(body)]),
    onError: (error) => told.push(error),
  });
  return { events, told };
}

test("the function and the queue of a bucket hear of what is put into it, with its key encoded", async () => {
  const Events = ["s3:ObjectCreated:*"];
  const { events, told } = world({
    LambdaFunctionConfigurations: [{ Events, Filter, LambdaFunctionArn: FUNCTION }],
    QueueConfigurations: [{ Events, QueueArn: QUEUE }],
  });
  events.tell(PUT);
  await turn();
  const event = {
    Records: [
      expect.objectContaining({
        eventName: "ObjectCreated:Put",
        s3: expect.objectContaining({ object: expect.objectContaining({ key: "uploads/a+b.csv", size: 3 }) }),
      }),
    ],
  };
  expect(told).toEqual([
    [FUNCTION, event],
    [QUEUE, event],
  ]);
});

test("other buckets, keys and ways to put are not told of", async () => {
  const { events, told } = world({
    LambdaFunctionConfigurations: [{ Events: ["s3:ObjectCreated:Put"], Filter, LambdaFunctionArn: FUNCTION }],
  });
  events.tell({ ...PUT, bucket: "others" });
  events.tell({ ...PUT, key: "work/a.csv" });
  events.tell({ ...PUT, key: "uploads/a.txt" });
  events.tell({ ...PUT, reason: "POST Object" });
  await turn();
  expect(told).toEqual([]);
});

test.each([
  [
    { LambdaFunctionConfigurations: [{ Events: ["s3:ObjectRemoved:*"], LambdaFunctionArn: FUNCTION }] },
    /ObjectRemoved/,
  ],
  [{ TopicConfigurations: [{ Events: ["s3:ObjectCreated:*"], TopicArn: "arn" }] }, /TopicConfigurations; expected/],
])("a notification that is not known here is an error at start (%#)", (configuration, message) => {
  expect(() => bucketNotificationsOf([resource(configuration)])).toThrow(message);
});
