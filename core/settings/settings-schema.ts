/**
 * Every setting, with its range, its default and the words of its page. A group has a file in `groups/`; what concerns
 * all of the pipeline is here.
 */
import { z } from "zod";
import { apiSettings } from "./groups/api.ts";
import { auditSettings } from "./groups/audit.ts";
import { campaignsSetting } from "./groups/campaigns.ts";
import { capacitySettings, streamSettings } from "./groups/capacity.ts";
import { channelsSettings } from "./groups/channels.ts";
import { consoleSettings } from "./groups/console.ts";
import { cutOverSettings } from "./groups/cut-over.ts";
import { deliverySettings } from "./groups/delivery.ts";
import { eventsSettings } from "./groups/events.ts";
import { importsSettings } from "./groups/imports.ts";
import { journalSettings } from "./groups/journal.ts";
import { lambdaSettings } from "./groups/lambda.ts";
import { insightSettings } from "./groups/insights.ts";
import { isZoneId, networkSettings } from "./groups/network.ts";
import { alarmSettings, canarySettings, objectiveSettings, referenceMerchantSettings } from "./groups/objectives.ts";
import { releaseSettings } from "./groups/release.ts";
import { logSettings, retentionSettings, tracingSettings } from "./groups/retention.ts";
import { circuitSettings, retrySettings } from "./groups/retry.ts";
import { sandboxSettings } from "./groups/sandbox.ts";
import { workerSettings } from "./groups/worker.ts";
import { settingTexts, wholeNumber } from "./setting.ts";
import { TABLE_WRITE_QUOTA } from "./sizes.ts";

const SCALING = { "operating/scaling.md": "scaling" };

