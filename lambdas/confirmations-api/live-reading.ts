/** The Live numbers as this function reads them: what it shows it is told by its environment. */
import { createHash } from "node:crypto";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readLiveNumbers } from "../../core/aws/live-numbers.ts";
import { SharedReading } from "../../core/aws/shared-reading.ts";
import type { SentKind } from "../../core/channels/channel.ts";
import { WEBHOOK_CHANNEL } from "../../core/campaigns/campaign.ts";
import { sectionsOf } from "../../core/dashboard/panels.ts";
import { parsePlace } from "../../core/dashboard/place.ts";
import type { Shown } from "../../core/dashboard/shown.ts";
import type { Log } from "../../core/telemetry/log-error.ts";

export interface LiveReadingParts {
  readonly env: {
    readonly jobsTable: string;
    readonly campaigns: readonly string[];
    readonly campaignChannels: readonly string[];
    readonly live: {
      readonly place: string;
      readonly alarms: string;
      readonly periodSeconds: number;
      readonly periods: number;
      readonly keptMs: number;
    };
  };
  readonly dynamodb: Pick<DynamoDBClient, "send">;
  readonly cloudWatch: () => CloudWatchClient;
  readonly nowMs: () => number;
  readonly warn: Log;
}

/** Of the item in the `Jobs` table: no id of a job. */
const KEPT_AS = "#live";

/** Few ask for it: nothing is looked into before the first of them does. */
export function liveReading(parts: LiveReadingParts): () => ReturnType<SharedReading<Shown>["get"]> {
  let reading: SharedReading<Shown> | undefined;
  return () => (reading ??= sharedReading(parts)).get();
}

function sharedReading({ env, dynamodb, cloudWatch, nowMs, warn }: LiveReadingParts): SharedReading<Shown> {
  const { place, alarms, periodSeconds, periods, keptMs } = env.live;
  const channelKinds = env.campaignChannels.filter((kind) => kind !== WEBHOOK_CHANNEL) as SentKind[];
  const parsed = parsePlace(place, { campaigns: env.campaigns, channelKinds });
  const { mode } = parsed.settings.delivery;
  const shown = { sections: sectionsOf(parsed), mode, periodSeconds, periods };
  return new SharedReading({
    client: dynamodb,
    table: env.jobsTable,
    id: KEPT_AS,
    of: createHash("sha256").update(JSON.stringify(shown)).digest("base64url"),
    keptMs,
    load: () => readLiveNumbers({ ...shown, client: cloudWatch(), alarms: alarms.split(","), nowMs }),
    nowMs,
    warn,
  });
}
