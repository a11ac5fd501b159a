/**
 * Files of exports in their bucket: put part by part over many invocations, so that none holds more than one part, and
 * nothing of a file is there before all of it is. What is too small for a part waits in an object of its own.
 */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";

/** Bytes of one part, at least; S3 wants 5 MiB, but for the last. */
export const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes twice as many; the tags of these fit into an item of the table. */
export const MOST_PARTS = 5000;

/** How a person's browser calls it, and what is in it. */
export interface FileDescription {
  readonly key: string;
  readonly contentType: string;
  readonly fileName: string;
}

/** The upload is gone, as when it was left for days, or a part is not the one that is meant: it begins anew. */
const LOST: ReadonlySet<string> = new Set(["NoSuchUpload", "InvalidPart", "NoSuchKey"]);

export class ExportFiles {
  readonly #client: Pick<S3Client, "send">;
  readonly #bucket: string;

  constructor(client: Pick<S3Client, "send">, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async begin(file: FileDescription): Promise<string> {
    const { UploadId = "" } = await this.#client.send(new CreateMultipartUploadCommand(this.#describe(file)));
    return UploadId;
  }

  /** @param number from 1. @returns its entity tag; undefined where the upload is lost */
  add(Key: string, UploadId: string, PartNumber: number, Body: Uint8Array): Promise<string | undefined> {
    return unlessLost(async () => {
      const part = { Bucket: this.#bucket, Key, UploadId, PartNumber, Body };
      return (await this.#client.send(new UploadPartCommand(part))).ETag ?? "";
    });
  }

  /** @param tags of its parts, in their order. @returns false where it is lost */
  async complete(Key: string, UploadId: string, tags: readonly string[]): Promise<boolean> {
    const Parts = tags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
    const completed = await unlessLost(async () => {
      const upload = { Bucket: this.#bucket, Key, UploadId, MultipartUpload: { Parts } };
      await this.#client.send(new CompleteMultipartUploadCommand(upload));
      return true;
    });
    return completed === true;
  }

  /** What is left of it otherwise the lifecycle of the bucket deletes. */
  async abort(Key: string, UploadId: string): Promise<void> {
    const upload = { Bucket: this.#bucket, Key, UploadId };
    await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
  }

  async put(file: FileDescription, Body: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...this.#describe(file), Body }));
  }

  async putRest(Key: string, Body: Uint8Array): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body }));
  }

  /** @returns undefined where it is lost */
  readRest(Key: string): Promise<Uint8Array | undefined> {
    return unlessLost(async () => {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    });
  }

  /** Bytes of a file; undefined where there is none. */
  async size(Key: string): Promise<number | undefined> {
    try {
      const { ContentLength = 0 } = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key }));
      return ContentLength;
    } catch (error) {
      if ((error as { readonly name?: unknown }).name === "NotFound") return undefined;
      throw error;
    }
  }

  #describe({ key, contentType, fileName }: FileDescription) {
    const ContentDisposition = `attachment; filename="${fileName}"`;
    return { Bucket: this.#bucket, Key: key, ContentType: contentType, ContentDisposition };
  }
}

async function unlessLost<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && LOST.has(error.name)) return undefined;
    throw error;
  }
}
