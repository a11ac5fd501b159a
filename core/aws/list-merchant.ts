/** Lists a merchant in the index of ids whose row is not there: of a build before, or of whoever writes rows itself. */
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ID_START, idStartOf } from "../merchant/id-start.ts";
import { DELETED_AT } from "../merchant/tombstone.ts";

/** One that is gone by now stays so. @param merchantId of one that is nobody's but its own */
export async function listMerchant(client: DynamoDBClient, merchantsTable: string, merchantId: string): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: merchantsTable,
        Key: { merchantId: { S: merchantId } },
        UpdateExpression: `SET ${ID_START} = :start`,
        ConditionExpression: `attribute_exists(merchantId) AND attribute_not_exists(${DELETED_AT})`,
        ExpressionAttributeValues: { ":start": { S: idStartOf(merchantId) } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
