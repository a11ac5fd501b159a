/** Manifests in their bucket, as they are listed and read: days of a merchant, and the files of a day. */
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { manifestFolder, manifestKey } from "./manifest-bucket.ts";

export interface ManifestFile {
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
}

export interface ListedPage<Item> {
  readonly items: readonly Item[];
  /** After which the next page begins. */
  readonly next?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The character after `/`: a key that comes behind all of a folder, and before those of the next one. */
const BEHIND_FOLDER = "0";

export class ManifestFiles {
  readonly #client: S3Client;
  readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.bucket = bucket;
  }

  /** Oldest first. @param after the day before */
  async days(merchantId: string, limit: number, after: string | undefined): Promise<ListedPage<string>> {
    const folder = manifestFolder(merchantId);
    const { CommonPrefixes = [], IsTruncated: isTruncated = false } = await this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: folder,
        Delimiter: "/",
        MaxKeys: limit,
        ...(after !== undefined && { StartAfter: `${folder}${after}${BEHIND_FOLDER}` }),
      }),
    );
    const found = CommonPrefixes.map(({ Prefix = "" }) => Prefix.slice(folder.length, -1));
    const last = found.at(-1);
    return { items: found.filter((day) => DAY.test(day)), ...(isTruncated && last !== undefined && { next: last }) };
  }

  /** By name. @param after name of the file before */
  async ofDay(
    merchantId: string,
    day: string,
    limit: number,
    after: string | undefined,
  ): Promise<ListedPage<ManifestFile>> {
    const folder = manifestKey(merchantId, day, "");
    const { Contents = [], IsTruncated: isTruncated = false } = await this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: folder,
        MaxKeys: limit,
        ...(after !== undefined && { StartAfter: `${folder}${after}` }),
      }),
    );
    const items = Contents.map(({ Key: key = "", Size: bytes = 0 }) => ({
      name: key.slice(folder.length),
      key,
      bytes,
    }));
    const last = items.at(-1)?.name;
    return { items, ...(isTruncated && last !== undefined && { next: last }) };
  }
}
