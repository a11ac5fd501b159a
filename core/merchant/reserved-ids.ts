/** Ids that nobody may register a merchant under: what the pipeline keeps for itself, and what no path can name. */
import { CHAIN_FOLDER } from "../audit-log/chain.ts";
import { JOURNAL_FOLDER } from "../journal/journal-key.ts";
import { isMerchantId } from "../transaction/transaction.ts";
import { CANARY_MERCHANT_ID } from "./canary.ts";
import { EVERYONE, OWN_ITEMS, TOKENS_PREFIX } from "./merchant-health.ts";
import { isTestMerchant } from "./test-merchants.ts";

/** Folders of the bucket of manifests that are no merchant's. */
const OWN_FOLDERS: ReadonlySet<string> = new Set([CHAIN_FOLDER, JOURNAL_FOLDER]);

/** @returns undefined for an id that is anybody's; else what it is, in a subordinate clause */
export function whyReserved(merchantId: string): string | undefined {
  if (merchantId === EVERYONE) return "which stands for all merchants";
  if (merchantId === CANARY_MERCHANT_ID) return "which is the pipeline's own merchant";
  if (merchantId.startsWith(TOKENS_PREFIX)) return "which is where the pipeline counts calls";
  if (OWN_ITEMS.some((prefix) => merchantId.startsWith(prefix))) return "which is where the pipeline keeps its own";
  if (OWN_FOLDERS.has(`${merchantId}/`)) return "which is a folder of the bucket of manifests";
  return isMerchantId(merchantId) ? undefined : "which is no name in the path of a URL";
}

/** The same, and merchants that the pipeline registers for fake transactions: they are there, and stay. */
export function whyNotYours(merchantId: string): string | undefined {
  if (isTestMerchant(merchantId)) return "which is a merchant of fake transactions";
  return whyReserved(merchantId);
}
