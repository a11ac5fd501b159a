/** The journal of a program, as its environment says; none where there is no bucket for it. */
import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { Journal, type JournalOptions } from "../journal/journal.ts";
import type { JournalEnvironment } from "../settings/shared-variables.ts";
import { boundedClient, type Connection } from "./bounded-client.ts";
import { type CallLimits, JOURNAL_LIMITS } from "./call-limits.ts";
import { putJournalFile } from "./put-journal-file.ts";

export interface ProgramJournalOptions extends Omit<JournalOptions, "writer" | "everyMs" | "put"> {
  readonly env: JournalEnvironment;
  /** @default the one that the environment names to the SDK */
  readonly region?: string;
  /** Milliseconds that an invocation has left. @default no limit */
  readonly leftMs?: CallLimits["leftMs"];
}

export function programJournal({ env, region, leftMs, ...options }: ProgramJournalOptions): Journal | undefined {
  if (env.bucket === "") return undefined;
  const limits = { ...JOURNAL_LIMITS, ...(leftMs !== undefined && { leftMs }) };
  const connection: Connection = region === undefined ? {} : { region };
  // Made when there is something to write.
  let client: S3Client | undefined;
  return new Journal({
    ...options,
    writer: randomUUID(),
    everyMs: env.everyMs,
    put: async (key, body) => {
      client ??= boundedClient(S3Client, limits, connection);
      await putJournalFile(client, env, { key, body, now: options.now() });
    },
  });
}

/** For a process that is not frozen: the journal writes by itself, and keeps nobody from ending. */
export function afterMs(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
