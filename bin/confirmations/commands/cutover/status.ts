/** What each of the two systems confirmed, merchant by merchant: the pages of the API, added up. */
import type { Command } from "@commander-js/extra-typings";
import { addTallies, type Buckets, type Tally, TALLIED } from "../../../../core/cut-over/tally.ts";
import { percentileOf } from "../../../../core/telemetry/percentile.ts";
import type { components } from "../../api/api-types.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import { examples, leaf } from "../../frame/leaf.ts";
import type { Run, Session } from "../../frame/session.ts";
import { pairs, table } from "../../show/output.ts";

type Page = components["schemas"]["MerchantCutover"];
type Range = { readonly from?: string; readonly to?: string };

interface Latency {
  readonly count: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** Of one merchant. */
type Status = Pick<Page, "merchantId" | "mode" | "liveFrom" | "liveUntil" | "switches" | "unknownHere"> &
  Pick<Tally, "examples"> &
  Tally["counts"] & { readonly latencyMs: { readonly pipeline: Latency; readonly oldSystem: Latency } };

export function statusCommand(cutover: Command, run: Run): void {
  leaf(cutover, "status", "Compares what both systems confirmed, merchant by merchant, with the latencies of both")
    .argument("[merchantIds...]", "of merchants; all that were ever switched without any")
    .option("--from <time>", "of occurredAt, included; seven days before --to unless given")
    .option("--to <time>", "of occurredAt, not included; a day from now unless given")
    .addHelpText(
      "after",
      examples(
        "cutover status",
        "cutover status acme --from 2026-11-30T00:00:00Z",
        "cutover status --json | jq '.items[] | {merchantId, both, pipelineAlone}'",
      ),
    )
    .action(
      run(async (session, merchantIds, { from, to }) => {
        const range = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        const asked = merchantIds.length === 0 ? await switched(session) : merchantIds.map(merchantIdFrom);
        const progress = session.progress("merchants");
        const items: Status[] = [];
        try {
          for (const merchantId of asked) {
            items.push(await statusOf(session, merchantId, range));
            progress.set(items.length, asked.length);
          }
        } finally {
          progress.stop();
        }
        session.output.show({ items, totals: totalsOf(items) }, () => statusText(items));
      }),
    );
}

/** Of both environments. */
async function switched(session: Session): Promise<string[]> {
  const found: string[] = [];
  for (const environment of ["live", "sandbox"] as const) {
    let cursor: string | undefined;
    do {
      const query = { limit: 100, environment, ...(cursor !== undefined && { cursor }) };
      const page = await session.ask((client) => client.GET("/v1/merchants", { params: { query } }));
      for (const { merchantId, switches } of page.items) if (switches !== undefined) found.push(merchantId);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }
  return found.toSorted();
}

async function statusOf(session: Session, merchantId: string, range: Range): Promise<Status> {
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...range, ...(cursor !== undefined && { cursor }) };
    const page = await session.ask((client) =>
      client.GET("/v1/merchants/{merchantId}/cutover", { params: { path: { merchantId }, query } }),
    );
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const { counts, latencies, examples: named } = addTallies(pages.map(tallyIn));
  const [first] = pages as [Page];
  const { mode, liveFrom, liveUntil, switches, unknownHere } = first;
  return {
    merchantId,
    mode,
    ...(liveFrom !== undefined && { liveFrom }),
    ...(liveUntil !== undefined && { liveUntil }),
    ...(switches !== undefined && { switches }),
    ...counts,
    latencyMs: { pipeline: latencyOf(latencies.pipeline), oldSystem: latencyOf(latencies.oldSystem) },
    ...(unknownHere !== undefined && { unknownHere }),
    examples: named,
  };
}

function tallyIn({ counts, latencies: { pipeline, oldSystem }, examples: named }: Page): Tally {
  const read = (all: typeof pipeline): Buckets => all.map(({ ms, count }) => [ms, count] as const);
  return { counts, latencies: { pipeline: read(pipeline), oldSystem: read(oldSystem) }, examples: named };
}

function latencyOf(buckets: Buckets): Latency {
  const samples = buckets.map(([value, count]) => ({ value, count }));
  const at = (share: number) => {
    const found = percentileOf(samples, share);
    return found === undefined ? undefined : Math.round(found);
  };
  const count = samples.reduce((sum, one) => sum + one.count, 0);
  return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function totalsOf(
  items: readonly Status[],
): Tally["counts"] & { readonly merchants: number; readonly unknownHere: number } {
  const counts = TALLIED.map((name) => [name, items.reduce((sum, item) => sum + item[name], 0)] as const);
  const unknownHere = items.reduce((sum, item) => sum + (item.unknownHere?.count ?? 0), 0);
  return { merchants: items.length, ...(Object.fromEntries(counts) as Tally["counts"]), unknownHere };
}

function statusText(items: readonly Status[]): string {
  if (items.length === 0) return "No merchant was ever switched.";
  const shown = table(
    [
      "merchant",
      "mode",
      "all",
      "here",
      "old",
      "both",
      "neither",
      "on its way",
      "old alone",
      "here alone",
      "p99 here",
      "p99 old",
    ],
    items.map((item) => [
      item.merchantId,
      item.mode,
      item.transactions,
      item.confirmedByPipeline,
      item.confirmedByOldSystem,
      item.both,
      item.neither,
      item.underway,
      item.oldSystemAlone + (item.unknownHere?.count ?? 0),
      item.pipelineAlone,
      msText(item.latencyMs.pipeline.p99),
      msText(item.latencyMs.oldSystem.p99),
    ]),
  );
  const { merchants, ...totals } = totalsOf(items);
  const together = pairs({
    merchants,
    transactions: totals.transactions,
    "delivered from here": totals.confirmedByPipeline,
    "by the old system": `${totals.confirmedByOldSystem}, as it has said so far`,
    both: totals.both === 0 ? 0 : `${totals.both}: confirmed twice, such as ${someOf(items, "both")}`,
    neither: totals.neither === 0 ? 0 : `${totals.neither}, such as ${someOf(items, "neither")}`,
    "against the rule": totals.againstTheRule || undefined,
    "not here": totals.unknownHere || undefined,
  });
  return `${shown}\n\n${together}`;
}

function msText(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms} ms`;
}

function someOf(items: readonly Status[], name: "both" | "neither"): string {
  return items
    .flatMap((item) => item.examples[name])
    .slice(0, 3)
    .join(", ");
}
