/**
 * Registers fake merchants, then inserts fake transactions at an even rate until done or nearly out of time.
 *
 * Written as single puts side by side, each with the condition of a cooperative producer: `BatchWriteItem` knows no
 * conditions, `TransactWriteItems` costs twice as much and lets one row refuse a hundred, and a PartiQL batch has to be
 * taken apart and repeated by hand where the SDK repeats a throttled put by itself.
 */
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { RowKeySettings } from "../../core/settings/row-key-settings.ts";
import { registerOwnMerchant } from "../../core/aws/register-own-merchant.ts";
import { testMerchantId } from "../../core/merchant/test-merchants.ts";
import { BAD_KINDS, fakeRow, putParameters, type FakeTransaction } from "../../core/transaction/fake-transaction.ts";
import type { ProducerTraces } from "./producer-traces.ts";
import type { InsertRequest } from "./request.ts";
import { runPaced } from "./run-paced.ts";
import { errorLine } from "../../core/errors/error-fields.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export interface InsertConfiguration extends RowKeySettings {
  readonly transactionsTable: string;
  readonly merchantsTable: string;
  /** Where the confirmations of the fake merchants go. */
  readonly confirmationUrl: string;
}

export interface InsertDependencies {
  readonly client: DynamoDBClient;
  readonly configuration: InsertConfiguration;
  readonly nowMs: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly random: () => number;
  /** Salt of a merchant's secret; from a cryptographic source. */
  readonly randomBytes: (bytes: number) => Buffer;
  readonly remainingMs: () => number;
  readonly traces: Pick<ProducerTraces, "begin">;
}

export interface InsertResult {
  /** Transactions; those with a second version count once. */
  readonly inserted: number;
  readonly secondVersions: number;
  readonly bad: number;
  /** Those with an ordering key. */
  readonly ordered: number;
  readonly merchants: number;
  /** Set if it ended before `count`: why, and the event that goes on from there. */
  readonly stoppedEarly?: { readonly reason: string; readonly next: InsertRequest };
}

/** DynamoDB refused a write for good; the message says how many were inserted before. */
export class InsertError extends PipelineError {
  override readonly name = "InsertError";
  readonly code = "INSERT_STOPPED";
}

/** Writes under way at once; at some milliseconds each, enough for several thousand a second. */
const CONCURRENCY = 64;
/** Time kept to finish what is under way and to answer. */
const RESERVE_MS = 5000;
const RUN_ID_BYTES = 6;
const HIGHEST_AMOUNT_CENTS = 100_000;
/** A key gets through about a dozen a second at a merchant that answers in 50 ms. */
const ORDERING_KEYS_A_MERCHANT = 10;

export async function insertFakeTransactions(
  request: InsertRequest,
  dependencies: InsertDependencies,
): Promise<InsertResult> {
  const { client, configuration, nowMs, sleep, random, remainingMs, randomBytes } = dependencies;
  const hasTimeLeft = () => remainingMs() > RESERVE_MS;
  const merchantIds = Array.from({ length: request.merchants }, (_, index) => testMerchantId(index + 1));
  const everything = { ratePerSecond: Number.POSITIVE_INFINITY, concurrency: CONCURRENCY, hasTimeLeft, nowMs, sleep };
  const registered = await runPaced({ ...everything, count: merchantIds.length }, (index) =>
    registerOwnMerchant(client, { ...configuration, merchantId: merchantIds[index] as string, randomBytes }),
  );
  if (registered.failure !== undefined)
    throw refused("merchants", registered.done, request.merchants, registered.failure);

  const runId = randomBytes(RUN_ID_BYTES).toString("hex");
  let bad = 0;
  let secondVersions = 0;
  let ordered = 0;
  const pace = {
    ...everything,
    count: registered.done < request.merchants ? 0 : request.count,
    ratePerSecond: request.ratePerSecond,
  };
  const { done, failure } = await runPaced(pace, async (index) => {
    const isBad = random() < request.badShare;
    const hasSecond = !isBad && random() < request.secondVersionShare;
    const orderingKey = random() < request.orderedShare ? drawOrderingKey(random) : undefined;
    const first = {
      transactionId: `fake-${runId}-${index + 1}`,
      version: 1,
      merchantId: merchantIds[index % merchantIds.length] as string,
      occurredAt: new Date(nowMs()),
      amountCents: 1 + Math.floor(random() * HIGHEST_AMOUNT_CENTS),
      isLast: !hasSecond,
      ...(isBad && { bad: BAD_KINDS[index % BAD_KINDS.length] as (typeof BAD_KINDS)[number] }),
      ...(orderingKey !== undefined && { orderingKey }),
    };
    const trace = await put(first, dependencies);
    if (hasSecond) await put({ ...first, version: 2, isLast: true, traceHeader: trace }, dependencies);
    if (isBad) bad += 1;
    if (hasSecond) secondVersions += 1;
    if (orderingKey !== undefined) ordered += 1;
  });
  if (failure !== undefined) throw refused("transactions", done, request.count, failure);
  return {
    inserted: done,
    secondVersions,
    bad,
    ordered,
    merchants: registered.done,
    ...(done < request.count && { stoppedEarly: outOfTime(request, done) }),
  };
}

function drawOrderingKey(random: () => number): string {
  return `account-${1 + Math.floor(random() * ORDERING_KEYS_A_MERCHANT)}`;
}

/** @param transaction with the trace header of the version before, if there is one. @returns its own */
async function put(
  transaction: FakeTransaction,
  { client, configuration, traces, nowMs }: InsertDependencies,
): Promise<string> {
  const trace = traces.begin(transaction, transaction.traceHeader);
  const row = fakeRow({ ...transaction, traceHeader: trace.header }, configuration, nowMs());
  await client.send(new PutItemCommand(putParameters(configuration.transactionsTable, row)));
  trace.put();
  return trace.header;
}

function outOfTime(request: InsertRequest, done: number): InsertResult["stoppedEarly"] & {} {
  const reason =
    `The function ran out of its time after ${done} of ${request.count} transactions. Invoke it again with ` +
    `the event in "next", or raise its timeout or ratePerSecond.`;
  return { reason, next: { ...request, count: request.count - done } };
}

function refused(what: string, done: number, wanted: number, cause: unknown): InsertError {
  return new InsertError(
    `Inserted ${done} of ${wanted} ${what}, then DynamoDB refused one: ${errorLine(cause)}. Mend the cause, ` +
      `then ask for the other ${wanted - done}.`,
    { cause },
  );
}
