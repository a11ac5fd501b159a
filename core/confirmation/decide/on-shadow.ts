/**
 * The decision about a version that the old system confirms, by the switches of its merchant. It is confirmed as that
 * system's at once, whatever becomes of it there: nothing of it waits here, in no order, and no time of it ends. What
 * would have been sent, or why nothing would have been, is kept beside it; and what came of the mirror, which changes
 * nothing else.
 */
import { hash } from "node:crypto";
import type { PreparedShadow } from "../../delivery/prepare.ts";
import type { MirrorResult } from "../../transaction/row/confirmed-by.ts";
import type { Job } from "../job.ts";
import { doneWith, effect, giveBack, letGo, type LetGo, type Shadow } from "./effect.ts";

/** @param mirror what came of sending it there. @default it was not to be */
export function decideOnShadow(
  job: Job,
  { mode, webhook, content, unsent }: PreparedShadow,
  isStopping: boolean,
  mirror?: MirrorResult,
): LetGo | Shadow {
  // What was sent to the mirror already is recorded.
  if (isStopping && mirror === undefined) return letGo(giveBack(0), { traced: "given back" });
  const confirmedBy = {
    version: job.target.version,
    by: mode,
    bodyDigest: webhook === undefined ? undefined : bodyDigest(webhook.body),
    unsent: unsent?.code,
    reason: unsent?.reason,
    mirror,
  };
  return effect("shadow", { kind: "shadowed", confirmedBy, content } as const, doneWith(job), {
    traced: `left to the old system: ${mode}`,
  });
}

/** SHA-256 of the bytes that would have been sent, in base64url. */
export function bodyDigest(body: string): string {
  return hash("sha256", body, "base64url");
}
