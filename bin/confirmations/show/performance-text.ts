/** How calls of a merchant went, for a person: a line for each hour in which there were any. */
import { percentInTenths } from "../../../core/dashboard/show.ts";
import type { components } from "../api/api-types.ts";
import { table } from "./output.ts";

type Performance = components["schemas"]["MerchantPerformance"];

export function performanceText({ from, to, basis, transactions, hours }: Performance): string {
  const of = basis === "all" ? "all" : "a sample of each hour, as there are many";
  const looked = `${transactions} transactions looked at, of ${from} to ${to}: ${of}.`;
  const called = hours.filter(({ attempts }) => attempts > 0);
  if (called.length === 0) return `${looked}\nNo calls.`;
  const rows = called.map(({ from: at, attempts, succeeded, latency, failures }) => [
    at,
    attempts,
    `${percentInTenths((100 * succeeded) / attempts).toFixed(1)} %`,
    latency === undefined ? "" : `${Math.round(latency.p50Ms)} ms`,
    latency === undefined ? "" : `${Math.round(latency.p95Ms)} ms`,
    failures.map(({ outcome, attempts: failed }) => `${outcome} ${failed}`).join(", "),
  ]);
  return `${looked}\n\n${table(["hour", "attempts", "succeeded", "p50", "p95", "failed"], rows)}`;
}
