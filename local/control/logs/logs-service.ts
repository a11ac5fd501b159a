/**
 * CloudWatch Logs over the files of this machine: StartQuery and GetQueryResults, FilterLogEvents, DescribeLogGroups,
 * and DescribeQueryDefinitions for the saved queries. A query is done when it is started.
 */
import { randomUUID } from "node:crypto";
import { AwsRefusal } from "../../aws-refusal.ts";
import { isObject, type ResolvedResource } from "../../assembly/template.ts";
import { type ControlResponse, type Input, refusal } from "../protocols.ts";
import { filterOf } from "./insights-filter.ts";
import { runQuery } from "./insights-query.ts";
import { eventsOf, type LogEvent } from "./log-files.ts";
import { type Row, textOf } from "./row.ts";

export interface LocalLogs {
  readonly directory: string;
  /** Names of the template's log groups. */
  readonly groups: readonly string[];
  readonly queryDefinitions: readonly ResolvedResource[];
}

const TARGET = "Logs_20140328.";
const MOST_KEPT = 100;

export class LogsService {
  readonly #logs: () => LocalLogs;
  readonly #results = new Map<string, readonly Row[]>();

  constructor(logs: () => LocalLogs) {
    this.#logs = logs;
  }

  /** @returns undefined for an operation that is none of these */
  respond(target: string, input: Input): ControlResponse | undefined {
    if (!target.startsWith(TARGET)) return undefined;
    try {
      const body = this.#answer(target.slice(TARGET.length), input);
      return body && { status: 200, body };
    } catch (error) {
      if (error instanceof AwsRefusal) return refusal(400, error.awsCode, error.message);
      throw error;
    }
  }

  #answer(operation: string, input: Input): object | undefined {
    switch (operation) {
      case "StartQuery":
        return this.#start(input);
      case "GetQueryResults":
        return this.#resultsOf(String(input["queryId"]));
      case "FilterLogEvents":
        return this.#filtered(input);
      case "DescribeLogGroups": {
        const prefix = textOf(input["logGroupNamePrefix"]);
        const found = this.#logs().groups.filter((name) => name.startsWith(prefix));
        return { logGroups: found.map((logGroupName) => ({ logGroupName })) };
      }
      case "DescribeQueryDefinitions":
        return { queryDefinitions: this.#logs().queryDefinitions.map(({ properties }) => definitionOf(properties)) };
      default:
        return undefined;
    }
  }

  #start(input: Input): object {
    const named = input["logGroupNames"] ?? input["logGroupIdentifiers"] ?? [input["logGroupName"]];
    const groups = (named as readonly string[]).map((name) => name.replace(/^arn:.*?:log-group:|:\*$/g, ""));
    // Seconds, inclusive; clients that give milliseconds are understood by CloudWatch too.
    const [from, to] = [msOf(input["startTime"]), msOf(input["endTime"])];
    const events = this.#events(groups).filter(({ "@timestamp": at }) => at >= from && at <= to + 999);
    const queryId = randomUUID();
    this.#results.set(queryId, runQuery(String(input["queryString"]), events.toReversed()));
    for (const old of [...this.#results.keys()].slice(0, -MOST_KEPT)) this.#results.delete(old);
    return { queryId };
  }

  #resultsOf(queryId: string): object {
    const rows = this.#results.get(queryId);
    if (rows === undefined) throw new AwsRefusal("ResourceNotFoundException", `There is no query ${queryId}.`);
    const results = rows.map((row) =>
      Object.entries(row).map(([field, value]) => ({ field, value: shown(field, value) })),
    );
    return { status: "Complete", results, statistics: { recordsMatched: rows.length } };
  }

  #filtered(input: Input): object {
    const group = String(input["logGroupName"] ?? input["logGroupIdentifier"]);
    const passes = patternOf(textOf(input["filterPattern"]));
    const [from, to] = [Number(input["startTime"] ?? 0), Number(input["endTime"] ?? Number.POSITIVE_INFINITY)];
    const events = this.#events([group]).filter(({ "@timestamp": at, "@message": message }) => {
      return at >= from && at <= to && passes(message);
    });
    return {
      events: events.slice(0, Number(input["limit"] ?? 10_000)).map((event, index) => ({
        logStreamName: String(event["@logStream"]),
        timestamp: event["@timestamp"],
        ingestionTime: event["@timestamp"],
        message: event["@message"],
        eventId: String(index),
      })),
      searchedLogStreams: [],
    };
  }

  #events(groups: readonly string[]): LogEvent[] {
    const { directory, groups: known } = this.#logs();
    const unknown = groups.find((group) => !known.includes(group));
    if (unknown !== undefined)
      throw new AwsRefusal("ResourceNotFoundException", `The specified log group does not exist: ${unknown}`);
    const events = groups.flatMap((group) => eventsOf(directory, group));
    return events.toSorted((one, other) => one["@timestamp"] - other["@timestamp"]);
  }
}

const SECONDS_BELOW = 1e11;

function msOf(time: unknown): number {
  return Number(time) < SECONDS_BELOW ? Number(time) * 1000 : Number(time);
}

/** `{ $.level = "ERROR" }`, or words and texts in quotes that must all be there. */
function patternOf(pattern: string): (message: string) => boolean {
  const ofJson = /^\s*\{([\s\S]*)\}\s*$/.exec(pattern)?.[1];
  if (ofJson !== undefined) {
    const passes = filterOf(ofJson.replaceAll("$.", "").replaceAll("&&", " and ").replaceAll("||", " or "));
    return (message) => message.startsWith("{") && passes(JSON.parse(message) as Row);
  }
  const words = pattern.match(/"[^"]*"|[^\s"]+/g)?.map((word) => word.replaceAll('"', "")) ?? [];
  return (message) => words.every((word) => message.includes(word));
}

function definitionOf(properties: Readonly<Record<string, unknown>>): object {
  const { Name: name, QueryString: queryString, LogGroupNames: logGroupNames } = properties;
  return { name, queryString, logGroupNames };
}

/** As Logs Insights writes a time; epoch milliseconds that were aggregated stay what they are. */
function shown(field: string, value: unknown): string {
  if (field === "@timestamp") return new Date(Number(value)).toISOString().replace("T", " ").replace("Z", "");
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
