/** Calls that send by a channel, as the SDK makes them, told by the suite without the pipeline's code. */
import { expect, test } from "@jest/globals";
import { TOPIC_ARN } from "../../../tools/chaos/plan/recipients.ts";
import { CHANNEL_FAULTS, channelSendIn, failingSend, toldIn } from "../../../tools/chaos/proxy/channel-sends.ts";
import type { AwsCall } from "../../../tools/chaos/proxy/interference.ts";

const TOLD = { transactionId: "chaos-7-900001", version: 2 };
const MARK = "chaos-7-900001#2";
const BODY = JSON.stringify({ type: "transaction.approved", data: { ...TOLD, amount: "1.00" } });
const WHATSAPP = Buffer.from(JSON.stringify({ template: { parameters: [MARK] } })).toString("base64");
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/chaos-told.fifo";
const publish = new URLSearchParams({ Action: "Publish", TopicArn: TOPIC_ARN, Message: BODY }).toString();

test.each<[string, "cloudwatch" | "sqs", AwsCall]>([
  ["email", "cloudwatch", { operation: "POST /v2/email/outbound-emails", body: {}, text: `{"Text":"${MARK}"}` }],
  ["sms", "cloudwatch", { operation: "SendTextMessage", body: { MessageBody: `${MARK}: 1.00 EUR` } }],
  ["whatsapp", "cloudwatch", { operation: "POST /v1/whatsapp/send", body: {}, text: `{"message":"${WHATSAPP}"}` }],
  ["eventbridge", "cloudwatch", { operation: "PutEvents", body: { Entries: [{ Detail: BODY }] } }],
  ["sqs", "sqs", { operation: "SendMessage", body: { QueueUrl: QUEUE_URL, MessageBody: BODY } }],
  ["sns", "sqs", { operation: "POST /", body: {}, text: publish }],
])("a send by %s is told, and what of", (service, server, call) => {
  expect(channelSendIn(server, call)).toEqual({ service, ...TOLD });
  expect(channelSendIn("dynamodb", call)).toBeUndefined();
});

test.each<["cloudwatch" | "sqs", AwsCall]>([
  ["cloudwatch", { operation: "PutMetricData", body: {} }],
  ["sqs", { operation: "SendMessage", body: { QueueUrl: "http://q/000000000000/merchant-calls", MessageBody: BODY } }],
  ["sqs", { operation: "POST /", body: {}, text: "Action=ListTopics" }],
])("what sends nothing by a channel is none: %s", (server, call) => {
  expect(channelSendIn(server, call)).toBeUndefined();
});

test("what is of nobody is none, whatever it looks like", () => {
  for (const message of ["", "null", "[]", '{"data":{}}', '{"data":null}', "chaos-7-1"])
    expect(toldIn(message)).toBeUndefined();
});

test("a service fails in each manner, and says in its own words that it is asked too often", () => {
  expect(CHANNEL_FAULTS.map((how) => failingSend(how, "email", 9, () => 0)?.kind)).toEqual([
    "lose the answer",
    "silence",
    "refuse",
    "answer late",
    "reset",
    "drip",
  ]);
  expect(failingSend("erroring", "email", 9, () => 0)).toMatchObject({ error: { code: "TooManyRequestsException" } });
});
