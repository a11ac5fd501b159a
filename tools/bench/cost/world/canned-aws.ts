/**
 * The AWS side of the benchmark: SQS and DynamoDB as their JSON protocols look on the wire (status, headers, MD5 of
 * bodies), with canned content. It keeps no state but the lane's counts, so that what is measured is the caller.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
 */
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import { crc32 } from "node:zlib";
import type { Lane } from "./lane.ts";
import { transactionIdOf } from "./transaction.ts";

type Json = Readonly<Record<string, unknown>>;
type CannedResponse = (request: Json, slot: Lane) => unknown;

/** As long as those of SQS are. */
const HANDLE_PADDING = "A".repeat(340);
const MAX_WAIT_MS = 2000;
/** How often a receive that waits looks for messages again. */
const LOOK_EVERY_MS = 2;

const ANSWERS: Readonly<Record<string, CannedResponse>> = {
  "AmazonSQS.DeleteMessageBatch": ({ Entries }: Json, slot) => {
    const entries = Entries as { Id: string; ReceiptHandle: string }[];
    slot.deleted(entries.length);
    return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
  },
  "AmazonSQS.ChangeMessageVisibilityBatch": ({ Entries }: Json) => ({
    Successful: (Entries as { Id: string }[]).map(({ Id }) => ({ Id })),
    Failed: [],
  }),
  "AmazonSQS.SendMessageBatch": ({ Entries }: Json, slot) => {
    const entries = Entries as { Id: string; MessageBody: string }[];
    slot.counts.received += entries.length;
    return {
      Successful: entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: md5(MessageBody),
        SequenceNumber: "18849496460467696128",
      })),
      Failed: [],
    };
  },
  "DynamoDB_20120810.BatchGetItem": ({ RequestItems }: Json, slot) => {
    const [table = ""] = Object.keys(RequestItems as object);
    const { Keys } = (RequestItems as Record<string, { Keys: Record<string, { S: string }>[] }>)[table] ?? { Keys: [] };
    return { Responses: { [table]: Keys.flatMap((key) => itemOf(key, slot, table)) }, UnprocessedKeys: {} };
  },
  "DynamoDB_20120810.BatchExecuteStatement": ({ Statements }: Json, slot) => {
    const statements = Statements as { Statement: string; Parameters: { S?: string }[] }[];
    for (const { Parameters } of statements) {
      const transactionId = Parameters.find(({ S }) => S !== undefined && /^[0-9a-f]{8}-0000-4000-8000/.test(S))?.S;
      if (transactionId !== undefined) slot.recorded(transactionId);
    }
    return { Responses: statements.map(() => ({ TableName: "Transactions" })) };
  },
  "DynamoDB_20120810.UpdateItem": ({ Key }: Json, slot) => {
    slot.recorded((Key as { transactionId: { S: string } }).transactionId.S);
    return {};
  },
};

/** One server for the three services of a lane. */
export function cannedAws(slot: Lane): Server {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      // A file of the journal, for S3.
      if (request.method === "PUT") {
        response.writeHead(200, { etag: '"0"', "content-length": 0 }).end();
        return;
      }
      const target = String(request.headers["x-amz-target"]);
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Json;
      const send = (output: unknown) => {
        const body = Buffer.from(JSON.stringify(output));
        response.writeHead(output === UNKNOWN ? 400 : 200, {
          "content-type": "application/x-amz-json-1.0",
          "content-length": body.length,
          "x-amzn-requestid": "0F1E2D3C4B5A69788796A5B4C3D2E1F0",
          "x-amz-crc32": crc32(body),
        });
        response.end(body);
      };
      if (target === "AmazonSQS.ReceiveMessage") receive(input, slot, send);
      else send(ANSWERS[target]?.(input, slot) ?? UNKNOWN);
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

const UNKNOWN = { __type: "com.amazonaws#UnknownOperationException" };

function receive(input: Json, slot: Lane, send: (output: unknown) => void): void {
  const most = Number(input["MaxNumberOfMessages"] ?? 1);
  const until = performance.now() + Math.min(MAX_WAIT_MS, Number(input["WaitTimeSeconds"] ?? 0) * 1000);
  // Of the ordered queue nothing is measured.
  const isOther = !String(input["QueueUrl"]).endsWith("/confirmations.fifo");
  const look = () => {
    const numbers = isOther ? [] : slot.take(most);
    if (numbers.length === 0 && performance.now() < until) setTimeout(look, LOOK_EVERY_MS);
    else send(numbers.length === 0 ? {} : { Messages: numbers.map((number) => messageOf(number, slot)) });
  };
  look();
}

function messageOf(number: number, slot: Lane): unknown {
  const { body: Body, sentAt } = slot.messageOf(number);
  return {
    MessageId: transactionIdOf(number),
    ReceiptHandle: `AQEB${HANDLE_PADDING}${number}==`,
    MD5OfBody: md5(Body),
    Body,
    Attributes: {
      MessageGroupId: transactionIdOf(number),
      ApproximateReceiveCount: "1",
      SentTimestamp: String(sentAt),
    },
  };
}

function itemOf(key: Record<string, { S: string }>, slot: Lane, table: string): unknown[] {
  const { transactionId, merchantId } = key;
  if (transactionId !== undefined) return [slot.rowOf(transactionId.S)];
  // Nearly no merchant has a health row.
  return merchantId === undefined || table.endsWith("Gates") ? [] : [slot.merchantOf(merchantId.S)];
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
