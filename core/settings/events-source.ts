/** Which pipeline an event comes from: the `source` of its envelope. */
import type { Named } from "./physical-names.ts";

export function eventsSource({ name = "default" }: Named): string {
  return `/pipelines/${name}`;
}