export const settingsSchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[a-z](?:[a-z0-9-]{0,14}[a-z0-9])?$/,
        "expected at most 16 of a-z, 0-9 and -, from a letter on, such as acme",
      )
      .optional()
      .register(settingTexts, {
        description:
          "What the names of tables, queues, functions, log groups, metrics and of the stack begin with, so that " +
          "several pipelines share an account and region. Choose it for the first deployment: another one names " +
          "other resources.",
        range: "at most 16 letters, digits and hyphens",
        byDefault: "none: `Transactions`, `confirmations.fifo`, `stream-transactions` and so on",
        see: { "operating/deploy.md#several-in-an-account": "several in an account" },
      }),
    targetRatePerSecond: wholeNumber(1, 100_000).optional().register(settingTexts, {
      description: "What the service is sized and alarmed for.",
      unit: "confirmations a second",
      byDefault: "2000, 50 in small-account mode",
      see: SCALING,
    }),
    peakRatePerSecond: wholeNumber(1, 100_000)
      .optional()
      .register(settingTexts, {
        description:
          "What a burst, and catching up after an outage, may reach: so many tasks may start, and the table is " +
          "warmed for it.",
        unit: "confirmations a second",
        byDefault: "20000, ten times `targetRatePerSecond`",
        see: SCALING,
      }),
    tableWriteQuota: wholeNumber(1000, 1_000_000)
      .default(TABLE_WRITE_QUOTA)
      .register(settingTexts, {
        description:
          "What one table may take in this account and region. Raise it where AWS has raised the quota, or the " +
          "table is not warmed beyond it.",
        unit: "writes a second",
        byDefault: "40000, every account's",
        see: SCALING,
      }),
    tableWriteFloor: wholeNumber(0, 1_000_000)
      .default(0)
      .register(settingTexts, {
        description:
          "What the table and its indexes were warmed to before, by an earlier deployment or by hand. DynamoDB " +
          "refuses to be asked for less than it ever was, and synthesis does not know: set it before you lower a " +
          "rate, or to what `DescribeTable` says when a deployment is refused for its warm throughput.",
        unit: "writes a second",
        see: SCALING,
      }),
    order: z
      .enum(["transaction", "merchant"])
      .default("transaction")
      .register(settingTexts, {
        description:
          "What forms a message group. `transaction`: versions of one transaction in order, everything else side " +
          "by side. `merchant`: a merchant's confirmations one after the other, for merchants that cannot take " +
          "parallel calls.",
        see: { "using/order.md": "order" },
      }),
    dueShards: wholeNumber(1, 256)
      .optional()
      .register(settingTexts, {
        description:
          "Shards of the due index. A partition takes 1,000 writes a second, of which a confirmation makes two. " +
          "Raise it, never lower it; so give it when you change `delivery.mode` of a stack that is deployed.",
        unit: "shards",
        byDefault: "64, 4 in small-account mode, where each costs reads while nothing happens",
        see: { "architecture.md#the-due-index": "the due index" },
      }),
    merchantShards: wholeNumber(1, 64)
      .default(4)
      .register(settingTexts, {
        description: "Shards of one merchant's day in the merchant index. Raise it, never lower it.",
        unit: "shards",
        see: { "operating/audit.md": "audit" },
      }),
    api: apiSettings.prefault({}),
    console: consoleSettings.prefault({}),
    worker: workerSettings.prefault({}),
    delivery: deliverySettings.prefault({}),
    lambda: lambdaSettings.prefault({}),
    retry: retrySettings.prefault({}),
    circuit: circuitSettings.prefault({}),
    release: releaseSettings.prefault({}),
    imports: importsSettings.prefault({}),
    sandbox: sandboxSettings.prefault({}),
    cutOver: cutOverSettings.prefault({}),
    retention: retentionSettings.prefault({}),
    logs: logSettings.prefault({}),
    audit: auditSettings.prefault({}),
    journal: journalSettings.prefault({}),
    capacity: capacitySettings.prefault({}),
    stream: streamSettings.prefault({}),
    events: eventsSettings.prefault({}),
    campaigns: campaignsSetting,
    channels: channelsSettings.prefault({}),
    network: networkSettings.prefault({}),
    insights: insightSettings.prefault({}),
    objectives: objectiveSettings.prefault({}),
    canary: canarySettings.prefault({}),
    referenceMerchant: referenceMerchantSettings.prefault({}),
    alarms: alarmSettings.prefault({}),
    tracing: tracingSettings.prefault({}),
    disposable: z
      .boolean()
      .default(false)
      .register(settingTexts, {
        description: "Whether tables and logs are destroyed with the stack. For trials only.",
        see: { "operating/deploy.md": "deploy" },
      }),
  })
  .refine(
    (settings) =>
      settings.network.egressAllocationIds.length === 0 ||
      settings.network.egressAllocationIds.length === settings.network.zones,
    {
      path: ["network", "egressAllocationIds"],
      error: "expected as many allocation ids as zones; give one Elastic IP a zone or leave the list empty",
    },
  )
  .refine(({ delivery, network }) => delivery.mode !== "lambda" || network.egressAllocationIds.length === 0, {
    path: ["network", "egressAllocationIds"],
    error:
      "expected none with delivery.mode lambda, which has no fixed egress addresses; leave the list empty, or set " +
      "delivery.mode to fargate if merchants allow-list addresses",
  })
  .refine(({ network }) => [0, network.zones].includes(network.availabilityZones.length), {
    path: ["network", "availabilityZones"],
    error: "expected as many zones as network.zones says; set that to the length of the list, or leave the list empty",
  })
  .refine(({ network: { availabilityZones: zones } }) => new Set(zones).size === zones.length, {
    path: ["network", "availabilityZones"],
    error: "expected zones that differ; name each once",
  })
  .refine(({ network: { availabilityZones: zones } }) => new Set(zones.map(isZoneId)).size <= 1, {
    path: ["network", "availabilityZones"],
    error: "expected names or ids, not both, as two of them could be one zone",
  })
  .refine(({ api, console: { enabled, clientId } }) => !enabled || clientId !== undefined || api.issuer === undefined, {
    path: ["console", "clientId"],
    error: "expected the id of the console's client at api.issuer; with api.cognito the stack makes one itself",
  })
  .refine((settings) => settings.audit.manifestAgainAfterDays < settings.retention.settledDays, {
    path: ["audit", "manifestAgainAfterDays"],
    error: "expected less than retention.settledDays, or transactions are gone by then; lower it or keep them longer",
  });
