/**
 * Which of the panels' metrics a stack publishes: small-account mode pays for few, and the others are asked for in
 * vain. Those of AWS are always there.
 */
import type { DeliveryMode } from "../settings/groups/delivery.ts";
import { METRICS_NAMESPACE } from "../settings/names.ts";
import { publishedMetrics, publishes, publishesEvery } from "../settings/published-metrics.ts";
import type { Measured } from "./panel.ts";

export const NOT_PUBLISHED = "not published in small-account mode";

export function isPublished(mode: DeliveryMode, { namespace, name, dimensions }: Measured): boolean {
  const { service, ...others } = dimensions;
  // Labels of campaigns have no program, and panels only where they are counted.
  if (!namespace.endsWith(METRICS_NAMESPACE) || service === undefined) return true;
  const published = publishedMetrics(mode, service);
  // A part is a metric of its own only where every one is.
  return publishes(published, name) && (Object.keys(others).length === 0 || publishesEvery(published));
}
