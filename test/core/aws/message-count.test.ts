import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { messageCount } from "../../../core/aws/message-count.ts";

const sqs = mockClient(SQSClient);
const client = new SQSClient({ region: "eu-central-1" });
const count = () => messageCount(client, "http://127.0.0.1/0/confirmations.fifo");

describe("the count of a queue's messages", () => {
  it("takes in those in flight and delayed", async () => {
    sqs.on(GetQueueAttributesCommand).resolves({
      Attributes: {
        ApproximateNumberOfMessages: "1",
        ApproximateNumberOfMessagesNotVisible: "20",
        ApproximateNumberOfMessagesDelayed: "300",
      },
    });
    expect(await count()).toBe(321);
  });

  it("is unknown when one of them is missing, and not 0", async () => {
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: "0" } });
    expect(await count()).toBeUndefined();
    sqs.on(GetQueueAttributesCommand).resolves({});
    expect(await count()).toBeUndefined();
  });
});
