/** The secret of a merchant, from its row and the master keys, both remembered for a while. */
import { GetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { parseMerchant } from "../../core/merchant.ts";
import { KeyError, merchantSecret, parseMasterKeys, type MasterKeys } from "../../core/signature.ts";
import { ExpiringCache } from "./expiring-cache.ts";

export type SecretLookup =
  | { readonly kind: "secret"; readonly secret: Buffer }
  | { readonly kind: "unknown" }
  | { readonly kind: "unusable"; readonly reason: string };

export interface MerchantSecretsOptions {
  readonly dynamodb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  readonly merchantsTable: string;
  readonly masterKeysSecretArn: string;
  readonly nowMs: () => number;
}

const KEPT_MS = 60_000;
const MERCHANTS_KEPT = 1000;

/** @returns a function from merchant id to its secret */
export function merchantSecrets(options: MerchantSecretsOptions): (merchantId: string) => Promise<SecretLookup> {
  const { nowMs } = options;
  const masterKeys = new ExpiringCache({
    load: (arn) => loadMasterKeys(options.secretsManager, arn),
    keep: () => true,
    ttlMs: KEPT_MS,
    maxEntries: 1,
    nowMs,
  });
  const secrets = new ExpiringCache<SecretLookup>({
    load: async (merchantId) => {
      const { Item } = await options.dynamodb.send(
        new GetItemCommand({ TableName: options.merchantsTable, Key: { merchantId: { S: merchantId } } }),
      );
      return Item === undefined
        ? { kind: "unknown" }
        : secretOf(Item, await masterKeys.get(options.masterKeysSecretArn));
    },
    // A merchant that is not registered yet, or not well, may be so at the next delivery.
    keep: ({ kind }) => kind === "secret",
    ttlMs: KEPT_MS,
    maxEntries: MERCHANTS_KEPT,
    nowMs,
  });
  return (merchantId) => secrets.get(merchantId);
}

async function loadMasterKeys(client: SecretsManagerClient, arn: string): Promise<MasterKeys> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  return parseMasterKeys(SecretString ?? "");
}

function secretOf(row: AttributeMap, keys: MasterKeys): SecretLookup {
  const parsed = parseMerchant(row);
  if ("faults" in parsed) return { kind: "unusable", reason: parsed.faults.join("; ") };
  try {
    return { kind: "secret", secret: merchantSecret(keys, parsed.merchant) };
  } catch (error) {
    if (error instanceof KeyError) return { kind: "unusable", reason: error.message };
    throw error;
  }
}
