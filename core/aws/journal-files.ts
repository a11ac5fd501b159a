/** Files of the journal in their bucket, as they are listed and read. */
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { JournalEntry } from "../journal/journal-entry.ts";
import { readJournalFile } from "../journal/journal-file.ts";
import { JOURNAL_FOLDER, type JournalFileName, journalStart, readJournalKey } from "../journal/journal-key.ts";

export interface JournalListing {
  readonly files: readonly { readonly key: string; readonly name: JournalFileName }[];
  /** After which the next page begins; missing after the last one. */
  readonly next?: string;
}

export class JournalFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** `to` of the oldest file that there is, epoch milliseconds. */
  async firstAt(): Promise<number | undefined> {
    const { files } = await this.#list(undefined, 1);
    return files[0]?.name.to;
  }

  /** In the order of their time. @param from epoch milliseconds, where nothing was listed yet */
  list(from: number, after: string | undefined): Promise<JournalListing> {
    return this.#list(after ?? journalStart(from), 1000);
  }

  async read(key: string): Promise<readonly JournalEntry[]> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return readJournalFile((await Body?.transformToByteArray()) ?? new Uint8Array());
  }

  async #list(after: string | undefined, MaxKeys: number): Promise<JournalListing> {
    const { Contents = [], IsTruncated: isTruncated = false } = await this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: JOURNAL_FOLDER,
        MaxKeys,
        ...(after !== undefined && { StartAfter: after }),
      }),
    );
    const files = Contents.flatMap(({ Key: key = "" }) => {
      const name = readJournalKey(key);
      return name === undefined ? [] : [{ key, name }];
    });
    const last = Contents.at(-1)?.Key;
    return { files, ...(isTruncated && last !== undefined && { next: last }) };
  }
}
