/**
 * The log groups of the template as this machine has them: a file a program in `logs/` of the state directory. A line
 * is an event, at the time that it says of itself; one that says none is of the time of the line before.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../assembly/template.ts";
import { ACCOUNT_ID } from "../../machine.ts";
import { parseLogLine } from "../../metrics/emf-line.ts";

/** Values by the names that Logs Insights gives them: members of members with dots. */
export type LogEvent = Readonly<Record<string, unknown>> & {
  readonly "@timestamp": number;
  readonly "@message": string;
};

const LOG_STREAM = "local";

/** @returns oldest first; none for a program that has written nothing yet */
export function eventsOf(logDirectory: string, logGroup: string): LogEvent[] {
  const file = join(logDirectory, `${logGroup.slice(logGroup.lastIndexOf("/") + 1)}.log`);
  if (!existsSync(file)) return [];
  let at = 0;
  const lines = readFileSync(file, "utf8").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const parsed = parseLogLine(line);
      at = timeOf(parsed) ?? at;
      return {
        ...(parsed === undefined ? {} : flat(parsed, "")),
        ...reportIn(line),
        "@timestamp": at,
        "@message": line,
        "@logStream": LOG_STREAM,
        "@log": `${ACCOUNT_ID}:${logGroup}`,
      };
    });
}

function timeOf(line: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const metrics = line?.["_aws"];
  const time = isObject(metrics) ? metrics["Timestamp"] : line?.["timestamp"];
  const ms = typeof time === "string" ? Date.parse(time) : Number(time);
  return Number.isNaN(ms) ? undefined : ms;
}

function flat(object: Readonly<Record<string, unknown>>, above: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) =>
      isObject(value)
        ? [[`${above}${name}`, value], ...Object.entries(flat(value, `${above}${name}.`))]
        : [[`${above}${name}`, value]],
    ),
  );
}

const REPORT = /^REPORT RequestId: \S+\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms\t/;

/** The line that ends each invocation, as Lambda writes it. */
function reportIn(line: string): Readonly<Record<string, unknown>> {
  const [, duration, billedDuration] = REPORT.exec(line) ?? [];
  if (duration === undefined) return {};
  return { "@type": "REPORT", "@duration": Number(duration), "@billedDuration": Number(billedDuration) };
}
