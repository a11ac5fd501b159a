/** Resyncs: a snapshot of each transaction is published to the consumers of events. */
import type { Schemas } from "../../api/api.ts";
import { pageQuery } from "../../api/pages.ts";
import { accountOf, askedOf, factsOf, type JobSource, percentOf, type ShownJob } from "../shown-job.ts";

type Resync = Schemas["ResyncJob"];

export const resyncs: JobSource = {
  writes: "operations:write",
  async list(api, cursor, signal) {
    const query = pageQuery(cursor);
    const page = await api.ask((client) => client.GET("/v1/resyncs", { params: { query }, signal }));
    return { ...page, items: page.items.map(shownResync) };
  },
  async read(api, jobId, signal) {
    const params = { path: { jobId } };
    return shownResync(await api.ask((client) => client.GET("/v1/resyncs/{jobId}", { params, signal })));
  },
  async act(api, jobId) {
    const params = { path: { jobId } };
    return shownResync(await api.ask((client) => client.POST("/v1/resyncs/{jobId}/cancel", { params })));
  },
};

export function shownResync(job: Resync): ShownJob {
  const { state, merchantId, audience, since, counts } = job;
  const { transactions, published, skipped } = counts;
  return {
    kind: "resyncs",
    ...askedOf(job),
    state,
    isUnderWay: state === "running",
    acts: state === "running" ? ["cancel"] : [],
    facts: factsOf({ merchantId, audience, since }),
    account: accountOf(
      "transactions",
      transactions,
      [
        ["published", published],
        ["skipped", skipped],
      ],
      ["published"],
    ),
    actsOn: transactions,
    progress: percentOf(published + skipped, transactions),
  };
}
