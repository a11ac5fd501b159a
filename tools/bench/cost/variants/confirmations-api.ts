/**
 * The bundled `confirmations-api` function, invoked with requests that submit transactions as long as its standard
 * input says `go`; ends with it. That requests are made, as API Gateway hands them over, is measured with the rest.
 * Arguments: the bundle, the transactions of a request.
 */
import { createInterface } from "node:readline";
import { webhookOf } from "../world/transaction.ts";

const [bundle = "", batch = "1"] = process.argv.slice(2);
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<Answer> };
const context = { awsRequestId: "bench", functionName: "confirmations-api", getRemainingTimeInMillis: () => 25_000 };
const work = { isGoing: false };
const isBatch = Number(batch) > 1;
const MERCHANTS = 1000;
let made = 0;

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

async function run(): Promise<void> {
  while (work.isGoing) {
    const answer = await handler(eventOf(Number(batch)), context);
    const isTaken = isBatch ? answer.body.startsWith(`{"accepted":${batch},`) : answer.statusCode === 201;
    if (!isTaken) throw new Error(`transactions were not taken: ${answer.statusCode} ${answer.body.slice(0, 1000)}`);
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    work.isGoing = line === "go";
    if (work.isGoing) void run();
  })
  .on("close", () => process.exit());
console.log("ready");

function eventOf(count: number): unknown {
  const transactions = Array.from({ length: count }, () => transactionOf(made++));
  const path = isBatch ? "/v1/transactions/batch" : "/v1/transactions";
  return {
    resource: "/v1/{proxy+}",
    path,
    httpMethod: "POST",
    headers: { host: "api.example", "content-type": "application/json", authorization: "Bearer x" },
    multiValueHeaders: { host: ["api.example"], "content-type": ["application/json"], authorization: ["Bearer x"] },
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice("/v1/".length) },
    requestContext: {
      requestId: `request-${made}`,
      path: `/prod${path}`,
      domainName: "api.example",
      authorizer: { subject: "benchmark", clientId: "benchmark", scopes: "transactions:write", merchantId: "" },
    },
    body: JSON.stringify(isBatch ? { transactions } : transactions[0]),
    isBase64Encoded: false,
  };
}

function transactionOf(number: number): unknown {
  const { transactionId, merchantId, outcome, amount, currency, occurredAt, ...payload } = webhookOf(
    number,
    MERCHANTS,
  ).data;
  const { version: _of, ...members } = payload;
  return { transactionId, merchantId, outcome, amount, currency, occurredAt, payload: members };
}
