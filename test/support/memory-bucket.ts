/** A bucket in memory, as far as programs of the pipeline use one: put, get, list by prefix, delimiter and start. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

interface Kept {
  readonly body: Buffer;
  readonly at: Date;
}

const MOST_KEYS = 1000;

export class MemoryBucket implements Pick<S3Client, "send"> {
  readonly files = new Map<string, Kept>();
  /** When what is put is said to be put. */
  now: () => number = Date.now;

  /** Anything else is not faked. */
  readonly send = (async (command: unknown) => {
    if (command instanceof PutObjectCommand) {
      const { Key = "", Body } = command.input;
      this.put(Key, Body as string | Uint8Array);
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const file = this.files.get(command.input.Key ?? "");
      if (file === undefined) throw Object.assign(new Error("NoSuchKey"), { name: "NoSuchKey" });
      const { body } = file;
      return {
        Body: { transformToByteArray: async () => body, transformToString: async () => body.toString("utf8") },
      };
    }
    if (command instanceof ListObjectsV2Command) return this.#list(command);
    throw new Error("this call is not faked");
  }) as S3Client["send"];

  put(key: string, body: string | Uint8Array): void {
    this.files.set(key, { body: Buffer.from(body as Uint8Array), at: new Date(this.now()) });
  }

  #list({ input }: ListObjectsV2Command): Partial<ListObjectsV2CommandOutput> {
    const { Prefix = "", Delimiter, StartAfter = "", MaxKeys = MOST_KEYS } = input;
    const keys = [...this.files.keys()].toSorted().filter((key) => key.startsWith(Prefix) && key > StartAfter);
    const items: { readonly key?: string; readonly folder?: string }[] = [];
    for (const key of keys) {
      const end = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
      const item = end === -1 ? { key } : { folder: key.slice(0, end + 1) };
      if (item.folder === undefined || items.at(-1)?.folder !== item.folder) items.push(item);
    }
    const page = items.slice(0, MaxKeys);
    return {
      Contents: page.flatMap(({ key }) => {
        const file = this.files.get(key ?? "");
        return key === undefined || file === undefined
          ? []
          : [{ Key: key, LastModified: file.at, Size: file.body.length }];
      }),
      CommonPrefixes: page.flatMap(({ folder }) => (folder === undefined ? [] : [{ Prefix: folder }])),
      IsTruncated: items.length > page.length,
    };
  }
}
