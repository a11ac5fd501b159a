/** The journal as anybody reads it who may: Zstandard below a folder of the bucket, entries as lines of JSON. */
import { zstdDecompressSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { LocalStack } from "../../local/local-stack.ts";

export async function journalLines({
  stack,
}: {
  readonly stack: LocalStack;
}): Promise<readonly (readonly unknown[])[]> {
  const { region, credentials, endpoints, outputs } = stack;
  const s3 = new S3Client({ region, credentials, endpoint: endpoints.s3, forcePathStyle: true });
  const Bucket = outputs["ManifestsBucketName"];
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "journal/" }));
  const files = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return zstdDecompressSync((await Body?.transformToByteArray()) ?? "").toString("utf8");
    }),
  );
  s3.destroy();
  return files
    .flatMap((text) => text.trim().split("\n"))
    .map((line) => JSON.parse(line) as unknown)
    .filter((line) => Array.isArray(line));
}
