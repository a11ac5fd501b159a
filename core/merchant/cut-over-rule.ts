/**
 * For the old system: which of the two systems confirms a version, by the rule of `modes.ts` and no other. Published as
 * `confirmation-pipeline/cut-over`; docs/using/cut-over.md has the rule in words, for systems that are no JavaScript.
 */
import { type Mode, modeOf } from "./modes.ts";

/** As `GET /v1/merchants/{merchantId}` shows it. */
export interface ShownSwitch {
  readonly mode: Mode;
  /** ISO 8601 or epoch milliseconds; missing in the first one alone. */
  readonly from?: string | number | undefined;
}

/** Which of the two systems confirms. */
export type Owner = "pipeline" | "old system";

/**
 * @param occurredAt of the version: ISO 8601 with a zone, as it is submitted
 * @param switches of its merchant, in the order in which the API shows them. @default it is live
 * @throws TypeError for what is no instant, or a switch that has none
 */
export function ownerOf(occurredAt: string, switches: readonly ShownSwitch[] | undefined): Owner {
  if (Number.isNaN(Date.parse(occurredAt)))
    throw new TypeError(`occurredAt: got ${JSON.stringify(occurredAt)}, expected ISO 8601 with a zone`);
  const read = switches?.map(({ mode, from }, index) =>
    from === undefined ? { mode } : { mode, from: msOf(from, index) },
  );
  return modeOf(occurredAt, read) === "live" ? "pipeline" : "old system";
}

function msOf(from: string | number, index: number): number {
  const ms = typeof from === "number" ? from : Date.parse(from);
  if (Number.isSafeInteger(ms)) return ms;
  throw new TypeError(`switches/${index}/from: got ${JSON.stringify(from)}, expected ISO 8601 or epoch milliseconds`);
}
