/** Ids of rows whose time has come, from one partition of the due index, the longest due first, or the last. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { DUE_INDEX } from "../settings/names.ts";

/**
 * @param dueUntil epoch milliseconds.
 * @param limit most ids to return; what is left comes next time.
 * @param isLastFirst what is due last comes first
 */
export async function dueTransactionIds(
  client: DynamoDBClient,
  table: string,
  dueKey: string,
  dueUntil: number,
  limit: number,
  isLastFirst = false,
): Promise<string[]> {
  const output = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: DUE_INDEX,
      KeyConditionExpression: `${ATTRIBUTES.dueKey} = :dueKey AND ${ATTRIBUTES.dueAt} <= :dueUntil`,
      ExpressionAttributeValues: { ":dueKey": { S: dueKey }, ":dueUntil": { N: String(dueUntil) } },
      Limit: limit,
      ScanIndexForward: !isLastFirst,
    }),
  );
  return (output.Items ?? []).flatMap(({ transactionId }) => (transactionId?.S === undefined ? [] : [transactionId.S]));
}
