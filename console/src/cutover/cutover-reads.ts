/** What the pages of cut-over read and ask for, and how the counts of pages add up. */
import type { Api, Schemas } from "../api/api.ts";

export type CutoverPart = Schemas["MerchantCutover"];
export type Mode = CutoverPart["mode"];
export type Counts = CutoverPart["counts"];
export type Examples = CutoverPart["examples"];

export const MODES = ["shadow", "mirror", "live"] as const satisfies readonly Mode[];
/** The total first, then its parts. */
export const COUNTS = [
  "transactions",
  "confirmedByPipeline",
  "confirmedByOldSystem",
  "both",
  "neither",
  "underway",
] as const satisfies readonly (keyof Counts)[];
/** What a person looks into. */
export const ASKS = [
  "both",
  "neither",
  "oldSystemAlone",
  "pipelineAlone",
  "againstTheRule",
] as const satisfies readonly (keyof Examples & keyof Counts)[];

/** As many as a person wants to look at. */
const MOST_EXAMPLES = 5;

export interface CutoverFilter {
  /** When they occurred, UTC; from is included, until is not. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export function readCutover(
  api: Api,
  merchantId: string,
  { from, until }: CutoverFilter,
  cursor: string,
  signal: AbortSignal,
): Promise<CutoverPart> {
  const query = {
    ...(from !== undefined && { from }),
    ...(until !== undefined && { to: until }),
    ...(cursor !== "" && { cursor }),
  };
  const params = { path: { merchantId }, query };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/cutover", { params, signal }));
}

/** Takes effect for what occurs from then on. @param at UTC; the earliest that may be without it */
export function switchMerchant(api: Api, merchantId: string, mode: Mode, at: string | undefined) {
  const body = { mode, ...(at !== undefined && (mode === "live" ? { liveFrom: at } : { liveUntil: at })) };
  const params = { path: { merchantId } };
  return api.ask((client) => client.PUT("/v1/merchants/{merchantId}/mode", { params, body }));
}

export interface AddedUp {
  readonly counts: Counts;
  readonly examples: Examples;
}

/** @param pages of one merchant and time, at least one */
export function addedUp(pages: readonly Pick<CutoverPart, "counts" | "examples">[]): AddedUp {
  const names = Object.keys(pages[0]?.counts ?? {}) as (keyof Counts)[];
  const counts = Object.fromEntries(
    names.map((name) => [name, pages.reduce((sum, page) => sum + page.counts[name], 0)]),
  ) as Counts;
  const examples = Object.fromEntries(
    ASKS.map((name) => [name, pages.flatMap((page) => page.examples[name]).slice(0, MOST_EXAMPLES)]),
  ) as Examples;
  return { counts, examples };
}
