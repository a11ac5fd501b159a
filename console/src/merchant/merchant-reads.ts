/** What the page of a merchant reads, each kept under a name of its own. */
import type { Api, Schemas } from "../api/api.ts";
import { pageQuery } from "../api/pages.ts";
import { merchantPath } from "../routing/routes.ts";

export type Merchant = Schemas["Merchant"];
export type Health = Schemas["MerchantHealth"];
export type Performance = Schemas["MerchantPerformance"];
export type Call = Schemas["MerchantTest"];
export type Summary = Schemas["TransactionSummary"];
export type State = Summary["state"];

export const STATES = ["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"] as const satisfies readonly State[];

/** Over which one may look at calls. */
export const HOURS = [24, 48] as const;
type Hours = (typeof HOURS)[number];
type Part = "row" | "health" | "keys" | "performance" | "transactions";

/** By which all that was read of a merchant is kept; what is read anew along with the page, below its first two. */
export function merchantKey(
  merchantId: string,
  ...part: readonly [] | readonly [Part, ...string[]]
): readonly string[] {
  return ["merchant", merchantId, ...part];
}

export function readMerchant(api: Api, merchantId: string, signal: AbortSignal): Promise<Merchant> {
  const params = { path: { merchantId } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}", { params, signal }));
}

export function readHealth(api: Api, merchantId: string, signal: AbortSignal): Promise<Health> {
  const params = { path: { merchantId } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/health", { params, signal }));
}

export function readPerformance(api: Api, merchantId: string, hours: Hours, signal: AbortSignal): Promise<Performance> {
  const params = { path: { merchantId }, query: { hours } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/performance", { params, signal }));
}

export function readKeys(api: Api, merchantId: string, signal: AbortSignal): Promise<Schemas["MerchantKeys"]> {
  const params = { path: { merchantId } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/keys", { params, signal }));
}

/** @param state undefined for all. @param cursor of the page before; undefined for the first one */
export function readTransactions(
  api: Api,
  merchantId: string,
  state: State | undefined,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas["TransactionPage"]> {
  const query = { merchantId, ...pageQuery(cursor), ...(state !== undefined && { state }) };
  return api.ask((client) => client.GET("/v1/transactions", { params: { query }, signal }));
}

export function askForTest(api: Api, merchantId: string): Promise<Call> {
  const params = { path: { merchantId } };
  return api.ask((client) => client.POST("/v1/merchants/{merchantId}/test", { params }));
}

export function readTest(api: Api, merchantId: string, jobId: string, signal: AbortSignal): Promise<Call> {
  const params = { path: { merchantId, jobId } };
  return api.ask((client) => client.GET("/v1/merchants/{merchantId}/test/{jobId}", { params, signal }));
}

/** @param hours as they stand in an address. @returns a day's for what cannot be looked at */
export function hoursOf(hours: string | null): Hours {
  return HOURS.find((one) => String(one) === hours) ?? HOURS[0];
}

/** A merchant's page with another filter, and those that it has. @param value undefined takes it away */
export function placeWith(
  merchantId: string,
  search: URLSearchParams,
  name: "state" | "hours",
  value: string | undefined,
): string {
  const filters = new URLSearchParams(search);
  if (value === undefined) filters.delete(name);
  else filters.set(name, value);
  const query = filters.toString();
  return query === "" ? merchantPath(merchantId) : `${merchantPath(merchantId)}?${query}`;
}

/** @param state as it stands in an address. @returns undefined for all, and for what is no state */
export function stateOf(state: string | null): State | undefined {
  return STATES.find((one) => one === state);
}
