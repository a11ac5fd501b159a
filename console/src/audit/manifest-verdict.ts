/**
 * Whether files are the manifests that were signed, with their lines. The verifier is the one that merchants copy into
 * their programs; nothing here knows how a manifest is made.
 */
import { ManifestError, verifyChain } from "../../../verifier/verify-manifest.mjs";
import type { Schemas } from "../api/api.ts";

export type ManifestVerdict =
  | {
      readonly kind: "right";
      readonly manifests: readonly { readonly day: string; readonly revision: number; readonly transactions: number }[];
    }
  | { readonly kind: "no manifest" }
  | { readonly kind: "other merchant"; readonly merchantId: string }
  /** Lines that a manifest names were not chosen. */
  | { readonly kind: "file missing"; readonly name: string }
  /** In the verifier's words. */
  | { readonly kind: "wrong"; readonly why: string };

const MANIFEST = /^manifest-.+\.jsonl$/;

/** Its message is the name of the file. */
class NotChosen extends Error {}

/** @param files by name, as they were downloaded: manifests that follow one another, and their lines */
export async function verdictOnManifests(
  files: ReadonlyMap<string, Uint8Array>,
  keys: Schemas["MerchantKeys"]["keys"],
  merchantId: string,
): Promise<ManifestVerdict> {
  const readLines = async (name: string): Promise<Uint8Array> => {
    const content = files.get(name);
    if (content === undefined) throw new NotChosen(name);
    return content;
  };
  const given = [...files].filter(([name]) => MANIFEST.test(name)).map(([, file]) => ({ file, readLines }));
  if (given.length === 0) return { kind: "no manifest" };
  try {
    const manifests = await verifyChain(given, keys);
    const other = manifests.find((manifest) => manifest.merchantId !== merchantId);
    if (other !== undefined) return { kind: "other merchant", merchantId: other.merchantId };
    return {
      kind: "right",
      manifests: manifests.map(({ day, revision, totals }) => ({ day, revision, transactions: totals.transactions })),
    };
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    if (error.cause instanceof NotChosen) return { kind: "file missing", name: error.cause.message };
    return { kind: "wrong", why: error.message };
  }
}
