/** What is sent by channels, by kind: what services took, what they did not, and what did not arrive after that. */
import { type SentKind, SENT_KINDS } from "../channels/channel.ts";
import { SENT_METRICS } from "../channels/sent-metrics.ts";
import { receiptedKinds } from "../settings/groups/channels.ts";
import { FUNCTION_NAMES, METRICS } from "../settings/names.ts";
import { counted, countedOfKind } from "./metrics.ts";
import type { ChartPanel, Section, Series, Tone } from "./panel.ts";
import type { Place } from "./place.ts";

const { receiveReceipts } = FUNCTION_NAMES;
const LABELS: Readonly<Record<SentKind, string>> = {
  email: "Email",
  sms: "SMS",
  whatsapp: "WhatsApp",
  sqs: "Queues",
  sns: "Topics",
  eventbridge: "Event buses",
};
const TONES: Readonly<Record<SentKind, Tone>> = {
  email: "blue",
  sms: "green",
  whatsapp: "purple",
  sqs: "yellow",
  sns: "orange",
  eventbridge: "sky",
};
/** Of a dashboard. */
const ROW_COLUMNS = 24;

/** None without channels beside webhooks. */
export function channels({ settings }: Pick<Place, "settings">): readonly Section[] {
  const kinds = SENT_KINDS.filter((kind) => settings.channels.kinds.includes(kind));
  if (kinds.length === 0) return [];
  const receipted = receiptedKinds(settings);
  const failed = seriesOf(kinds, (kind) => countedOfKind(METRICS.channelFailed, kind));
  const undelivered = seriesOf(receipted, (kind) => countedOfKind(METRICS.undelivered, kind, receiveReceipts));
  const complaints: Series = { label: "Complaints", value: counted(METRICS.complaints, receiveReceipts), tone: "red" };
  const panels = [
    panelOf(
      "channels-sent",
      "Sent by channels",
      "Messages that the services took.",
      seriesOf(kinds, (kind) => counted(SENT_METRICS[kind])),
    ),
    panelOf("channels-failed", "Not taken", "Messages that were not taken, whosever fault it was.", failed),
    panelOf(
      "channels-waiting",
      "Waiting for our account",
      "Messages that limits, rights or the spending cap kept back, and those of which nobody knows whether they were " +
        "sent.",
      [
        { label: "Held back", value: counted(METRICS.channelHeldBack), tone: "yellow" },
        { label: "Uncertain", value: counted(METRICS.channelUncertain), tone: "orange" },
      ],
    ),
    ...(receipted.length === 0
      ? []
      : [
          panelOf(
            "channels-undelivered",
            "Did not arrive",
            "Messages that were taken and did not arrive, by receipts.",
            [...undelivered, ...(receipted.includes("email") ? [complaints] : [])],
          ),
        ]),
  ];
  return [{ title: "Channels", panels: panels.map((panel) => ({ ...panel, columns: ROW_COLUMNS / panels.length })) }];
}

function seriesOf(kinds: readonly SentKind[], valueOf: (kind: SentKind) => Series["value"]): Series[] {
  return kinds.map((kind) => ({ label: LABELS[kind], value: valueOf(kind), tone: TONES[kind] }));
}

function panelOf(id: string, title: string, help: string, series: readonly Series[]): ChartPanel {
  return { kind: "lines", id, title, help, columns: ROW_COLUMNS, unit: "count", series };
}
