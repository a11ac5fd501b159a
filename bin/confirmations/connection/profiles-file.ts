/**
 * Profiles in the user's config directory, for its owner's eyes alone: they say where secrets are, and may hold one.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../frame/command-failure.ts";
import { type Profile, profileFrom } from "./profile.ts";

const FILE_NAME = "profiles.json";
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

export type Profiles = Readonly<Record<string, Profile>>;

export function profilesFile(configDirectory: string): string {
  return join(configDirectory, FILE_NAME);
}

/** @throws CommandFailure for a file that cannot be used, which is then left as it is */
export function readProfiles(configDirectory: string): Profiles {
  const file = profilesFile(configDirectory);
  if (!existsSync(file)) return {};
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, "utf8")) as object).map(([name, value]) => {
      const profile = profileFrom(value);
      if (profile === undefined) throw new TypeError(`profile ${name} is none`);
      return [name, profile] as const;
    });
    return Object.fromEntries(entries);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new CommandFailure("refused", `${file} cannot be used: ${why}; mend it or move it away.`, { cause });
  }
}

/** The file is whole at any time, and never readable by others. */
export function writeProfiles(configDirectory: string, profiles: Profiles): void {
  mkdirSync(configDirectory, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  const file = profilesFile(configDirectory);
  const unfinished = `${file}.${process.pid}.unfinished`;
  writeFileSync(unfinished, `${JSON.stringify(profiles, undefined, 2)}\n`, { mode: OWNER_ONLY });
  chmodSync(unfinished, OWNER_ONLY);
  renameSync(unfinished, file);
}
