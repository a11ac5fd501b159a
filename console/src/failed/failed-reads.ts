/** What the page of failed transactions reads and asks for. */
import type { Api, Schemas } from "../api/api.ts";
import { pageQuery, pageWithItems } from "../api/pages.ts";
import { type FailedFilter, type GivenFilter, queryOf } from "./failed-filter.ts";

export type Failed = Schemas["FailedTransaction"];
export type Plan = Schemas["RedeliveryJob"];

/** @param cursor of the page before; undefined for the first one. @returns one with something in it, or the last one */
export function readFailures(
  api: Api,
  filter: FailedFilter,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas["FailedTransactionPage"]> {
  return pageWithItems((from) => {
    const query = { ...queryOf(filter), ...pageQuery(from) };
    return api.ask((client) => client.GET("/v1/failures", { params: { query }, signal }));
  }, cursor);
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
