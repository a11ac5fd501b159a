/** Rows of a merchant that were confirmed an hour ago, as they are in the table by then. */
import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { RowKeySettings } from "../../../core/settings/row-key-settings.ts";
import { fakeRow } from "../../../core/transaction/fake-transaction.ts";

const BATCH = 25;
const AT_ONCE = 4;
const HOUR_MS = 3_600_000;

export async function putConfirmedRows(
  client: DynamoDBClient,
  tableName: string,
  rowKeys: RowKeySettings,
  merchantId: string,
  count: number,
): Promise<void> {
  const at = Date.now() - HOUR_MS;
  const item = (number: number) => {
    const transaction = { transactionId: `again-${number}`, version: 1, merchantId, occurredAt: new Date(at) };
    const { dueKey: _, dueAt: __, ...row } = fakeRow({ ...transaction, amountCents: 990, isLast: true }, rowKeys, at);
    return {
      ...row,
      [ATTRIBUTES.confirmationState]: { S: "CONFIRMED" },
      [ATTRIBUTES.stateVersion]: { N: "1" },
      [ATTRIBUTES.settledAt]: { N: String(at) },
    };
  };
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < count) {
      const from = next;
      next += BATCH;
      const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
      let puts = numbers.map((number) => ({ PutRequest: { Item: item(number) as never } }));
      while (puts.length > 0) {
        const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } });
        const { UnprocessedItems = {} } = await client.send(command);
        puts = (UnprocessedItems[tableName] ?? []) as typeof puts;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, write));
}
