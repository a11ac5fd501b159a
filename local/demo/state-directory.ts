/**
 * A directory of its own for each run, under .local/, gone when the run ends. Those of runs that were killed are
 * cleared away.
 */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LOCAL_DIRECTORY = fileURLToPath(new URL("../../.local/", import.meta.url));

export interface StateDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** @param program whose run it is; a process has one at a time */
export async function freshStateDirectory(program: string): Promise<StateDirectory> {
  const prefix = `${program}-`;
  await mkdir(LOCAL_DIRECTORY, { recursive: true });
  const leftOver = (await readdir(LOCAL_DIRECTORY)).filter(
    (name) => name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length))),
  );
  for (const name of leftOver) await rm(join(LOCAL_DIRECTORY, name), { recursive: true, force: true });
  const path = join(LOCAL_DIRECTORY, `${prefix}${process.pid}`);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
