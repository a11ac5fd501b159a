/**
 * What goes into the journal: records that say that a merchant accepted a version from here, once the table has them.
 * What another system confirms is not among them: its log says that again.
 */
import type { RowRecord } from "../decide/row-record.ts";
import type { Job } from "../job.ts";
import type { Ports } from "../ports.ts";

export function journalIfConfirmed(
  record: RowRecord,
  { target, state }: Pick<Job, "target" | "state">,
  journal: NonNullable<Ports["journal"]>,
): void {
  const { transactionId, version } = target;
  switch (record.kind) {
    case "confirmed":
    case "confirmed too":
    case "confirmed as seen":
    // The row says something else by now; what was accepted is known all the same.
    case "content changed":
      return journal.recorded(transactionId, version, record.progress.accepted ?? record.delivered);
    case "barely": {
      const { instead } = record;
      if (instead.kind === "failed" || instead.kind === "shadowed") return undefined;
      return journal.recorded(transactionId, version, instead.progress.accepted ?? instead.delivered);
    }
    case "noted":
      if (record.told.kind === "confirm") journal.recorded(transactionId, version, state.accepted);
      return undefined;
    default:
      return undefined;
  }
}
