/**
 * Writes the manifest of a merchant's day that was collected, if it says anything new. It is noted first, with its
 * place in the merchant's chain, and put into the bucket second; a manifest that was noted and not put is put by
 * whoever comes next. None is ever overwritten.
 */
import type { KeyObject } from "node:crypto";
import { manifestKey } from "../../../core/aws/manifest-bucket.ts";
import type { ManifestRecords, NewestManifest } from "../../../core/aws/manifest-records.ts";
import { formatOf, type Manifest, manifestText } from "../../../core/audit/manifest.ts";
import { manifestHash, signedManifest } from "../../../core/audit/manifest-signature.ts";
import type { DayProgress } from "./collect-lines.ts";

export interface WriteParts {
  readonly day: string;
  readonly records: Pick<ManifestRecords, "newest" | "day" | "write" | "stored">;
  readonly put: (key: string, text: string) => Promise<void>;
  readonly now: () => number;
}

/** @returns whether there was anything new */
export async function writeManifest(
  { merchantId, chain, files, totals }: DayProgress,
  privateKey: KeyObject,
  parts: WriteParts,
): Promise<"written" | "unchanged"> {
  const { day, records, now } = parts;
  for (;;) {
    const newest = await records.newest(merchantId);
    if (newest?.isStored === false) await store(merchantId, newest, parts);
    const before = await records.day(merchantId, day);
    if (before?.chain === chain) return "unchanged";
    const revision = (before?.revision ?? 0) + 1;
    const sequence = (newest?.sequence ?? 0) + 1;
    const manifest: Manifest = {
      format: formatOf(totals),
      merchantId,
      day,
      revision,
      sequence,
      writtenAt: new Date(now()).toISOString(),
      totals,
      files,
      chain,
      previous:
        newest === undefined
          ? null
          : { sequence: newest.sequence, day: newest.day, revision: newest.revision, sha256: newest.sha256 },
    };
    const file = signedManifest(manifestText(manifest), privateKey);
    const key = manifestKey(merchantId, day, `manifest-${revision}.jsonl`);
    const next = { sequence, day, revision, sha256: manifestHash(file), key, file, isStored: false };
    const written = { day, revision, chain, files: files.map(({ name }) => name) };
    // Refused when the part is worked on twice: then look again at what the other one wrote.
    if (!(await records.write(merchantId, next, written, now()))) continue;
    await store(merchantId, next, parts);
    return "written";
  }
}

async function store(merchantId: string, newest: NewestManifest, { put, records }: WriteParts): Promise<void> {
  await put(newest.key, newest.file);
  await records.stored(merchantId, newest);
}
