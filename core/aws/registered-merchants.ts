/**
 * The keys of a merchant for functions that are asked about one at a time: from its row and the master keys, both
 * remembered for a while.
 */
import { GetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { masterKeysText } from "./master-keys-text.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { LoadingCache } from "../cache/loading-cache.ts";
import { type OpenSecret, withOpenSecrets } from "../signing/open-secrets.ts";
import { merchantKeys, type SigningKey } from "../signing/merchant-keys.ts";
import { parseMerchant } from "../merchant/merchant.ts";
import { SIGNATURE_SCHEMES, type SignatureScheme } from "../signing/signing-attributes.ts";
import { KeyError, parseMasterKeys, type MasterKeys } from "../signing/signature.ts";

export type MerchantLookup =
  | { readonly kind: "registered"; readonly keys: readonly SigningKey[]; readonly isSandbox?: boolean }
  | { readonly kind: "unknown" }
  | { readonly kind: "unusable"; readonly reason: string };

export interface RegisteredMerchantsOptions {
  readonly dynamodb: DynamoDBClient;
  readonly secretsManager: SecretsManagerClient;
  readonly merchantsTable: string;
  readonly masterKeysSecretArn: string;
  /** Milliseconds for which a merchant's keys are remembered. */
  readonly merchantKeptMs: number;
  readonly nowMs: () => number;
  /** Those that keys are wanted for. A program that needs no `v1` need not be able to open secrets. @default both */
  readonly schemes?: readonly SignatureScheme[];
  /** For merchants that brought a secret along. @default none can be opened, and such a merchant has no `v1` key */
  readonly openSecret?: OpenSecret;
  /** Rows that are as if they were not there. @default none */
  readonly isForgotten?: (row: AttributeMap) => boolean;
}

const MASTER_KEYS_KEPT_MS = 60_000;
const MERCHANTS_KEPT = 1000;

/** @returns a function from merchant id to its keys, whichever schemes it chose for its webhooks */
export function registeredMerchants(
  options: RegisteredMerchantsOptions,
): (merchantId: string) => Promise<MerchantLookup> {
  const { nowMs, merchantKeptMs } = options;
  const masterKeys = new LoadingCache({
    load: (arn) => loadMasterKeys(options.secretsManager, arn),
    keep: () => true,
    maxAgeMs: MASTER_KEYS_KEPT_MS,
    most: 1,
    now: nowMs,
  });
  const merchants = new LoadingCache<MerchantLookup>({
    load: async (merchantId) => {
      const { Item } = await options.dynamodb.send(
        new GetItemCommand({ TableName: options.merchantsTable, Key: { merchantId: { S: merchantId } } }),
      );
      return Item === undefined || options.isForgotten?.(Item) === true
        ? { kind: "unknown" }
        : keysOf(Item, await masterKeys.get(options.masterKeysSecretArn), options);
    },
    // A merchant that is not registered yet, or not well, may be so at the next request.
    keep: ({ kind }) => kind === "registered",
    maxAgeMs: merchantKeptMs,
    most: MERCHANTS_KEPT,
    now: nowMs,
  });
  return (merchantId) => merchants.get(merchantId);
}

async function loadMasterKeys(client: SecretsManagerClient, arn: string): Promise<MasterKeys> {
  return parseMasterKeys(await masterKeysText(client, arn));
}

async function keysOf(
  row: AttributeMap,
  masterKeys: MasterKeys,
  { nowMs, schemes = SIGNATURE_SCHEMES, openSecret }: RegisteredMerchantsOptions,
): Promise<MerchantLookup> {
  const parsed = parseMerchant(row);
  if ("faults" in parsed) return { kind: "unusable", reason: parsed.faults.join("; ") };
  const { merchant } = parsed;
  const now = nowMs();
  try {
    const isToBeOpened = openSecret !== undefined && schemes.includes("v1");
    const opened = isToBeOpened ? await withOpenSecrets(merchant, now, openSecret) : merchant;
    const isSandbox = merchant.environment !== undefined;
    return { kind: "registered", keys: merchantKeys(masterKeys, opened, now, schemes), isSandbox };
  } catch (error) {
    if (error instanceof KeyError) return { kind: "unusable", reason: error.message };
    throw error;
  }
}
