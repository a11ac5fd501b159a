/** Redeliveries: what was delivered or given up is sent again. */
import type { Api, Schemas } from "../../api/api.ts";
import { pageQuery } from "../../api/pages.ts";
import { type Act, accountOf, askedOf, factsOf, type JobSource, percentOf, type ShownJob } from "../shown-job.ts";

type Redelivery = Schemas["RedeliveryJob"];

const ACTS: Readonly<Record<Redelivery["state"], readonly Act[]>> = {
  counting: ["cancel"],
  counted: ["start", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  canceled: [],
  done: [],
};

export const redeliveries: JobSource = {
  writes: "redeliveries:write",
  async list(api, cursor, signal) {
    const query = pageQuery(cursor);
    const page = await api.ask((client) => client.GET("/v1/redeliveries", { params: { query }, signal }));
    return { ...page, items: page.items.map(shownRedelivery) };
  },
  async read(api, jobId, signal) {
    const params = { path: { jobId } };
    return shownRedelivery(await api.ask((client) => client.GET("/v1/redeliveries/{jobId}", { params, signal })));
  },
  act: async (api, jobId, act) => shownRedelivery(await acted(api, jobId, act)),
};

export function shownRedelivery(job: Redelivery): ShownJob {
  const { state, counts, count, filter } = job;
  const { delivered, failed, waiting, superseded, skipped, skippedBy, sent, matched } = counts;
  const over = delivered + failed + waiting + superseded + skipped;
  const inFlight = Math.max(0, sent - (over - skipped));
  const account = accountOf(
    "found",
    matched,
    [
      ["delivered", delivered],
      ["failed", failed],
      ["waiting", waiting],
      ["superseded", superseded],
      ["inFlight", inFlight],
      ["skipped", skipped],
    ],
    ["delivered", "failed"],
  );
  const isStarted = job.startedAt !== undefined;
  return {
    kind: "redeliveries",
    ...askedOf(job),
    state,
    isUnderWay: state === "counting" || state === "running",
    acts: ACTS[state],
    facts: factsOf(filter),
    account: { ...account, skippedBy },
    actsOn: count ?? matched,
    ...(isStarted && { progress: percentOf(over, Math.max(matched, count ?? 0)) }),
  };
}

function acted(api: Api, jobId: string, act: Act): Promise<Redelivery> {
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
