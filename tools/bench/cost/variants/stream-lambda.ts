/**
 * The bundled `stream-transactions` function, invoked with stream events of new rows as long as its standard input says
 * `go`; ends with it. Prints how many records it has handled each time it is told `stop`. Arguments: the bundle, the
 * records of an event.
 */
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { createInterface } from "node:readline";

const [bundle = "", records = ""] = process.argv.slice(2);
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
const context = { awsRequestId: "bench", functionName: "stream-transactions", getRemainingTimeInMillis: () => 60_000 };
const work = { isGoing: false };
let handled = 0;

async function run(): Promise<void> {
  while (work.isGoing) {
    const response = (await handler(eventOf(Number(records)), context)) as { batchItemFailures?: unknown[] };
    if ((response.batchItemFailures?.length ?? 0) > 0) throw new Error("records were not handled");
    handled += Number(records);
  }
  console.log(`handled ${handled}`);
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    work.isGoing = line === "go";
    if (work.isGoing) void run();
  })
  .on("close", () => process.exit());
console.log("ready");

function eventOf(count: number): unknown {
  return {
    Records: Array.from({ length: count }, (_, index) => {
      const number = handled + index;
      const transactionId = `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
      return {
        eventID: transactionId,
        eventName: "INSERT",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "us-east-1",
        eventSourceARN: "arn:aws:dynamodb:us-east-1:000000000000:table/Transactions/stream/2026-11-22T00:00:00.000",
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
          Keys: { transactionId: { S: transactionId } },
          SequenceNumber: String(100_000_000_000_000_000_000_000n + BigInt(number)),
          SizeBytes: 600,
          StreamViewType: "NEW_AND_OLD_IMAGES",
          NewImage: {
            transactionId: { S: transactionId },
            version: { N: "1" },
            merchantId: { S: `merchant-${number % 1000}` },
            outcome: { S: "APPROVED" },
            amount: { S: "129.90" },
            currency: { S: "EUR" },
            occurredAt: { S: "2026-11-22T08:00:00.000Z" },
            [ATTRIBUTES.merchantKey]: { S: `merchant-${number % 1000}#2026-11-22#1` },
            [ATTRIBUTES.dueKey]: { S: "P#7" },
            [ATTRIBUTES.dueAt]: { N: String(Date.now() + 900_000) },
            payload: { M: { reference: { S: `order-${number}` }, terminal: { S: "POS-0042-RIO-BRANCO" } } },
          },
        },
      };
    }),
  };
}
