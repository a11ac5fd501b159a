/** The bucket of exports in memory, with uploads in parts that may be lost. */
import { hash } from "node:crypto";
import type { ExportFiles, FileDescription } from "../../../../core/aws/export-files.ts";

export class KeptExports implements Pick<
  ExportFiles,
  "begin" | "add" | "complete" | "abort" | "put" | "putRest" | "readRest" | "size"
> {
  readonly files = new Map<string, Buffer>();
  readonly rests = new Map<string, Buffer>();
  readonly uploads = new Map<string, Map<number, Buffer>>();
  /** Bytes of the largest thing that was put at once. */
  largest = 0;
  #begun = 0;

  async begin(): Promise<string> {
    const uploadId = `upload-${(this.#begun += 1)}`;
    this.uploads.set(uploadId, new Map());
    return uploadId;
  }

  async add(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<string | undefined> {
    const parts = this.uploads.get(uploadId);
    if (parts === undefined) return undefined;
    parts.set(number, this.#kept(body));
    return tagOf(Buffer.from(body));
  }

  async complete(key: string, uploadId: string, tags: readonly string[]): Promise<boolean> {
    const parts = this.uploads.get(uploadId);
    const named = tags.map((_, index) => parts?.get(index + 1) ?? Buffer.alloc(0));
    if (parts === undefined || named.some((part, index) => tagOf(part) !== tags[index])) return false;
    this.files.set(key, Buffer.concat(named));
    this.uploads.delete(uploadId);
    return true;
  }

  async abort(_key: string, uploadId: string): Promise<void> {
    this.uploads.delete(uploadId);
  }

  async put({ key }: FileDescription, body: Uint8Array): Promise<void> {
    this.files.set(key, this.#kept(body));
  }

  async putRest(key: string, body: Uint8Array): Promise<void> {
    this.rests.set(key, this.#kept(body));
  }

  async readRest(key: string): Promise<Uint8Array | undefined> {
    return this.rests.get(key);
  }

  async size(key: string): Promise<number | undefined> {
    return this.files.get(key)?.length;
  }

  #kept(body: Uint8Array): Buffer {
    this.largest = Math.max(this.largest, body.length);
    return Buffer.from(body);
  }
}

function tagOf(part: Buffer): string {
  return `"${hash("md5", part, "hex")}"`;
}
