/** Rows of recipients as the suite judges by them: read with plain calls, not through the pipeline's code. */
import { type AttributeValue, type DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { isRecipient } from "../../plan/recipients.ts";

export interface RecipientRow {
  readonly transactionId: string;
  readonly merchantId: string;
  readonly version: number;
  /** `PENDING` when the row's state is not of its version. */
  readonly state: string;
  readonly failure?: { readonly code: string; readonly reason: string };
  /** Of its version; undefined where there are none. */
  readonly steps?: {
    readonly done: readonly { readonly channel: string; readonly result: string }[];
    /** The channel that is on, and whether the row says that its message is out. */
    readonly current?: { readonly channel: string; readonly isKnown: boolean };
  };
  readonly attempts: readonly { readonly channel: string; readonly outcome: string }[];
}

type Attributes = Readonly<Record<string, AttributeValue>>;

export async function recipientRows(client: DynamoDBClient, tableName: string): Promise<RecipientRow[]> {
  const rows: RecipientRow[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    rows.push(...(page.Items ?? []).map(recipientRow).filter(({ merchantId }) => isRecipient(merchantId)));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}

/** Consistent reads by id. */
export async function recipientRowsOf(
  client: DynamoDBClient,
  tableName: string,
  transactionIds: readonly string[],
): Promise<Map<string, RecipientRow>> {
  const read = transactionIds.map(async (id) => {
    const Key = { transactionId: { S: id } };
    const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }));
    return Item === undefined ? [] : [[id, recipientRow(Item)] as const];
  });
  return new Map((await Promise.all(read)).flat());
}

export function recipientRow(item: Attributes): RecipientRow {
  const version = Number(item["version"]?.N);
  const isCurrent = Number(item[ATTRIBUTES.stateVersion]?.N) === version;
  const failure = item[ATTRIBUTES.failure]?.M;
  const steps = item[ATTRIBUTES.steps]?.M;
  const attempts = isCurrent ? (item[ATTRIBUTES.attempts]?.L ?? []) : [];
  return {
    transactionId: item["transactionId"]?.S ?? "",
    merchantId: item["merchantId"]?.S ?? "",
    version,
    state: (isCurrent && item[ATTRIBUTES.confirmationState]?.S) || "PENDING",
    ...(failure !== undefined && { failure: { code: failure["code"]?.S ?? "", reason: failure["reason"]?.S ?? "" } }),
    ...(Number(steps?.["version"]?.N) === version && { steps: stepsIn(steps ?? {}) }),
    attempts: attempts.map(({ M = {} }) => ({
      channel: M["channel"]?.S ?? "web",
      outcome: M["outcome"]?.S ?? "",
    })),
  };
}

function stepsIn(steps: Attributes): NonNullable<RecipientRow["steps"]> {
  const current = steps["current"]?.M;
  const done = (steps["done"]?.L ?? []).map(({ M = {} }) => ({
    channel: M["channel"]?.S ?? "",
    result: M["result"]?.S ?? "",
  }));
  if (current === undefined) return { done };
  const isKnown = current["result"] !== undefined || current["intent"]?.M?.["isSent"]?.BOOL === true;
  return { done, current: { channel: current["channel"]?.S ?? "", isKnown } };
}
