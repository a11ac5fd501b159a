/**
 * Puts the fleet into the Merchants table and tells each merchant its secret. Most have one derived from the master
 * keys and a salt, as the pipeline derives it; every third brings its own along, encrypted.
 */
import { randomBytes } from "node:crypto";
import { BatchWriteItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { boundedClient } from "../../core/aws/bounded-client.ts";
import { LOCAL_LIMITS } from "../../core/aws/call-limits.ts";
import { KMSClient } from "@aws-sdk/client-kms";
import { encryptSecret } from "../../core/aws/encrypt-secret.ts";
import { idStartAttributes } from "../../core/merchant/id-start.ts";
import { parseMerchant } from "../../core/merchant/merchant.ts";
import { merchantSecret, parseMasterKeys, secretText } from "../../core/signing/signature.ts";
import type { LocalStack } from "../local-stack.ts";
import type { FleetMerchant } from "./fleet/messages.ts";

const SECRET_BYTES = 32;
const BATCH_ITEMS = 25;

export interface RegisterOptions {
  readonly client: DynamoDBClient;
  readonly stack: Pick<
    LocalStack,
    "region" | "credentials" | "endpoints" | "merchantsTable" | "masterKeys" | "outputs"
  >;
  readonly merchants: readonly Pick<FleetMerchant, "merchantId" | "acknowledgeWithinSeconds">[];
  readonly confirmationUrls: Readonly<Record<string, string>>;
}

/** @returns the secret of each merchant as it is handed out, `whsec_…` */
export async function registerMerchants({
  client,
  stack,
  merchants,
  confirmationUrls,
}: RegisterOptions): Promise<Record<string, string>> {
  const { region, credentials, endpoints, masterKeys, outputs } = stack;
  const keys = parseMasterKeys(masterKeys);
  const kms = boundedClient(KMSClient, LOCAL_LIMITS, { region, credentials, endpoint: endpoints.kms });
  const keyArn = outputs["ImportedSecretsKeyArn"] ?? "";
  const secrets: Record<string, string> = {};
  const rows = merchants.map(async ({ merchantId, acknowledgeWithinSeconds: withinSeconds }, index) => {
    const random = randomBytes(SECRET_BYTES);
    const named = {
      merchantId: { S: merchantId },
      ...idStartAttributes(merchantId),
      confirmationUrl: { S: confirmationUrls[merchantId] ?? "" },
      ...(withinSeconds !== undefined && { acknowledgement: { M: { withinSeconds: { N: String(withinSeconds) } } } }),
    };
    if (index % 3 === 2) {
      const secret = secretText(random);
      secrets[merchantId] = secret;
      return { ...named, encryptedSecret: { B: await encryptSecret(kms, keyArn, merchantId, secret) } };
    }
    const row = { ...named, secretSalt: { S: random.toString("base64") } };
    const parsed = parseMerchant(row);
    if ("faults" in parsed) throw new Error(`The row of merchant ${merchantId} is wrong: ${parsed.faults.join("; ")}`);
    secrets[merchantId] = secretText(merchantSecret(keys, parsed.merchant));
    return row;
  });
  const items = await Promise.all(rows);
  for (let next = 0; next < items.length; next += BATCH_ITEMS) {
    const requests = items.slice(next, next + BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [stack.merchantsTable]: requests } }));
  }
  kms.destroy();
  return secrets;
}
