/**
 * What a good engineer would write in an afternoon, and no slower: `sqs-consumer` with a batch handler and its own
 * batch delete, built-in `fetch` with its kept-alive connections, bodies read, the reference library's signature, and
 * one conditional update per message. Messages hold all that is to be sent, so that no row has to be read. As many
 * messages are in flight as in the worker. Arguments: the queue's URL, the worker's window.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Message, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Consumer } from "sqs-consumer";
import { Webhook } from "standardwebhooks";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { deriveKey, parseMasterKeys, secretText } from "../../../../core/signing/signature.ts";
import { webhookId } from "../../../../core/delivery/webhook.ts";
import { MASTER_KEYS, SALT } from "../master-keys.ts";

const BATCH = 10;

const [queueUrl = "", window = ""] = process.argv.slice(2);
const sqs = new SQSClient({});
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const masterKeys = parseMasterKeys(MASTER_KEYS);
const webhooks = new Map<string, Webhook>();

for (let index = 0; index < Number(window) / BATCH; index += 1) {
  const consumer = Consumer.create({
    sqs,
    queueUrl,
    batchSize: BATCH,
    waitTimeSeconds: 2,
    suppressFifoWarning: true,
    handleMessageBatch: async (messages) => {
      await Promise.all(messages.map(confirm));
      return messages;
    },
  });
  consumer.on("error", (error) => console.error(error));
  consumer.on("processing_error", (error) => console.error(error));
  consumer.start();
}
console.log("ready");

async function confirm({ Body = "" }: Message): Promise<void> {
  const { transactionId, merchantId, url, webhook } = JSON.parse(Body) as {
    transactionId: string;
    merchantId: string;
    url: string;
    webhook: unknown;
  };
  const body = JSON.stringify(webhook);
  const id = webhookId(transactionId, 1);
  const now = new Date();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": signerOf(merchantId).sign(id, now, body),
    },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  await table.send(
    new UpdateCommand({
      TableName: "Transactions",
      Key: { transactionId },
      UpdateExpression: `SET ${ATTRIBUTES.confirmationState} = :confirmed, ${ATTRIBUTES.settledAt} = :now`,
      ConditionExpression: "version = :version",
      ExpressionAttributeValues: { ":confirmed": "CONFIRMED", ":now": Date.now(), ":version": 1 },
    }),
  );
}

function signerOf(merchantId: string): Webhook {
  const known = webhooks.get(merchantId);
  if (known !== undefined) return known;
  const secret = deriveKey(masterKeys, "v1", { merchantId, secretKeyVersion: "1", secretSalt: SALT });
  const webhook = new Webhook(secretText(secret));
  webhooks.set(merchantId, webhook);
  return webhook;
}
