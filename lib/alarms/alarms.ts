/**
 * The alarms, each with the address of its heading in the runbook. Two topics: one that somebody is woken by, and one
 * for tickets. A symptom wakes, a cause explains. Those of one stage are in its folder, those of all are here; each
 * says of what kind it is.
 */
import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmBase,
  ComparisonOperator,
  CompositeAlarm,
  type CompositeAlarmProps,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { channelAlarms } from "./channel-alarms.ts";
import type { AlarmShape, AlarmShapes } from "./alarm-shape.ts";
import { auditAlarms } from "../audit-transactions/audit-alarms.ts";
import { canaryAlarm } from "../canary/canary-alarm.ts";
import { anyOn, notGettingThrough } from "./composite-rules.ts";
import { eventsAlarms } from "../publish-events/events-alarms.ts";
import { deadLetterAlarms } from "../confirmation-queues/dead-letter-alarms.ts";
import { hasApi } from "../../core/settings/groups/api.ts";
import { issuerAlarm } from "../api-authorizer/issuer-alarm.ts";
import { functionAlarms } from "./function-alarms.ts";
import { protectionAlarm } from "../deployment-guard/protection-alarm.ts";
import { queueAlarms } from "../confirmation-queues/queue-alarms.ts";
import { merchantAlarms } from "../merchants/merchant-alarms.ts";
import { objectiveAlarms } from "./objective-alarms.ts";
import { tableAlarms } from "./table-alarms.ts";
import type { StandardDelivery } from "../confirmation-worker/standard-delivery.ts";
import { workerAlarms } from "../confirmation-worker/worker-alarms.ts";
import { smallAccountAlarms } from "./small-account-alarms.ts";
import type { ConfirmationQueues } from "../confirmation-queues/confirmation-queues.ts";
import { networkAlarms } from "../network/network-alarms.ts";
import { receiptsAlarms } from "../receive-receipts/receipts-alarms.ts";
import type { ReceiveReceipts } from "../receive-receipts/receive-receipts.ts";
import { releaseAlarms } from "../release-due/release-alarms.ts";
import { streamAlarms } from "../stream-transactions/stream-alarms.ts";
import { RUNBOOK_HEADINGS, runbookAddress } from "./runbook.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import { physicalMetric } from "./physical-metric.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { StageProps } from "../stack/stage.ts";

/** The symptom may come a little after its cause, and the cause may take a little to go after the symptom. */
const SYMPTOM_WAIT = Duration.minutes(3);
const SYMPTOM_AFTERMATH = Duration.minutes(5);

export interface AlarmsProps extends Pick<StageProps, "settings" | "keys"> {
  readonly queues: ConfirmationQueues;
  /** Undefined in small-account mode. */
  readonly standard: StandardDelivery | undefined;
  /** Undefined where no channel has receipts. */
  readonly receipts: ReceiveReceipts | undefined;
}

export class Alarms extends Construct {
  readonly #settings: Settings;
  /** For what somebody has to get up. */
  readonly topic: Topic;
  readonly tickets: Topic;
  /** Every alarm by its id, the composite ones first. */
  readonly all: ReadonlyMap<string, AlarmBase>;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { settings, keys, standard } = props;
    this.#settings = settings;
    this.topic = new AlarmTopic(this, "Topic", { displayName: "Confirmation pipeline alarms", keys });
    this.tickets = new AlarmTopic(this, "Tickets", { displayName: "Confirmation pipeline tickets", keys });
    this.all =
      standard === undefined
        ? this.#alarms(smallAccountAlarms(props))
        : this.#withComposites(standardAlarms(props, standard));
  }

  #alarms(shapes: AlarmShapes): Map<string, AlarmBase> {
    return new Map(Object.entries(shapes).map(([name, shape]) => [name, this.#alarm(name, shape)]));
  }

  /** Somebody is woken once for an incident: by a symptom, or else by what explains one. */
  #withComposites(shapes: AlarmShapes): ReadonlyMap<string, AlarmBase> {
    const alarms = this.#alarms(shapes);
    const causes = [...alarms].filter(([name]) => shapes[name]?.kind === "cause").map(([, alarm]) => alarm);
    const symptom = this.#composite("NotGettingThrough", {
      heading: RUNBOOK_HEADINGS.notGettingThrough,
      what: "Confirmations do not get through, or far fewer than promised.",
      alarmRule: notGettingThrough(alarms),
    });
    const cause = this.#composite("HeldUp", {
      heading: RUNBOOK_HEADINGS.heldUp,
      what: "Something holds confirmations up; the alarm that is on says what.",
      alarmRule: anyOn(causes),
      actionsSuppressor: symptom,
      actionsSuppressorWaitPeriod: SYMPTOM_WAIT,
      actionsSuppressorExtensionPeriod: SYMPTOM_AFTERMATH,
    });
    return new Map<string, AlarmBase>([["NotGettingThrough", symptom], ["HeldUp", cause], ...alarms]);
  }

  #alarm(id: string, shape: AlarmShape): Alarm {
    const { kind, heading, what, metric, threshold, periods = 1, breaching = periods } = shape;
    const { comparison = ComparisonOperator.GREATER_THAN_THRESHOLD, missing = TreatMissingData.NOT_BREACHING } = shape;
    const alarm = new Alarm(this, id, {
      alarmDescription: this.#described(what, heading),
      metric: physicalMetric(this.#settings, metric),
      threshold,
      comparisonOperator: comparison,
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      treatMissingData: missing,
    });
    if (kind !== "part") tell(alarm, kind === "page" ? this.topic : this.tickets);
    return alarm;
  }

  #composite(
    id: string,
    { heading, what, ...props }: Pick<AlarmShape, "heading" | "what"> & CompositeAlarmProps,
  ): CompositeAlarm {
    const alarm = new CompositeAlarm(this, id, {
      ...props,
      ...(this.#settings.name !== undefined && { compositeAlarmName: physicalName(this.#settings, id) }),
      alarmDescription: this.#described(what, heading),
    });
    tell(alarm, this.topic);
    return alarm;
  }

  #described(what: string, heading: string): string {
    return `${what} Runbook: ${runbookAddress(heading, this.#settings.alarms.runbookUrl)}`;
  }
}

function standardAlarms(
  { settings, queues, receipts }: AlarmsProps,
  { network, service }: StandardDelivery,
): AlarmShapes {
  return {
    ...(settings.canary.enabled && canaryAlarm(settings)),
    ...objectiveAlarms(settings),
    ...merchantAlarms(settings),
    ...deadLetterAlarms(queues),
    ...streamAlarms(),
    ...queueAlarms(settings, queues),
    ...releaseAlarms(),
    ...tableAlarms(settings),
    ...functionAlarms(settings),
    ...(hasApi(settings) && issuerAlarm()),
    ...(settings.events.enabled && eventsAlarms()),
    ...(receipts !== undefined && receiptsAlarms(receipts)),
    ...channelAlarms(settings),
    ...workerAlarms({ settings, service }),
    ...networkAlarms(network.natGateways),
    ...auditAlarms(settings),
    ...protectionAlarm(settings),
  };
}

/** Of the end too. */
function tell(alarm: AlarmBase, topic: Topic): void {
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
}
