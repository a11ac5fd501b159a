/**
 * The stack of this machine from end to end, with merchants on loopback: first as fast as it goes, then idle, one at a
 * time.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { boundedClient } from "../../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../../core/aws/call-limits.ts";
import { TableReader } from "../../../local/demo/read-table.ts";
import { registerMerchants } from "../../../local/demo/register-merchants.ts";
import { demoSettings } from "../../../local/demo/settings.ts";
import type { LocalStack } from "../../../local/local-stack.ts";
import { CHECKOUT } from "../../../local/checkout.ts";
import { startLocalStack } from "../../../local/stack.ts";
import { waitUntil } from "../../../local/demo/wait-until.ts";
import type { BenchOptions } from "../cost/options.ts";
import { type ApiLatency, apiLatency, submittedFor } from "./api-latency.ts";
import { type IdleLatency, idleLatency } from "./idle-latency.ts";
import { MERCHANT_IDS } from "./insert-rows.ts";
import { LoopbackMerchants } from "./loopback-merchants.ts";
import { type PlainCall, plainAws } from "./plain-aws.ts";
import { StreamInvocation } from "./stream-invocation.ts";
import { type Timed, timedInsert, warmUpCount } from "./timed-insert.ts";

export interface WholePipeline extends Timed {
  readonly idle: IdleLatency;
  readonly idleDirect: ApiLatency;
  /** Webhooks beyond the first of a transaction. */
  readonly duplicates: number;
  /** Transactions that did not get through at first and were put back on the queue. */
  readonly released: number;
}

const IDLE = { transactions: 50, pauseMs: 500 } as const;
const TERMINAL_WITHIN_MS = 20_000;
const SMOKE_IDLE = { transactions: 2, pauseMs: 1 } as const;

/** @throws Error when a transaction was not confirmed, or a signature was wrong */
export async function wholePipeline(
  { transactions, smoke }: BenchOptions,
  stateDirectory: string,
  note: (line: string) => void,
): Promise<WholePipeline> {
  await using started = new AsyncDisposableStack();
  const merchants = await LoopbackMerchants.start(MERCHANT_IDS.length);
  started.defer(() => merchants.stop());
  const invocation = new StreamInvocation();
  const stack = await startLocalStack({
    ...CHECKOUT,
    stateDirectory,
    fresh: true,
    load: "sustained",
    settings: { ...demoSettings(merchants.ports, false), api: { enqueue: "direct" } },
    interposition: { invocation: invocation.watch },
  });
  started.defer(() => stack.stop());
  const aws = plainAws(stack.endpoints);
  started.defer(() => aws.close());
  merchants.trust(await register(stack, merchants.ports));
  const table = { dynamodb: aws.dynamodb, tableName: stack.transactionsTable };
  const timed = await timedInsert({
    ...table,
    transactions,
    areDone: async (count) => merchants.visits.size >= count && (await areTerminal(stack, count)),
    state: () => `${merchants.visits.size} were delivered`,
  });
  note(`The whole pipeline: ${timed.perSecond.toFixed(0)} a second; now idle.`);
  const { size } = merchants.visits;
  const pace = smoke ? SMOKE_IDLE : IDLE;
  const idle = await idleLatency({ ...table, merchants, invocation, first: size, ...pace });
  const idleDirect = await apiLatency({ stack, merchants, first: size + idle.transactions, ...pace });
  const idled = idle.transactions + submittedFor(idleDirect.transactions);
  await untilTerminal(stack, size + idled);
  await check(stack, merchants, warmUpCount(transactions) + transactions + idled);
  const released = await releasedRows(aws.dynamodb, stack.transactionsTable);
  return { ...timed, idle, idleDirect, duplicates: merchants.calls - merchants.visits.size, released };
}

/** The last one was delivered, and may not be recorded yet. */
async function untilTerminal(stack: LocalStack, count: number): Promise<void> {
  const wait = { everyMs: 20, untilMs: Date.now() + TERMINAL_WITHIN_MS, isStopped: () => false };
  await waitUntil(() => areTerminal(stack, count), wait);
}

async function areTerminal(stack: LocalStack, count: number): Promise<boolean> {
  const { confirmed, queued } = await stack.counters();
  return confirmed >= count && queued === 0;
}

async function register(stack: LocalStack, ports: readonly number[]): Promise<Record<string, string>> {
  const client = clientOf(stack);
  try {
    return await registerMerchants({
      client,
      stack,
      merchants: MERCHANT_IDS.map((merchantId) => ({ merchantId })),
      confirmationUrls: Object.fromEntries(
        MERCHANT_IDS.map((merchantId, index) => [merchantId, `http://127.0.0.1:${ports[index]}/confirmations`]),
      ),
    });
  } finally {
    client.destroy();
  }
}

async function check(stack: LocalStack, merchants: LoopbackMerchants, owed: number): Promise<void> {
  const client = clientOf(stack);
  const rows = await new TableReader(client, stack.transactionsTable).rows();
  client.destroy();
  const confirmed = rows.filter(({ state }) => state === "CONFIRMED").length;
  if (confirmed !== owed || merchants.visits.size !== owed)
    throw new Error(`Of ${owed} transactions ${merchants.visits.size} were delivered and ${confirmed} confirmed.`);
  if (merchants.unverified > 0 || merchants.verified === 0)
    throw new Error(`${merchants.unverified} webhooks had a wrong signature, ${merchants.verified} a right one.`);
}

async function releasedRows(dynamodb: PlainCall, TableName: string): Promise<number> {
  let count = 0;
  let ExclusiveStartKey: unknown;
  do {
    const page = await dynamodb<{ Count: number; LastEvaluatedKey?: unknown }>("Scan", {
      TableName,
      FilterExpression: `attribute_exists(${ATTRIBUTES.releaseNumber})`,
      Select: "COUNT",
      ExclusiveStartKey,
    });
    count += page.Count;
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return count;
}

function clientOf({ region, credentials, endpoints }: LocalStack): DynamoDBClient {
  return boundedClient(DynamoDBClient, LOCAL_LIMITS, { region, credentials, endpoint: endpoints.dynamodb });
}
