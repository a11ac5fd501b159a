/** Deletes all that is in a bucket, older versions too, a page at a time. A bucket that is gone is empty. */
import { DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket, type S3Client } from "@aws-sdk/client-s3";
import { PipelineError } from "../errors/pipeline-error.ts";

export class BucketNotEmptiedError extends PipelineError {
  override readonly name = "BucketNotEmptiedError";
  readonly code = "BUCKET_NOT_EMPTIED";
}

/** @throws BucketNotEmptiedError when S3 keeps an object */
export async function emptyBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const page = await versionsIn(client, Bucket);
    if (page.length === 0) return;
    const { Errors: [kept] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: page, Quiet: true } }),
    );
    if (kept !== undefined)
      throw new BucketNotEmptiedError(`${Bucket} keeps ${kept.Key ?? "an object"}: ${kept.Code}: ${kept.Message}`);
  }
}

async function versionsIn(client: S3Client, Bucket: string) {
  try {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    return [...Versions, ...DeleteMarkers].flatMap(({ Key, VersionId }) =>
      Key === undefined ? [] : [{ Key, ...(VersionId !== undefined && { VersionId }) }],
    );
  } catch (error) {
    if (error instanceof NoSuchBucket) return [];
    throw error;
  }
}
