/** What manifests say of transactions: folders of merchants, the manifests of a folder, and lines of their files. */
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { CHAIN_FOLDER } from "../audit-log/chain.ts";
import type { Manifest, ManifestLine } from "../audit/manifest.ts";
import { JOURNAL_FOLDER } from "../journal/journal-key.ts";

const OWN_FOLDERS: ReadonlySet<string> = new Set([CHAIN_FOLDER, JOURNAL_FOLDER]);
const REVISION = /^(\d{4}-\d{2}-\d{2})\/manifest-(\d+)\.jsonl$/;
/** A page of folders; each is looked into, one after the other. */
const FOLDERS = 25;

export interface FolderPage {
  /** Each with a slash at its end. */
  readonly folders: readonly string[];
  readonly next?: string;
}

export class ManifestLines {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** @param after the last folder of the page before */
  async folders(after: string | undefined): Promise<FolderPage> {
    const { CommonPrefixes = [], IsTruncated: isTruncated = false } = await this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.#bucket,
        Delimiter: "/",
        MaxKeys: FOLDERS,
        // The character after the slash: behind all of that folder.
        ...(after !== undefined && { StartAfter: `${after.slice(0, -1)}0` }),
      }),
    );
    const found = CommonPrefixes.flatMap(({ Prefix }) => Prefix ?? []);
    const last = found.at(-1);
    return {
      folders: found.filter((folder) => !OWN_FOLDERS.has(folder)),
      ...(isTruncated && last !== undefined && { next: last }),
    };
  }

  /**
   * The newest manifest of each day, where it was written after a time.
   * @param fromDay the first day that is looked at. @param writtenAfter epoch milliseconds
   */
  async newest(folder: string, fromDay: string, writtenAfter: number): Promise<readonly string[]> {
    const byDay = new Map<string, { readonly key: string; readonly revision: number }>();
    let after = `${folder}${fromDay}`;
    for (;;) {
      const { Contents = [], IsTruncated: isTruncated = false } = await this.#client.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: folder, StartAfter: after }),
      );
      for (const { Key: key = "", LastModified: at } of Contents) {
        const [, day, number] = REVISION.exec(key.slice(folder.length)) ?? [];
        if (day === undefined || (at?.getTime() ?? 0) <= writtenAfter) continue;
        const revision = Number(number);
        if (revision > (byDay.get(day)?.revision ?? 0)) byDay.set(day, { key, revision });
      }
      const last = Contents.at(-1)?.Key;
      if (!isTruncated || last === undefined) return [...byDay.values()].map(({ key }) => key);
      after = last;
    }
  }

  /** @returns undefined for what names no files, and is none of ours */
  async manifest(key: string): Promise<Manifest | undefined> {
    const [first = "{}"] = (await this.#text(key)).split("\n", 1);
    const manifest = JSON.parse(first) as Partial<Manifest>;
    return Array.isArray(manifest.files) ? (manifest as Manifest) : undefined;
  }

  /** Of a file that a manifest names. @param key of the manifest */
  async lines(key: string, name: string): Promise<readonly ManifestLine[]> {
    const text = await this.#text(`${key.slice(0, key.lastIndexOf("/") + 1)}${name}`);
    return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as ManifestLine]));
  }

  async #text(Key: string): Promise<string> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
    return (await Body?.transformToString("utf8")) ?? "";
  }
}
