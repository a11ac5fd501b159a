/** The attribute `steps` of a row, read and written: what was done for it, channel by channel (`core/channels/`). */
import type { ChannelPlan } from "../../channels/channel.ts";
import type { CurrentStep, Intent, PassedOver, StepRecord, StepResult, Steps } from "../../channels/steps.ts";
import type { FailureClass } from "../../retry/retry-policy.ts";
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import { versionOf } from "../transaction.ts";
import { ATTRIBUTES } from "./attributes.ts";

const RESULTS: readonly StepRecord["result"][] = ["delivered", "failed", "skipped"];

/** Whether its messages are for programs alone that know steps. */
export function hasSteps(row: AttributeMap): boolean {
  return stepsOf(row) !== undefined;
}

/** Of the version that the row has; undefined where nothing was done by channels, or somebody else wrote it. */
export function stepsOf(row: AttributeMap): Steps | undefined {
  const kept = row[ATTRIBUTES.steps]?.M;
  if (kept === undefined) return undefined;
  const version = numberOf(kept["version"]);
  const revision = numberOf(kept["revision"]);
  if (version === undefined || version !== versionOf(row) || revision === undefined) return undefined;
  const plan: ChannelPlan = stringOf(kept["plan"]) === "all" ? "all" : "fallback";
  const done = (kept["done"]?.L ?? []).flatMap(({ M: record }) => (record === undefined ? [] : recordIn(record)));
  const current = currentIn(kept["current"]?.M);
  const passedOver = (kept["passedOver"]?.L ?? []).flatMap(({ M: one }) =>
    one === undefined ? [] : passedOverIn(one),
  );
  return {
    version,
    plan,
    revision,
    done,
    ...(current !== undefined && { current }),
    ...(passedOver.length > 0 && { passedOver }),
  };
}

function passedOverIn(one: AttributeMap): PassedOver[] {
  const [channel, until] = [stringOf(one["channel"]), numberOf(one["until"])];
  if (channel === undefined || until === undefined) return [];
  return [{ channel, until, why: stringOf(one["why"]) ?? "", attempts: numberOf(one["attempts"]) ?? 0 }];
}

function recordIn(record: AttributeMap): StepRecord[] {
  const [channel, at] = [stringOf(record["channel"]), numberOf(record["at"])];
  const result = RESULTS.find((known) => known === stringOf(record["result"]));
  if (channel === undefined || at === undefined || result === undefined) return [];
  const texts = textsIn(record, ["why", "messageId", "class", "error", "response"]);
  return [{ channel, result, at, attempts: numberOf(record["attempts"]) ?? 0, ...texts }];
}

function currentIn(current: AttributeMap | undefined): CurrentStep | undefined {
  const channel = stringOf(current?.["channel"]);
  if (current === undefined || channel === undefined) return undefined;
  const intent = intentIn(current["intent"]?.M);
  const result = resultIn(current["result"]?.M);
  const keptSince = numberOf(current["keptSince"]);
  return {
    channel,
    why: stringOf(current["why"]) ?? "",
    from: numberOf(current["from"]) ?? 0,
    ...(intent !== undefined && { intent }),
    ...(result !== undefined && { result }),
    ...(keptSince !== undefined && { keptSince }),
  };
}

function intentIn(intent: AttributeMap | undefined): Intent | undefined {
  const [id, at] = [stringOf(intent?.["id"]), numberOf(intent?.["at"])];
  if (id === undefined || at === undefined) return undefined;
  return { id, at, ...(intent?.["isSent"]?.BOOL === true && { isSent: true }) };
}

function resultIn(result: AttributeMap | undefined): StepResult | undefined {
  const [kind, messageId] = [stringOf(result?.["kind"]), stringOf(result?.["messageId"])];
  if (kind === "delivered") return { kind, ...(messageId !== undefined && { messageId }) };
  if (kind !== "failed") return undefined;
  const failureClass = (stringOf(result?.["class"]) ?? "service") as FailureClass;
  return { kind, class: failureClass, error: stringOf(result?.["error"]) ?? "" };
}

function textsIn<Name extends string>(map: AttributeMap, names: readonly Name[]): { [Key in Name]?: string } {
  const texts: { [Key in Name]?: string } = {};
  for (const name of names) {
    const text = stringOf(map[name]);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** As they are written: at the next revision. */
export function writeSteps({ version, plan, revision, done, current, passedOver = [] }: Steps): AttributeValue {
  return {
    M: {
      version: { N: String(version) },
      plan: { S: plan },
      revision: { N: String(revision + 1) },
      done: { L: done.map((record) => ({ M: membersOf(record) })) },
      ...(current !== undefined && { current: { M: writeCurrent(current) } }),
      ...(passedOver.length > 0 && { passedOver: { L: passedOver.map((one) => ({ M: membersOf(one) })) } }),
    },
  };
}

function writeCurrent({ channel, why, from, keptSince, intent, result }: CurrentStep): AttributeMap {
  return {
    ...membersOf({ channel, why, from, keptSince }),
    ...(intent !== undefined && { intent: { M: membersOf(intent) } }),
    ...(result !== undefined && { result: { M: membersOf(result) } }),
  };
}

function membersOf(values: object): AttributeMap {
  const members = Object.entries(values).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, valueOf(value)] as const],
  );
  return Object.fromEntries(members);
}

function valueOf(value: unknown): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  return typeof value === "boolean" ? { BOOL: value } : { S: String(value) };
}

/** Of a row that is opened again: what was delivered is not done again, all else is. */
export function reopenedSteps({ version, plan, revision, done }: Steps): Steps {
  return { version, plan, revision, done: done.filter(({ result }) => result === "delivered") };
}
