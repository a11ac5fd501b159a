/**
 * Registers merchants that the pipeline has of its own, fake ones and the canary's, whose confirmations the reference
 * merchant receives.
 */
import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ID_START, idStartAttributes } from "../merchant/id-start.ts";

const SALT_BYTES = 32;

export interface OwnMerchant {
  readonly merchantsTable: string;
  readonly merchantId: string;
  readonly confirmationUrl: string;
  /** Salt of its secret; from a cryptographic source. */
  readonly randomBytes: (bytes: number) => Buffer;
}

/** An existing merchant keeps its salt, so that its secret stays the same, and follows a URL that has changed. */
export async function registerOwnMerchant(
  client: DynamoDBClient,
  { merchantsTable, merchantId, confirmationUrl, randomBytes }: OwnMerchant,
): Promise<void> {
  const { [ID_START]: idStart } = idStartAttributes(merchantId);
  const listed = idStart === undefined ? "" : `, ${ID_START} = :start`;
  await client.send(
    new UpdateItemCommand({
      TableName: merchantsTable,
      Key: { merchantId: { S: merchantId } },
      UpdateExpression: `SET confirmationUrl = :url, secretSalt = if_not_exists(secretSalt, :salt)${listed}`,
      ExpressionAttributeValues: {
        ":url": { S: confirmationUrl },
        ":salt": { S: randomBytes(SALT_BYTES).toString("base64") },
        ...(idStart !== undefined && { ":start": idStart as never }),
      },
    }),
  );
}
