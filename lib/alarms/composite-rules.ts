/**
 * When somebody is woken: once for an incident. Symptoms are one alarm, causes another, and the second keeps still
 * while the first is on: whoever is up already finds the causes in the console and among the tickets.
 */
import { AlarmRule, AlarmState, type IAlarm, type IAlarmRule } from "aws-cdk-lib/aws-cloudwatch";
import { BURN_PAIRS } from "./burn-rates.ts";
import { CALLS_FAIL } from "../merchants/merchant-alarms.ts";
import { burnId, type Objective } from "./objective-alarms.ts";

type AlarmsById = ReadonlyMap<string, IAlarm>;

/**
 * Confirmations do not get through: canaries fail, or the budget of an objective burns, over a long window and a short
 * one. That many are late wakes nobody while merchants fail so often that it comes from there.
 */
export function notGettingThrough(alarms: AlarmsById): IAlarmRule {
  const burning = (objective: Objective) =>
    BURN_PAIRS.map(({ long, short }) =>
      AlarmRule.allOf(isOn(alarms, burnId(objective, long)), isOn(alarms, burnId(objective, short))),
    );
  const late = AlarmRule.allOf(AlarmRule.anyOf(...burning("Late")), AlarmRule.not(isOn(alarms, CALLS_FAIL)));
  const canary = alarms.has("Canary") ? [isOn(alarms, "Canary")] : [];
  return AlarmRule.anyOf(...canary, ...burning("Success"), late);
}

export function anyOn(alarms: readonly IAlarm[]): IAlarmRule {
  return AlarmRule.anyOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)));
}

function isOn(alarms: AlarmsById, id: string): IAlarmRule {
  const alarm = alarms.get(id);
  if (alarm === undefined) throw new Error(`There is no alarm ${id}; the rules and the tables of alarms have parted.`);
  return AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
}
