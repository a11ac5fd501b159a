/** Every alarm of the template with its state on this machine: those on metrics first, then those made of others. */
import type { AlarmState } from "../../core/dashboard/shown.ts";
import type { Resources, UnresolvedResource } from "../assembly/resources.ts";
import { optionalText, type ResolvedResource } from "../assembly/template.ts";
import { judgeAlarm, type Judged, type JudgeParts } from "./alarm.ts";
import { compositeHolds } from "./composite-rule.ts";

type Found = ResolvedResource | UnresolvedResource;

export interface AlarmResources {
  readonly plain: readonly Found[];
  readonly composite: readonly Found[];
}

export function alarmsOf(resources: Resources): AlarmResources {
  return {
    plain: resources.eachOfType("AWS::CloudWatch::Alarm"),
    composite: resources.eachOfType("AWS::CloudWatch::CompositeAlarm"),
  };
}

/** An alarm as it is now. */
export interface AlarmNow {
  readonly name: string;
  readonly state: AlarmState;
  readonly why: string;
  /** As the template describes it. */
  readonly what: string;
  readonly isComposite: boolean;
  /** Of one that is made of others. */
  readonly rule?: string;
  /** Epoch milliseconds at which it was first seen in this state. */
  readonly sinceMs: number;
}

/** @param before the alarms as they were when last judged */
export function judgeAlarms(
  { plain, composite }: AlarmResources,
  parts: JudgeParts,
  before: readonly AlarmNow[] = [],
): readonly AlarmNow[] {
  const earlier = new Map(before.map((alarm) => [alarm.name, alarm]));
  const states = new Map<string, AlarmState>();
  const judged = (found: Found, judge: (alarm: ResolvedResource) => Judged): AlarmNow => {
    const { state, why } =
      "fault" in found
        ? ({ state: "NOT_EVALUATED", why: "it names what is not on this machine" } as const)
        : judge(found);
    const name = "fault" in found ? found.logicalId : (optionalText(found, "AlarmName") ?? found.logicalId);
    states.set(name, state);
    const known = earlier.get(name);
    const rule = "fault" in found ? undefined : optionalText(found, "AlarmRule");
    return {
      name,
      isComposite: composite.includes(found),
      sinceMs: known?.state === state ? known.sinceMs : parts.nowMs,
      ...(rule !== undefined && { rule }),
      state,
      why,
      what: "fault" in found ? "" : (optionalText(found, "AlarmDescription") ?? ""),
    };
  };
  const ofMetrics = plain.map((found) => judged(found, (alarm) => judgeAlarm(alarm, parts)));
  // Those made of others that are made of others know the states of the ones before them.
  const ofOthers = composite.map((found) => judged(found, (alarm) => judgeComposite(alarm, states)));
  return [...ofOthers, ...ofMetrics];
}

function judgeComposite(alarm: ResolvedResource, states: ReadonlyMap<string, AlarmState>): Judged {
  const rule = optionalText(alarm, "AlarmRule") ?? "";
  const holds = compositeHolds(rule, (name) => states.get(name.slice(name.lastIndexOf(":") + 1)));
  if (holds === undefined) return { state: "NOT_EVALUATED", why: "it rests on alarms that are not evaluated here" };
  return { state: holds ? "ALARM" : "OK", why: "by the states of other alarms" };
}
