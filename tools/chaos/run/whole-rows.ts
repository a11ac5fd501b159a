/**
 * Rows of the table as they are at the end, with all that the suite judges by: read with plain calls, not through the
 * pipeline's code.
 */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { contentOf } from "../../../local/demo/fleet/merchant-server.ts";

export interface RowAttempt {
  /** Epoch milliseconds by the worker's clock. */
  readonly at: number;
  readonly durationMs: number;
  readonly outcome: string;
  readonly status?: number;
  /** It does not count among the attempts: a busy merchant that says when to come back. */
  readonly isFree: boolean;
  readonly error?: string;
}

export interface WholeRow {
  readonly transactionId: string;
  readonly version: number;
  readonly state: string;
  readonly failureCode?: string;
  readonly merchantId: string;
  /** Tries that the row says were used up. */
  readonly attemptCount: number;
  readonly attempts: readonly RowAttempt[];
  /** When its version became terminal, epoch milliseconds. */
  readonly settledAt?: number;
  readonly redelivery?: RowRedelivery;
  /** What its merchant is told when it is called now. */
  readonly content: string;
  /** What the row says that a merchant was told, in the same form. */
  readonly accepted?: string;
}

/** The mark of a job. */
export interface RowRedelivery {
  readonly jobId: string;
  readonly version: number;
  /** Missing while it is owed. */
  readonly result?: string;
  /** It had failed when it was marked. */
  readonly isReopened: boolean;
}

type Attributes = Readonly<Record<string, AttributeValue>>;

const BUSY = new Set([429, 503]);

export async function wholeRows(client: DynamoDBClient, tableName: string): Promise<WholeRow[]> {
  const rows: WholeRow[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    rows.push(...(page.Items ?? []).map(wholeRow));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

export function wholeRow(item: Attributes): WholeRow {
  const failureCode = item[ATTRIBUTES.failure]?.M?.["code"]?.S;
  const accepted = item[ATTRIBUTES.accepted]?.M;
  return {
    transactionId: item["transactionId"]?.S ?? "",
    version: Number(item["version"]?.N),
    state: item[ATTRIBUTES.confirmationState]?.S ?? "PENDING",
    ...(failureCode !== undefined && { failureCode }),
    merchantId: item["merchantId"]?.S ?? "",
    attemptCount: Number(item[ATTRIBUTES.attemptCount]?.N ?? 0),
    attempts: (item[ATTRIBUTES.attempts]?.L ?? []).flatMap(({ M }) => (M === undefined ? [] : [attemptOf(M)])),
    ...settledIn(item),
    ...redeliveryIn(item[ATTRIBUTES.redelivery]?.M),
    content: contentIn(item),
    ...(accepted !== undefined && { accepted: contentIn(accepted) }),
  };
}

function settledIn(item: Attributes): { readonly settledAt?: number } {
  const settledAt = item[ATTRIBUTES.settledAt]?.N;
  const isOfVersion = item[ATTRIBUTES.stateVersion]?.N === item["version"]?.N;
  return settledAt !== undefined && isOfVersion ? { settledAt: Number(settledAt) } : {};
}

function redeliveryIn(mark: Attributes | undefined): { readonly redelivery?: RowRedelivery } {
  if (mark === undefined) return {};
  const result = mark["result"]?.S;
  const redelivery = {
    jobId: mark["jobId"]?.S ?? "",
    version: Number(mark["version"]?.N),
    ...(result !== undefined && { result }),
    isReopened: mark["reopens"] !== undefined,
  };
  return { redelivery };
}

function attemptOf(entry: Attributes): RowAttempt {
  const status = entry["status"]?.N === undefined ? undefined : Number(entry["status"].N);
  const error = entry["error"]?.S;
  return {
    at: Number(entry["at"]?.N),
    durationMs: Number(entry["durationMs"]?.N),
    outcome: entry["outcome"]?.S ?? "",
    ...(status !== undefined && { status }),
    isFree: entry["retryAfterSeconds"] !== undefined && BUSY.has(status ?? 0),
    ...(error !== undefined && { error }),
  };
}

/** Only what is a text is told. */
function contentIn(item: Attributes): string {
  const reported = ["merchantId", "outcome", "amount", "currency"].flatMap((name) => {
    const value = item[name]?.S;
    return value === undefined ? [] : [[name, value] as const];
  });
  return contentOf(Object.fromEntries(reported));
}
