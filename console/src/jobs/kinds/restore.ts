/** Restores of the table, and decisions about what they left: first a plan, then rows are written. */
import type { Api, Schemas } from "../../api/api.ts";
import { pageQuery } from "../../api/pages.ts";
import { type Act, accountOf, askedOf, factsOf, type JobSource, percentOf, type ShownJob } from "../shown-job.ts";

type Restore = Schemas["RestoreJob"];

const ACTS: Readonly<Record<Restore["state"], readonly Act[]>> = {
  counting: ["cancel"],
  counted: ["apply", "cancel"],
  running: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  canceled: [],
  done: [],
};

export const restores: JobSource = {
  writes: "operations:write",
  async list(api, cursor, signal) {
    const query = pageQuery(cursor);
    const page = await api.ask((client) => client.GET("/v1/restores", { params: { query }, signal }));
    return { ...page, items: page.items.map(shownRestore) };
  },
  async read(api, jobId, signal) {
    const params = { path: { jobId } };
    return shownRestore(await api.ask((client) => client.GET("/v1/restores/{jobId}", { params, signal })));
  },
  act: async (api, jobId, act) => shownRestore(await acted(api, jobId, act)),
};

export function shownRestore(job: Restore): ShownJob {
  const { state, fromTable, restoredTo, damagedAt, sources, decides, decision, unknownTimes = [] } = job;
  const isPlan = state === "counting" || state === "counted";
  const counts = isPlan ? (job.plan ?? job.counts) : job.counts;
  const { transactions, same, skipped, unknown } = counts;
  const parts = [
    ["same", same],
    ["restored", counts.restored],
    ["takenFromTable", counts.takenFromTable],
    ["takenFromStream", counts.takenFromStream],
    ["takenFromJournal", counts.takenFromJournal],
    ["takenFromManifests", counts.takenFromManifests],
    ["unknown", unknown],
    ["decided", counts.decided ?? 0],
    ["expired", counts.expired],
    ["refused", counts.refused],
    ["skipped", skipped],
  ] as const;
  const over = parts.reduce((sum, [, many]) => sum + many, 0);
  const total = Math.max(transactions, isPlan ? 0 : (job.plan?.transactions ?? 0));
  return {
    kind: "restores",
    ...askedOf(job),
    state,
    isUnderWay: state === "counting" || state === "running",
    acts: ACTS[state],
    facts: [
      ...factsOf({ fromTable, restoredTo, damagedAt, sources, decides, decision, timeToLive: job.timeToLive }),
      ...(unknownTimes.length === 0 ? [] : [["unknownTimes", unknownTimes] as const]),
    ],
    account: accountOf("transactions", total, parts, decides === undefined ? ["restored", "unknown"] : ["decided"]),
    actsOn: isPlan ? Math.max(0, transactions - same) : total,
    ...(!isPlan && { progress: percentOf(over, total) }),
    ...(decides === undefined && ((job.plan?.unknown ?? 0) > 0 || unknown > 0) && { hasUndecided: true as const }),
  };
}

function acted(api: Api, jobId: string, act: Act): Promise<Restore> {
  const params = { path: { jobId } };
  switch (act) {
    case "apply":
      return api.ask((client) => client.POST("/v1/restores/{jobId}/apply", { params }));
    case "pause":
      return api.ask((client) => client.POST("/v1/restores/{jobId}/pause", { params }));
    case "resume":
      return api.ask((client) => client.POST("/v1/restores/{jobId}/resume", { params }));
    default:
      return api.ask((client) => client.POST("/v1/restores/{jobId}/cancel", { params }));
  }
}
