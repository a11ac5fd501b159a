/**
 * Puts files of the journal into the bucket of manifests, each locked for as long as it is of use: no longer than a
 * table can be restored to a point before it.
 */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { JournalEnvironment } from "../settings/shared-variables.ts";

const DAY_MS = 86_400_000;
const LOCKS = { governance: "GOVERNANCE", compliance: "COMPLIANCE" } as const;

/** @param now epoch milliseconds */
export async function putJournalFile(
  client: S3Client,
  { bucket, lock, keptDays }: Pick<JournalEnvironment, "bucket" | "lock" | "keptDays">,
  file: { readonly key: string; readonly body: Uint8Array; readonly now: number },
): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: file.key,
      Body: file.body,
      ContentType: "application/zstd",
      ...(lock !== "none" && {
        ObjectLockMode: LOCKS[lock],
        ObjectLockRetainUntilDate: new Date(file.now + keptDays * DAY_MS),
      }),
    }),
  );
}
