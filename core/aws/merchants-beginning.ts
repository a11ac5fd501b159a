/**
 * Merchants whose ids begin with a text, in the order of ids: a query of the index of ids and a read of their rows,
 * however many merchants there are. The one whose whole id the text is comes first even where the index has not got it.
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ID_START, idStartOf } from "../merchant/id-start.ts";
import { MERCHANT_IDS_INDEX } from "../settings/names.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import type { MerchantPage } from "./merchant-registry.ts";
import { readMerchantRows } from "./merchant-rows.ts";
import { MerchantsUnreadError } from "./merchants-unread-error.ts";

/**
 * @param limit most rows, at most 100. @param after id of the merchant before
 * @returns tombstones too, where the index still has them
 * @throws MerchantsUnreadError
 */
export async function merchantsBeginning(
  client: DynamoDBClient,
  table: string,
  prefix: string,
  limit: number,
  after: string | undefined,
): Promise<MerchantPage> {
  const start = { S: idStartOf(prefix) };
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: MERCHANT_IDS_INDEX,
      KeyConditionExpression: `${ID_START} = :start AND begins_with(merchantId, :prefix)`,
      ExpressionAttributeValues: { ":start": start, ":prefix": { S: prefix } },
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: { merchantId: { S: after }, [ID_START]: start } }),
    }),
  );
  const listed = Items.flatMap(({ merchantId }) => merchantId?.S ?? []);
  const all = after === undefined ? [...new Set([prefix, ...listed])] : listed;
  const ids = all.slice(0, limit);
  const next = last !== undefined || all.length > limit ? ids.at(-1) : undefined;
  return { rows: await rowsOf(client, table, ids), ...(next !== undefined && { next }) };
}

async function rowsOf(client: DynamoDBClient, table: string, ids: readonly string[]): Promise<AttributeMap[]> {
  if (ids.length === 0) return [];
  const { rows, unread } = (await readMerchantRows(client, { [table]: ids }))(table);
  if (unread.size > 0) throw new MerchantsUnreadError(`${unread.size} merchants of a page were left unread.`);
  return ids.flatMap((id): AttributeMap[] => {
    const row = rows.get(id);
    return row === undefined ? [] : [row];
  });
}
