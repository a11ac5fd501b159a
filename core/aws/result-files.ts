/** Files that are made of many others: those of a folder in the order of their names, and one of any length. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

/** Bytes of one part of a file that is put in parts; S3 wants 5 MiB at least, but for the last. */
const PART_BYTES = 8 * 1024 * 1024;

export class ResultFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Keys in their order. */
  async list(Prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix,
          ...(ContinuationToken !== undefined && { ContinuationToken }),
        }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return keys;
  }

  /** A file of any length: nothing of it is there before all of it is. */
  async putAll(Key: string, ContentType: string, texts: AsyncIterable<string>): Promise<void> {
    let waiting: Buffer[] = [];
    let bytes = 0;
    let parts: Parts | undefined;
    try {
      for await (const text of texts) {
        const more = Buffer.from(text);
        waiting.push(more);
        bytes += more.length;
        if (bytes < PART_BYTES) continue;
        parts ??= await this.#begin(Key, ContentType);
        await this.#add(parts, Buffer.concat(waiting));
        [waiting, bytes] = [[], 0];
      }
      const last = Buffer.concat(waiting);
      if (parts === undefined) {
        await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body: last, ContentType }));
        return;
      }
      if (last.length > 0) await this.#add(parts, last);
      const { UploadId, done } = parts;
      await this.#client.send(
        new CompleteMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId, MultipartUpload: { Parts: done } }),
      );
    } catch (error) {
      if (parts !== undefined) await this.#abort(parts);
      throw error;
    }
  }

  async #begin(Key: string, ContentType: string): Promise<Parts> {
    const { UploadId = "" } = await this.#client.send(
      new CreateMultipartUploadCommand({ Bucket: this.#bucket, Key, ContentType }),
    );
    return { Key, UploadId, done: [] };
  }

  async #add({ Key, UploadId, done }: Parts, Body: Buffer): Promise<void> {
    const PartNumber = done.length + 1;
    const { ETag } = await this.#client.send(
      new UploadPartCommand({ Bucket: this.#bucket, Key, UploadId, PartNumber, Body }),
    );
    done.push({ ETag, PartNumber });
  }

  /** What is left of it otherwise the lifecycle of the bucket deletes. */
  async #abort({ Key, UploadId }: Parts): Promise<void> {
    await this.#client
      .send(new AbortMultipartUploadCommand({ Bucket: this.#bucket, Key, UploadId }))
      .catch(() => undefined);
  }
}

interface Parts {
  readonly Key: string;
  readonly UploadId: string;
  readonly done: { ETag: string | undefined; PartNumber: number }[];
}
