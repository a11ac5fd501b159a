/** A redelivery as a person sees it, and how one is followed to its end. */
import type { components } from "../../api/api-types.ts";
import { EXIT_CODES } from "../../frame/exit-codes.ts";
import type { Session } from "../../frame/session.ts";
import { pairs } from "../../show/output.ts";

export type Redelivery = components["schemas"]["RedeliveryJob"];

const LOOK_EVERY_MS = 1000;

/** Until it counts, sends or waits for nothing any more. */
export async function followed(session: Session, redelivery: Redelivery): Promise<Redelivery> {
  const progress = session.progress(redelivery.state === "counting" ? "counted" : "sent");
  let now = redelivery;
  try {
    while (isUnderWay(now)) {
      await session.around.sleep(LOOK_EVERY_MS);
      const { jobId } = now;
      now = await session.ask((client) => client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } } }));
      const { matched, sent, skipped } = now.counts;
      progress.set(now.state === "counting" ? matched : sent + skipped, Math.max(now.count ?? 0, matched));
    }
  } finally {
    progress.stop();
  }
  return now;
}

function isUnderWay({ state, doneAt }: Redelivery): boolean {
  return state === "counting" || state === "running" || (state === "canceled" && doneAt === undefined);
}

export function redeliveryText({ filter, counts, ...redelivery }: Redelivery): string {
  const { jobId, state, reason, requestedBy, ratePerSecond, asOf, doneAt, count, sample = [] } = redelivery;
  const { skippedBy, ...others } = counts;
  const isCounting = state === "counting" || state === "counted";
  const skipped = Object.entries(skippedBy).map(([why, many]) => `${many} ${why}`);
  return pairs({
    redelivery: jobId,
    state,
    of: Object.entries(filter)
      .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join(" ") : value}`)
      .join(", "),
    why: reason,
    by: requestedBy,
    "as of": asOf,
    rate: `${ratePerSecond} a second`,
    "would send": count,
    such: sample.length === 0 || state !== "counted" ? undefined : sample.slice(0, 5).join(", "),
    matched: others.matched,
    ...(!isCounting && {
      sent: others.sent,
      delivered: others.delivered,
      failed: others.failed,
      waiting: others.waiting,
      superseded: others.superseded || undefined,
    }),
    skipped: skipped.length === 0 ? others.skipped : `${others.skipped}: ${skipped.join(", ")}`,
    "over since": doneAt,
  });
}

export function startLine({ state, count = 0, jobId }: Redelivery, isDryRun: boolean): string {
  if (state !== "counted" || count === 0) return "There is nothing to send.";
  const start = `npx confirmations redeliveries start ${jobId}`;
  return isDryRun ? `To send exactly these: ${start}` : `Nothing is sent yet. If that is right: ${start}`;
}

export function exitOf({ counts, state }: Redelivery): number {
  return counts.failed > 0 || state === "canceled" ? EXIT_CODES.refused.code : EXIT_CODES.done.code;
}
