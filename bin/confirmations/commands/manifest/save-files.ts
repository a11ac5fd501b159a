/**
 * Files of manifests from where the API says they can be read, into a directory. Their names come from over there, so
 * that only what is a name of such a file is written.
 */
import { createWriteStream, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { reach } from "../../connection/reach.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import type { Session } from "../../frame/session.ts";
import { printable } from "../../show/printable.ts";

interface RemoteFile {
  readonly name: string;
  readonly url: string;
}

export interface Saved {
  readonly files: readonly string[];
  /** Oldest revision first. */
  readonly manifests: readonly string[];
}

const FILE_NAME = /^[A-Za-z0-9][\w.-]{0,199}$/;
const MANIFEST = /^manifest-(\d+)\.jsonl$/;

export async function saveFiles(session: Session, files: readonly RemoteFile[], directory: string): Promise<Saved> {
  mkdirSync(directory, { recursive: true });
  const bar = session.progress("Files");
  const saved: string[] = [];
  try {
    for (const { name, url } of files) {
      if (!FILE_NAME.test(name))
        throw new CommandFailure(
          "refused",
          `The API names a file ${printable(name)}, expected manifest-<revision>.jsonl`,
        );
      const file = join(directory, name);
      await save(session, url, file);
      saved.push(file);
      bar.set(saved.length, files.length);
    }
  } finally {
    bar.stop();
  }
  const manifests = files
    .filter(({ name }) => MANIFEST.test(name))
    .toSorted((one, other) => revisionOf(one.name) - revisionOf(other.name));
  return { files: saved, manifests: manifests.map(({ name }) => join(directory, name)) };
}

/** Whole or not at all. */
async function save({ around }: Session, url: string, file: string): Promise<void> {
  const remedy = "send the command again";
  const response = await reach(around.fetch, url, {}, { what: `The file ${file}`, remedy });
  if (!response.ok || response.body === null)
    throw new CommandFailure(
      "refused",
      `The file ${file} cannot be had: its address answered ${response.status}; ${remedy}`,
    );
  const unfinished = `${file}.unfinished`;
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(unfinished));
  renameSync(unfinished, file);
}

function revisionOf(name: string): number {
  return Number(MANIFEST.exec(name)?.[1] ?? 0);
}
