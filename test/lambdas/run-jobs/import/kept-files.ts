/** The bucket of imports in memory, as its functions use it. */
import { hash } from "node:crypto";
import type { ResultFiles } from "../../../../core/aws/result-files.ts";
import type { ImportFiles, StoredFile } from "../../../../core/aws/import-files.ts";

export class KeptFiles
  implements Pick<ImportFiles, "pieces" | "read" | "text" | "put">, Pick<ResultFiles, "list" | "putAll">
{
  readonly all = new Map<string, Buffer>();

  /** As S3 tells of it. */
  add(key: string, bytes: Buffer): { key: string; size: number; etag: string } {
    this.all.set(key, bytes);
    return { key, size: bytes.length, etag: hash("md5", bytes, "hex") };
  }

  async *pieces(file: StoredFile, size: number): AsyncGenerator<Uint8Array> {
    const pieceBytes = 10_000;
    for (let from = 0; from < size; from += pieceBytes)
      yield await this.read(file, from, Math.min(size, from + pieceBytes));
  }

  async read({ key, etag }: StoredFile, from: number, to: number): Promise<Uint8Array> {
    const bytes = this.all.get(key) ?? Buffer.alloc(0);
    if (`"${hash("md5", bytes, "hex")}"` !== etag) throw new Error("another file than that which was looked through");
    return bytes.subarray(from, to);
  }

  async text(key: string): Promise<string> {
    const bytes = this.all.get(key);
    if (bytes === undefined) throw new Error(`there is no ${key}`);
    return bytes.toString();
  }

  async put(key: string, text: string): Promise<void> {
    this.all.set(key, Buffer.from(text));
  }

  async list(prefix: string): Promise<string[]> {
    return [...this.all.keys()].filter((key) => key.startsWith(prefix)).toSorted();
  }

  async putAll(key: string, _contentType: string, texts: AsyncIterable<string>): Promise<void> {
    let all = "";
    for await (const text of texts) all += text;
    this.all.set(key, Buffer.from(all));
  }
}
