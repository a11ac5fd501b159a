/**
 * Registers merchants that the pipeline has of its own, fake ones and the canary's, whose confirmations the reference
 * merchant receives.
 */
import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

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
  await client.send(
    new UpdateItemCommand({
      TableName: merchantsTable,
      Key: { merchantId: { S: merchantId } },
      UpdateExpression: "SET confirmationUrl = :url, secretSalt = if_not_exists(secretSalt, :salt)",
      ExpressionAttributeValues: {
        ":url": { S: confirmationUrl },
        ":salt": { S: randomBytes(SALT_BYTES).toString("base64") },
      },
    }),
  );
}
