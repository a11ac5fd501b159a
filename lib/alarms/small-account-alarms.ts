/**
 * The ten alarms of small-account mode, which pays for each by the month: of the standard mode's those that say that
 * something is lost, late or given up, or that nobody looks. A cause pages by itself here, since composite alarms cost
 * five times as much. With events there is an eleventh, that these are late; with receipts of channels one that they
 * are not recorded; with SMS one that they wait for their spending cap. What is left out is seen later, by one of
 * these: docs/operating/small-account.md.
 */
import { auditAlarms } from "../audit-transactions/audit-alarms.ts";
import { canaryAlarm } from "../canary/canary-alarm.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import { eventsAlarms } from "../publish-events/events-alarms.ts";
import { deadLetterAlarms } from "../confirmation-queues/dead-letter-alarms.ts";
import { protectionAlarm } from "../deployment-guard/protection-alarm.ts";
import { queueAlarms } from "../confirmation-queues/queue-alarms.ts";
import { channelAlarms } from "./channel-alarms.ts";
import { receiptsAlarms } from "../receive-receipts/receipts-alarms.ts";
import type { ReceiveReceipts } from "../receive-receipts/receive-receipts.ts";
import { releaseAlarms } from "../release-due/release-alarms.ts";
import { streamAlarms } from "../stream-transactions/stream-alarms.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { AlarmKind, AlarmShapes } from "./alarm-shape.ts";
import { objectiveAlarms } from "./objective-alarms.ts";

/** By id: who is told. That many are late may be merchants' fault, and wakes nobody. */
const TOLD: Readonly<Record<string, Exclude<AlarmKind, "part">>> = {
  Canary: "page",
  SuccessBurn1h: "page",
  LateBurn1h: "ticket",
  Lost: "page",
  AuditSilent: "ticket",
  OldestMessage: "page",
  StreamBehind: "page",
  NothingReleased: "page",
  DeadLetters: "ticket",
  ProtectionOff: "ticket",
  EventsBehind: "ticket",
  ReceiptsUnrecorded: "ticket",
  SmsOverCap: "ticket",
};

export function smallAccountAlarms({
  settings,
  queues,
  receipts,
}: {
  readonly settings: Settings;
  readonly queues: ConfirmationQueues;
  readonly receipts: ReceiveReceipts | undefined;
}): AlarmShapes {
  const shapes: AlarmShapes = {
    ...(settings.canary.enabled && canaryAlarm(settings)),
    ...objectiveAlarms(settings),
    ...auditAlarms(settings),
    ...queueAlarms(settings, queues),
    ...streamAlarms(),
    ...releaseAlarms(),
    ...deadLetterAlarms(queues),
    ...protectionAlarm(settings),
    ...(settings.events.enabled && eventsAlarms()),
    ...(receipts !== undefined && receiptsAlarms(receipts)),
    ...channelAlarms(settings),
  };
  return Object.fromEntries(
    Object.entries(TOLD).flatMap(([id, kind]) => {
      const shape = shapes[id];
      return shape === undefined ? [] : [[id, { ...shape, kind }]];
    }),
  );
}
