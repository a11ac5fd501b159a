/**
 * Rules of Contributor Insights over lines of the log on this machine: who is at the top. Takes the template's own
 * rules, so that what is shown here is what CloudWatch shows. Bounded in names and in time: an hour, by the minute.
 */
import { isObject, type ResolvedResource, textOf } from "../assembly/template.ts";

export interface Contributor {
  /** Its keys, joined. Hostile input: a merchant chose it. */
  readonly name: string;
  readonly value: number;
}

interface Rule {
  readonly name: string;
  readonly logGroups: readonly string[];
  readonly keys: readonly string[];
  readonly valueOf: string | undefined;
  readonly filters: readonly Readonly<Record<string, unknown>>[];
}

type Event = Readonly<Record<string, unknown>>;

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;
const MOST_NAMES_A_MINUTE = 1000;
const LONGEST_NAME = 200;

export class Contributors {
  readonly #rules: readonly Rule[];
  readonly #now: () => number;
  /** By rule and minute, what each contributor brought. */
  readonly #brought = new Map<string, Map<number, Map<string, number>>>();

  /** @param rules resources of type AWS::CloudWatch::InsightRule; what is none of JSON lines is left out */
  constructor(rules: readonly ResolvedResource[], now: () => number) {
    this.#rules = rules.flatMap(ruleOf);
    this.#now = now;
    for (const { name } of this.#rules) this.#brought.set(name, new Map());
  }

  has(rule: string): boolean {
    return this.#brought.has(rule);
  }

  /** Whether any rule looks at this group, for who would rather not parse its lines. */
  listensTo(logGroup: string): boolean {
    return this.#rules.some(({ logGroups }) => logGroups.includes(logGroup));
  }

  observe(logGroup: string, event: Event): void {
    for (const rule of this.#rules) {
      if (!rule.logGroups.includes(logGroup) || !rule.filters.every((filter) => passes(filter, event))) continue;
      const parts = rule.keys.map((key) => at(event, key));
      const value = rule.valueOf === undefined ? 1 : Number(at(event, rule.valueOf));
      if (parts.some((part) => part === undefined) || !Number.isFinite(value)) continue;
      this.#add(rule.name, parts.map(String).join(" ").slice(0, LONGEST_NAME), value);
    }
  }

  /** @param sinceMs counted from the minute of it on */
  top(rule: string, count: number, sinceMs: number): readonly Contributor[] {
    const sums = new Map<string, number>();
    for (const [minute, brought] of this.#brought.get(rule) ?? []) {
      if ((minute + 1) * MINUTE_MS <= sinceMs) continue;
      for (const [name, value] of brought) sums.set(name, (sums.get(name) ?? 0) + value);
    }
    return [...sums]
      .map(([name, value]) => ({ name, value }))
      .toSorted((left, right) => right.value - left.value || (left.name < right.name ? -1 : 1))
      .slice(0, count);
  }

  #add(rule: string, name: string, value: number): void {
    const minutes = this.#brought.get(rule);
    const minute = Math.floor(this.#now() / MINUTE_MS);
    const brought = minutes?.get(minute) ?? new Map<string, number>();
    minutes?.set(minute, brought);
    for (const old of minutes?.keys() ?? []) if (old <= minute - KEPT_MINUTES) minutes?.delete(old);
    if (brought.has(name) || brought.size < MOST_NAMES_A_MINUTE) brought.set(name, (brought.get(name) ?? 0) + value);
  }
}

function ruleOf(resource: ResolvedResource): Rule[] {
  const body: unknown = JSON.parse(textOf(resource, "RuleBody"));
  const contribution = isObject(body) ? body["Contribution"] : undefined;
  if (!isObject(body) || !isObject(contribution) || body["LogFormat"] !== "JSON") return [];
  const valueOf = body["AggregateOn"] === "Sum" ? String(contribution["ValueOf"]) : undefined;
  return [
    {
      name: textOf(resource, "RuleName"),
      logGroups: list(body["LogGroupNames"]).map(String),
      keys: list(contribution["Keys"]).map(String),
      valueOf,
      filters: list(contribution["Filters"]).filter(isObject),
    },
  ];
}

/** The filters of the rules' syntax; one that is not known lets nothing pass. */
function passes(filter: Readonly<Record<string, unknown>>, event: Event): boolean {
  const value = at(event, String(filter["Match"]));
  if ("IsPresent" in filter) return (value !== undefined) === filter["IsPresent"];
  if (Array.isArray(filter["In"])) return filter["In"].some((one) => String(one) === String(value));
  if (Array.isArray(filter["NotIn"])) return !filter["NotIn"].some((one) => String(one) === String(value));
  if (Array.isArray(filter["StartsWith"]))
    return filter["StartsWith"].some((one) => String(value).startsWith(String(one)));
  if (typeof filter["EqualTo"] === "number") return Number(value) === filter["EqualTo"];
  if (typeof filter["GreaterThan"] === "number") return Number(value) > filter["GreaterThan"];
  if (typeof filter["LessThan"] === "number") return Number(value) < filter["LessThan"];
  return false;
}

/** `$.a.b` of an event. */
function at(event: Event, path: string): unknown {
  let value: unknown = event;
  for (const part of path.replace(/^\$\./, "").split(".")) value = isObject(value) ? value[part] : undefined;
  return value;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
