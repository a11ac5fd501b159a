import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { askForCall } from "../../../../core/jobs/ask-for-call.ts";
import { readMerchantCall } from "../../../../core/jobs/merchant-call.ts";
import { MerchantServer } from "../../../flow/merchant-server.ts";
import { type EnvironmentChanges, type SmallAccount, startSmallAccount, untilReceived } from "../small-account.ts";

let account: SmallAccount;
let merchant: MerchantServer;
beforeAll(async () => {
  account = await startSmallAccount();
  merchant = await MerchantServer.start();
});
afterAll(async () => {
  await merchant.stop();
  await account.stop();
});

/** One invocation with the message of a call. @returns the ids that come again, and the job after it */
async function called(jobId: string, changes: EnvironmentChanges = {}) {
  await account.register(jobId, merchant.url(`/${jobId}`));
  await askForCall(
    { jobId, kind: "test", merchantId: jobId, requestedBy: "ada" },
    {
      put: async (row) => {
        await account.dynamodb.send(new PutItemCommand({ TableName: "Jobs", Item: row as never }));
        return true;
      },
      send: (MessageBody) =>
        account.sqs.send(new SendMessageCommand({ QueueUrl: account.urlOf("merchant-calls"), MessageBody })),
      now: Date.now,
    },
  );
  const received = await untilReceived(account, "merchant-calls");
  const left = await account.environment(changes).invoke(received);
  const { Item } = await account.dynamodb.send(
    new GetItemCommand({ TableName: "Jobs", Key: { jobId: { S: jobId } }, ConsistentRead: true }),
  );
  return { left, received, job: readMerchantCall(Item ?? {}) };
}

describe("an invocation with calls that somebody asked for", () => {
  it("makes them while everything is paused", async () => {
    await account.pauseEveryone(true);
    const { left, job } = await called("paused");
    await account.pauseEveryone(false);
    expect([left, job?.result?.outcome]).toEqual([[], "delivered"]);
    expect(merchant.to("/paused")).toHaveLength(1);
  });

  it("begins none that it has no keys for, and has them come again", async () => {
    const masterKeys = async () => {
      throw new Error("no secret");
    };
    const { left, received, job } = await called("no-keys", { masterKeys });
    expect(left).toEqual(received.messages.map(({ MessageId }) => MessageId));
    expect(job).toMatchObject({ state: "queued" });
    expect(job).not.toHaveProperty("startedAt");
    expect(merchant.to("/no-keys")).toEqual([]);
  });

  it("has a call come again whose merchant cannot be read, and begins nothing", async () => {
    account.refused.add("BatchGetItem");
    const { left, received, job } = await called("unread");
    account.refused.clear();
    expect(left).toEqual(received.messages.map(({ MessageId }) => MessageId));
    expect(job).toMatchObject({ state: "queued" });
    expect(merchant.to("/unread")).toEqual([]);
  });
});
