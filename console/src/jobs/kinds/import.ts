/** Imports: a file of transactions, each row of it accepted or rejected. */
import type { Api, Schemas } from "../../api/api.ts";
import { pageQuery } from "../../api/pages.ts";
import { type Act, accountOf, askedOf, factsOf, type JobSource, percentOf, type ShownJob } from "../shown-job.ts";

type Import = Schemas["ImportJob"];

const ACTS: Readonly<Record<Import["state"], readonly Act[]>> = {
  waiting: [],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  canceled: [],
  refused: [],
  done: [],
};

export const imports: JobSource = {
  writes: "imports:write",
  async list(api, cursor, signal) {
    const query = pageQuery(cursor);
    const page = await api.ask((client) => client.GET("/v1/imports", { params: { query }, signal }));
    return { ...page, items: page.items.map(shownImport) };
  },
  async read(api, jobId, signal) {
    const params = { path: { jobId } };
    return shownImport(await api.ask((client) => client.GET("/v1/imports/{jobId}", { params, signal })));
  },
  act: async (api, jobId, act) => shownImport(await acted(api, jobId, act)),
};

export function shownImport(job: Import): ShownJob {
  const { state, fileName, of, merchantId, bytes, counts, refusal } = job;
  const { rows, accepted, rejected, skipped } = counts;
  return {
    kind: "imports",
    ...askedOf(job),
    state,
    isUnderWay: state === "waiting" || state === "running",
    acts: ACTS[state],
    facts: factsOf({ fileName, of, merchantId, bytes }),
    account: accountOf(
      "rows",
      rows,
      [
        ["accepted", accepted],
        ["rejected", rejected],
        ["skipped", skipped],
      ],
      ["accepted", "rejected"],
    ),
    actsOn: Math.max(0, rows - accepted - rejected - skipped),
    progress: percentOf(accepted + rejected + skipped, rows),
    ...(refusal !== undefined && { refusal }),
    ...(rejected > 0 && (state === "done" || state === "canceled") && { file: "rejected" as const }),
  };
}

function acted(api: Api, jobId: string, act: Act): Promise<Import> {
  const params = { path: { jobId } };
  switch (act) {
    case "pause":
      return api.ask((client) => client.POST("/v1/imports/{jobId}/pause", { params }));
    case "resume":
      return api.ask((client) => client.POST("/v1/imports/{jobId}/resume", { params }));
    default:
      return api.ask((client) => client.POST("/v1/imports/{jobId}/cancel", { params }));
  }
}
