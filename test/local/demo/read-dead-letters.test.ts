import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { beforeEach, expect, test } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readDeadLetters } from "../../../local/demo/read-dead-letters.ts";

const sqs = mockClient(SQSClient);
const empty = {
  ApproximateNumberOfMessages: "0",
  ApproximateNumberOfMessagesNotVisible: "0",
  ApproximateNumberOfMessagesDelayed: "0",
};

beforeEach(() => {
  sqs.reset();
  sqs.onAnyCommand().rejects("not faked");
  sqs.on(DeleteMessageBatchCommand).resolves({ Successful: [], Failed: [] });
});

function message(index: number) {
  const failure = { code: "attempts_exhausted", reason: "The last of 4 attempts failed.", fault: "merchant" };
  return {
    ReceiptHandle: `r${index}`,
    Body: JSON.stringify({
      schema: 1,
      transactionId: `t-${index}`,
      version: 2,
      release: 3,
      deadLettered: true,
      failure,
    }),
  };
}

test("every message is taken, also those that an empty receive had hidden", async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message(1), message(2)] })
    .resolvesOnce({})
    .resolvesOnce({ Messages: [message(3)] })
    .resolves({});
  sqs
    .on(GetQueueAttributesCommand)
    .resolvesOnce({ Attributes: { ...empty, ApproximateNumberOfMessagesNotVisible: "1" } })
    .resolves({ Attributes: empty });
  const letters = await readDeadLetters(new SQSClient({}), "http://queue");
  expect(letters.map(({ transactionId }) => transactionId)).toEqual(["t-1", "t-2", "t-3"]);
  expect(letters[0]).toEqual({
    transactionId: "t-1",
    version: 2,
    code: "attempts_exhausted",
    reason: "The last of 4 attempts failed.",
  });
});

test("what cannot be read is a letter of nobody, not an end of the run", async () => {
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({
      Messages: [
        { Body: "{", ReceiptHandle: "r" },
        { Body: "{}", ReceiptHandle: "r2" },
      ],
    })
    .resolves({});
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: empty });
  for (const letter of await readDeadLetters(new SQSClient({}), "http://queue")) expect(letter.reason).toBe("");
});
