/** What the pages of redeliveries read and ask for. */
import type { Api, Schemas } from "../api/api.ts";

export type Redelivery = Schemas["RedeliveryJob"];
export type Act = "start" | "pause" | "resume" | "cancel";

/** Of lists. */
export const PAGE_ITEMS = 50;

export function redeliveryKey(jobId: string): readonly string[] {
  return ["redelivery", jobId];
}

export function readRedelivery(api: Api, jobId: string, signal: AbortSignal): Promise<Redelivery> {
  return api.ask((client) => client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } }, signal }));
}

/** @param cursor of the page before. @default the first one */
export function readRedeliveries(
  api: Api,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas["RedeliveryPage"]> {
  const query = { limit: PAGE_ITEMS, ...(cursor !== undefined && { cursor }) };
  return api.ask((client) => client.GET("/v1/redeliveries", { params: { query }, signal }));
}

export function actOnRedelivery(api: Api, jobId: string, act: Act): Promise<Redelivery> {
  const params = { path: { jobId } };
  switch (act) {
    case "start":
      return api.ask((client) => client.POST("/v1/redeliveries/{jobId}/start", { params }));
    case "pause":
      return api.ask((client) => client.POST("/v1/redeliveries/{jobId}/pause", { params }));
    case "resume":
      return api.ask((client) => client.POST("/v1/redeliveries/{jobId}/resume", { params }));
    default:
      return api.ask((client) => client.POST("/v1/redeliveries/{jobId}/cancel", { params }));
  }
}

const ACTS: Readonly<Record<Redelivery["state"], readonly Act[]>> = {
  counting: ["cancel"],
  counted: ["start", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  canceled: [],
  done: [],
};

/** What a person may ask of a job now; the API decides. */
export function actsOn({ state }: Pick<Redelivery, "state">): readonly Act[] {
  return ACTS[state];
}

export function isUnderWay({ state }: Pick<Redelivery, "state">): boolean {
  return state === "counting" || state === "running";
}
