/**
 * Puts the fleet into the Merchants table and tells each merchant its secret. Most have one derived from the master keys and a
 * salt, as the pipeline derives it; every third brings its own along.
 */
import { randomBytes } from "node:crypto";
import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { parseMerchant } from "../core/merchant.ts";
import { merchantSecret, parseMasterKeys, secretText } from "../core/signature.ts";
import type { FleetMerchant } from "./fleet/messages.ts";

const SECRET_BYTES = 32;
const BATCH_ITEMS = 25;

export interface RegisterOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** JSON text of the secret. */
  readonly masterKeys: string;
  readonly merchants: readonly FleetMerchant[];
  readonly confirmationUrls: Readonly<Record<string, string>>;
}

/** @returns the secret of each merchant as it is handed out, `whsec_…` */
export async function registerMerchants({
  client,
  tableName,
  masterKeys,
  merchants,
  confirmationUrls,
}: RegisterOptions): Promise<Record<string, string>> {
  const keys = parseMasterKeys(masterKeys);
  const secrets: Record<string, string> = {};
  const rows = merchants.map(({ merchantId }, index) => {
    const random = randomBytes(SECRET_BYTES);
    const row = {
      merchantId: { S: merchantId },
      confirmationUrl: { S: confirmationUrls[merchantId] ?? "" },
      ...(index % 3 === 2 ? { secret: { S: secretText(random) } } : { secretSalt: { S: random.toString("base64") } }),
    };
    const parsed = parseMerchant(row);
    if ("faults" in parsed) throw new Error(`The row of merchant ${merchantId} is wrong: ${parsed.faults.join("; ")}`);
    secrets[merchantId] = secretText(merchantSecret(keys, parsed.merchant));
    return row;
  });
  for (let next = 0; next < rows.length; next += BATCH_ITEMS) {
    const requests = rows.slice(next, next + BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
  }
  return secrets;
}
