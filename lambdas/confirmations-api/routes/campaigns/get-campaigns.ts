/**
 * `GET /v1/campaigns` and `GET /v1/campaigns/{label}`: what became of transactions with a label, as CloudWatch has
 * counted it. What was read is kept for a minute, since a page that somebody leaves open asks again and again.
 */
import { createRoute } from "@hono/zod-openapi";
import type { ApiApp } from "../../../../core/api/api-app.ts";
import { invalidParameter, notFound } from "../../../../core/api/api-error.ts";
import { access, problems } from "../../../../core/api/operation.ts";
import { OTHER_CAMPAIGN } from "../../../../core/campaigns/campaign.ts";
import { type CampaignRange, campaignRange } from "../../../../core/campaigns/campaign-range.ts";
import { LoadingCache } from "../../../../core/cache/loading-cache.ts";
import type { CampaignSeries } from "../../../../core/aws/read-campaigns.ts";
import {
  campaignParam,
  type CampaignQuery,
  campaignQuery,
  campaignSchema,
  campaignsSchema,
} from "./campaign-schema.ts";
import { campaignsView, campaignView } from "./campaign-view.ts";

export interface CampaignParts {
  readonly campaigns: {
    /** Registered, in their order; none where nothing is counted. */
    readonly labels: readonly string[];
    /** Kinds that are counted apart. */
    readonly channels: readonly string[];
    readonly read: (labels: readonly string[], range: CampaignRange) => Promise<readonly CampaignSeries[]>;
  };
  readonly nowMs: () => number;
}

const KEPT_MS = 60_000;
const MOST_KEPT = 100;

const listRoute = createRoute({
  ...access("listCampaigns"),
  method: "get",
  path: "/campaigns",
  tags: ["Campaigns"],
  summary: "See what became of each campaign",
  description: "Totals of each label that is registered, of all channels together.",
  request: { query: campaignQuery },
  responses: {
    ...problems("listCampaigns"),
    200: { description: "The campaigns", content: { "application/json": { schema: campaignsSchema } } },
  },
});

const getRoute = createRoute({
  ...access("getCampaign"),
  method: "get",
  path: "/campaigns/{label}",
  tags: ["Campaigns"],
  summary: "See what became of a campaign, by channel and over time",
  description: "At most 200 periods; finer ones of what is newer.",
  request: { params: campaignParam, query: campaignQuery },
  responses: {
    ...problems("getCampaign", [404]),
    200: { description: "The campaign", content: { "application/json": { schema: campaignSchema } } },
  },
});

export function getCampaigns(app: ApiApp, parts: CampaignParts): void {
  const counted = () => countedIn(parts.campaigns.labels);
  const kept = new LoadingCache<readonly CampaignSeries[]>({
    load: (key) => {
      const { of, range } = JSON.parse(key) as Asked;
      return parts.campaigns.read(of, range);
    },
    keep: () => true,
    most: MOST_KEPT,
    maxAgeMs: KEPT_MS,
    now: () => parts.nowMs(),
  });
  const read = (of: readonly string[], range: CampaignRange) =>
    of.length === 0 ? Promise.resolve([]) : kept.get(JSON.stringify({ of, range } satisfies Asked));

  app.openapi(listRoute, async (c) => {
    const range = rangeOf(c.req.valid("query"), parts.nowMs());
    return c.json(campaignsView(counted(), range, await read(counted(), range)), 200);
  });
  app.openapi(getRoute, async (c) => {
    const { label } = c.req.valid("param");
    const range = rangeOf(c.req.valid("query"), parts.nowMs());
    if (!counted().includes(label)) throw notFound("campaign");
    return c.json(campaignView(label, parts.campaigns.channels, range, await read([label], range)), 200);
  });
}

/** What is not registered is counted together, where anything is. */
function countedIn(labels: readonly string[]): readonly string[] {
  return labels.length === 0 ? [] : [...labels, OTHER_CAMPAIGN];
}

interface Asked {
  readonly of: readonly string[];
  readonly range: CampaignRange;
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** @throws ApiError for times between which nothing can be shown */
function rangeOf({ from, to }: CampaignQuery, nowMs: number): CampaignRange {
  const range = campaignRange({ fromMs: timeOf(from), toMs: timeOf(to) }, nowMs);
  if (!("detail" in range)) return range;
  throw invalidParameter(range.parameter, range.detail);
}
