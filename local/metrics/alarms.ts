/** Every alarm of the template with its state on this machine: those on metrics first, then those made of others. */
import type { AlarmState, ShownAlarm } from "../../lib/dashboard/shown.ts";
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

export function judgeAlarms({ plain, composite }: AlarmResources, parts: JudgeParts): readonly ShownAlarm[] {
  const states = new Map<string, AlarmState>();
  const judged = (found: Found, judge: (alarm: ResolvedResource) => Judged): ShownAlarm => {
    const { state, why } =
      "fault" in found
        ? ({ state: "NOT_EVALUATED", why: "it names what is not on this machine" } as const)
        : judge(found);
    const name = "fault" in found ? found.logicalId : (optionalText(found, "AlarmName") ?? found.logicalId);
    states.set(name, state);
    return {
      name: readable(name),
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

/**
 * Logical ids are names and a hash, after the stack's name where they are names of alarms: `AlarmsDeadLetters1A2B3C4D`.
 */
function readable(name: string): string {
  return name.replace(/^.*?Alarms(?=[A-Z])/, "").replace(/[0-9A-F]{8}$/, "");
}
