/** Exports: a merchant's transactions as one file. */
import type { Api, Schemas } from "../../api/api.ts";
import { pageQuery } from "../../api/pages.ts";
import { type Act, accountOf, askedOf, factsOf, type JobSource, type ShownJob } from "../shown-job.ts";

type Export = Schemas["ExportJob"];

const ACTS: Readonly<Record<Export["state"], readonly Act[]>> = {
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  canceled: [],
  too_large: [],
  done: [],
};

export const exports: JobSource = {
  writes: "transactions:read",
  async list(api, cursor, signal) {
    const query = pageQuery(cursor);
    const page = await api.ask((client) => client.GET("/v1/exports", { params: { query }, signal }));
    return { ...page, items: page.items.map((job) => shownExport(job, Date.now())) };
  },
  async read(api, jobId, signal) {
    const params = { path: { jobId } };
    const job = await api.ask((client) => client.GET("/v1/exports/{jobId}", { params, signal }));
    return shownExport(job, Date.now());
  },
  act: async (api, jobId, act) => shownExport(await acted(api, jobId, act), Date.now()),
};

/** How much there will be nobody knows before it is over, so that it has no percent. */
export function shownExport(job: Export, nowMs: number): ShownJob {
  const { state, counts, merchantId, from, to, format, transactionState, fileUntil } = job;
  return {
    kind: "exports",
    ...askedOf(job),
    state,
    isUnderWay: state === "running",
    acts: ACTS[state],
    facts: factsOf({ merchantId, from, to, state: transactionState, format, bytes: counts.bytes, fileUntil }),
    account: accountOf("transactions", counts.rows, [["written", counts.rows]], ["written"]),
    actsOn: counts.rows,
    ...(state === "done" && { progress: 100 }),
    ...(fileUntil !== undefined && Date.parse(fileUntil) > nowMs && { file: "exported" as const }),
  };
}

function acted(api: Api, jobId: string, act: Act): Promise<Export> {
  const params = { path: { jobId } };
  switch (act) {
    case "pause":
      return api.ask((client) => client.POST("/v1/exports/{jobId}/pause", { params }));
    case "resume":
      return api.ask((client) => client.POST("/v1/exports/{jobId}/resume", { params }));
    default:
      return api.ask((client) => client.POST("/v1/exports/{jobId}/cancel", { params }));
  }
}
