/** Gates of the merchants for which something waits, from the sparse index of the MerchantGates table. */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { waitingMerchantKeys } from "../transaction/row/index-keys.ts";
import { type MerchantHealth, merchantIdOfHealth, parseMerchantHealth } from "../merchant/merchant-health.ts";
import { WAITING_INDEX } from "../settings/names.ts";

/** @returns health rows by merchant id, as the index has them: it lags a little behind the table */
export async function waitingMerchants(client: DynamoDBClient, table: string): Promise<Map<string, MerchantHealth>> {
  const shards = await Promise.all(waitingMerchantKeys().map((waitingKey) => rowsUnder(client, table, waitingKey)));
  return new Map(shards.flat().map((row) => [merchantIdOfHealth(row), parseMerchantHealth(row)]));
}

async function rowsUnder(client: DynamoDBClient, table: string, waitingKey: string): Promise<AttributeMap[]> {
  const rows: AttributeMap[] = [];
  let start: AttributeMap | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: WAITING_INDEX,
        KeyConditionExpression: "waitingKey = :key",
        ExpressionAttributeValues: { ":key": { S: waitingKey } },
        ...(start !== undefined && { ExclusiveStartKey: start as never }),
      }),
    );
    rows.push(...(Items as AttributeMap[]));
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return rows;
}
