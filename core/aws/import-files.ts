/**
 * The bucket of imports: files that were uploaded, and what is made of them on the way. A file is read by its version,
 * and by its entity tag beside it, so that no block is ever of another file than the one that was looked through.
 */
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

export interface StoredFile {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag: string;
}

const PIECE_BYTES = 4 * 1024 * 1024;

export class ImportFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * From its first byte to its last, piece by piece, each with the bounds of a call of its own: a connection that dies
   * half-way costs a piece. The next one is on its way while one is looked at.
   */
  async *pieces(file: StoredFile, size: number): AsyncGenerator<Uint8Array> {
    const pieceAt = (from: number) => this.read(file, from, Math.min(from + PIECE_BYTES, size));
    let next = size > 0 ? pieceAt(0) : undefined;
    for (let from = PIECE_BYTES; next !== undefined; from += PIECE_BYTES) {
      const piece = await next;
      next = from < size ? pieceAt(from) : undefined;
      // Whoever looks at this one hears of its fault when it is asked for.
      next?.catch(() => undefined);
      yield piece;
    }
  }

  /** @param to behind the last byte */
  async read(file: StoredFile, from: number, to: number): Promise<Uint8Array> {
    const Range = `bytes=${from}-${to - 1}`;
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, ...commandOf(file), Range }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async text(Key: string): Promise<string> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
    return (await Body?.transformToString("utf8")) ?? "";
  }

  async put(Key: string, text: string, ContentType = "text/plain; charset=utf-8"): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body: text, ContentType }));
  }
}

function commandOf({ key, versionId, etag }: StoredFile) {
  return { Key: key, IfMatch: etag, ...(versionId !== undefined && { VersionId: versionId }) };
}
