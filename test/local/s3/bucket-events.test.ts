import { expect, test } from "@jest/globals";
import { startBucketEvents } from "../../../local/s3/bucket-events.ts";

const PUT = { bucket: "imports", key: "uploads/i-1", size: 3, etag: "abc", reason: "POST Object" } as const;
const rule = (EventPattern: object) => ({
  logicalId: "Uploaded",
  type: "AWS::Events::Rule",
  properties: { EventPattern, Targets: [{ Arn: "arn:importer", Id: "0" }] },
});
const PATTERN = {
  source: ["aws.s3"],
  "detail-type": ["Object Created"],
  detail: { bucket: { name: ["imports"] }, object: { key: [{ prefix: "uploads/" }] } },
};

function world(fails = 0) {
  const invoked: { target: string; event: unknown }[] = [];
  const errors: unknown[] = [];
  let left = fails;
  const events = startBucketEvents({
    rules: [rule(PATTERN), { logicalId: "EveryMinute", type: "AWS::Events::Rule", properties: {} }],
    invoke: async (target, event) => {
      invoked.push({ target, event });
      if (left-- > 0) throw new Error("failed");
      return undefined;
    },
    onError: (error) => errors.push(error),
  });
  return { events, invoked, errors };
}

test("an object that is put starts the function that asked for it, as EventBridge would", () => {
  const { events, invoked } = world();
  events.tell(PUT);
  expect(invoked).toEqual([
    {
      target: "arn:importer",
      event: expect.objectContaining({
        source: "aws.s3",
        "detail-type": "Object Created",
        detail: expect.objectContaining({
          bucket: { name: "imports" },
          object: expect.objectContaining({ key: "uploads/i-1", size: 3, etag: "abc" }),
        }),
      }),
    },
  ]);
});

test("others start nothing", () => {
  const { events, invoked } = world();
  events.tell({ ...PUT, bucket: "manifests" });
  events.tell({ ...PUT, key: "work/i-1" });
  events.stop();
  events.tell(PUT);
  expect(invoked).toEqual([]);
});

test("a pattern that is not known here is an error at start", () => {
  const other = { ...PATTERN, source: ["aws.ec2"] };
  expect(() => startBucketEvents({ rules: [rule(other)], invoke: async () => {}, onError: () => {} })).toThrow(
    "this machine knows patterns of objects",
  );
});
