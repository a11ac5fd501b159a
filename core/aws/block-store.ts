/** Blocks of the audit log's chain in their bucket. A put on a condition needs no more than `s3:PutObject`. */
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { blockKey, blockNumber, CHAIN_FOLDER } from "../audit-log/chain.ts";

/** Somebody else put it first, or is about to (S3 User Guide, "Conditional writes"). */
const LOST: ReadonlySet<string> = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

export class ChainBucket {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Numbers have no gap, though the first ones may be gone by now: so whether there is one after a number is asked for
   * ever larger steps, and then for ever smaller ones.
   */
  async newest(from: number): Promise<number> {
    let found = await this.#after(from);
    if (found === undefined) return from;
    let step = 1;
    for (let next = await this.#after(found + step - 1); next !== undefined;) {
      found = next;
      step *= 2;
      next = await this.#after(found + step - 1);
    }
    for (step = Math.floor(step / 2); step >= 1;) {
      const next = await this.#after(found + step - 1);
      if (next === undefined) step = Math.floor(step / 2);
      else found = next;
    }
    return found;
  }

  async read(number: number): Promise<string | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: blockKey(number) }));
      return await Body?.transformToString("utf8");
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async put(number: number, text: string): Promise<boolean> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: blockKey(number),
          Body: text,
          ContentType: "application/json",
          IfNoneMatch: "*",
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof Error && LOST.has(error.name)) return false;
      throw error;
    }
  }

  /** @returns the first number after this one that there is */
  async #after(number: number): Promise<number | undefined> {
    const { Contents = [] } = await this.#client.send(
      new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: CHAIN_FOLDER,
        StartAfter: number === 0 ? CHAIN_FOLDER : blockKey(number),
        MaxKeys: 1,
      }),
    );
    return blockNumber(Contents[0]?.Key ?? "");
  }
}
