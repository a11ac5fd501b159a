/** What the page of failed transactions reads and asks for. */
import type { Api, Schemas } from "../api/api.ts";
import { type FailedFilter, type GivenFilter, queryOf } from "./failed-filter.ts";

export type Failed = Schemas["FailedTransaction"];
export type Plan = Schemas["RedeliveryJob"];

/** Of lists. */
export const PAGE_ITEMS = 50;
/** A page may be empty and go on, where much failed for other reasons. */
const MOST_EMPTY = 20;

/** @param cursor of the page before; empty for the first one. @returns a page with something in it, or the last one */
export async function readFailures(
  api: Api,
  filter: FailedFilter,
  cursor: string,
  signal: AbortSignal,
): Promise<Schemas["FailedTransactionPage"]> {
  let page = await readPage(api, filter, cursor, signal);
  for (let reads = 1; page.items.length === 0 && page.nextCursor !== undefined && reads < MOST_EMPTY; reads += 1)
    page = await readPage(api, filter, page.nextCursor, signal);
  return page;
}

function readPage(api: Api, filter: FailedFilter, cursor: string, signal: AbortSignal) {
  const query = { ...queryOf(filter), limit: PAGE_ITEMS, ...(cursor !== "" && { cursor }) };
  return api.ask((client) => client.GET("/v1/failures", { params: { query }, signal }));
}

/** Some thousands; those of all pages add up. */
export function countFailures(
  api: Api,
  filter: FailedFilter,
  cursor: string,
  signal: AbortSignal,
): Promise<Schemas["FailureCounts"]> {
  const query = { ...queryOf(filter), ...(cursor !== "" && { cursor }) };
  return api.ask((client) => client.GET("/v1/failures/counts", { params: { query }, signal }));
}

/** Counts what would be sent again, and sends nothing. */
export function planRedelivery(api: Api, filter: GivenFilter, reason: string): Promise<Plan> {
  return api.ask((client) =>
    client.POST("/v1/redeliveries", { body: { filter, reason, ratePerSecond: RATE, dryRun: true } }),
  );
}

/** A second, as the API has it unless somebody says otherwise. */
const RATE = 50;
