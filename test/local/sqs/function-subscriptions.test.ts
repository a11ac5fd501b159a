import { describe, expect, it } from "@jest/globals";
import {
  asTopic,
  functionSubscriptionsOf,
  ofQueuesAlone,
  snsEvent,
} from "../../../local/sqs/function-subscriptions.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:placed";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:hear";
const resource = (logicalId: string, properties: Record<string, unknown>) => ({ logicalId, type: "Test", properties });
const subscriptions = [
  resource("OfQueue", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: "arn:aws:sqs:us-east-1:000000000000:q" }),
  resource("OfFunction", { TopicArn: TOPIC, Protocol: "lambda", Endpoint: FUNCTION, FilterPolicy: { a: ["b"] } }),
];
const found = functionSubscriptionsOf(subscriptions, [resource("Hear", { Timeout: 30 })], () => FUNCTION);
const event = { Records: [{ body: JSON.stringify({ Type: "Notification", Message: "m" }) }] };

describe("the subscription of a function", () => {
  it("has a queue in its place that keeps a message for as long as all attempts take", () => {
    expect(found).toMatchObject([
      {
        topicArn: TOPIC,
        queue: { name: "sns-OfFunction", properties: { VisibilityTimeout: "93" } },
        mapping: { functionName: FUNCTION, queueName: "sns-OfFunction", batchSize: 1 },
      },
    ]);
    expect(ofQueuesAlone(subscriptions, found).map(({ properties }) => properties)).toEqual([
      subscriptions[0]?.properties,
      {
        TopicArn: TOPIC,
        Protocol: "sqs",
        Endpoint: "arn:aws:sqs:us-east-1:000000000000:sns-OfFunction",
        FilterPolicy: { a: ["b"] },
      },
    ]);
  });

  it("is given an event of SNS", () => {
    const body = { Type: "Notification", Message: "m", SigningCertURL: "cert", UnsubscribeURL: "url" };
    expect(snsEvent(TOPIC, JSON.stringify(body))).toEqual({
      Records: [
        {
          EventSource: "aws:sns",
          EventVersion: "1.0",
          EventSubscriptionArn: `${TOPIC}:local`,
          Sns: {
            Type: "Notification",
            Message: "m",
            Subject: null,
            MessageAttributes: {},
            SigningCertUrl: "cert",
            UnsubscribeUrl: "url",
          },
        },
      ],
    });
  });

  it("is tried twice more and then given up, and kept when the stack stops", async () => {
    const [subscription] = found;
    if (subscription === undefined) throw new Error("there is none");
    let calls = 0;
    const fails = () => {
      calls += 1;
      return Promise.reject(new Error("not now"));
    };
    await expect(asTopic(subscription, fails, new AbortController().signal)(FUNCTION, event)).resolves.toBeUndefined();
    expect(calls).toBe(3);
    await expect(asTopic(subscription, fails, AbortSignal.abort())(FUNCTION, event)).rejects.toThrow("not now");
    expect(calls).toBe(4);
  });
});
