/**
 * What an operator asks AWS for, as the running stack knows it: alarms, mappings, logs, rules, traces, counts, which
 * functions there are. Asked at each call, since most of the stack is made after the server listens; until then there
 * is nothing.
 */
import type { MetricReader } from "../../core/dashboard/evaluate.ts";
import type { Resources } from "../assembly/resources.ts";
import { isObject, optionalText, type ResolvedResource } from "../assembly/template.ts";
import type { AlarmNow } from "../metrics/alarms.ts";
import type { MappingControl } from "./event-source-mappings.ts";
import type { Watch } from "../metrics/watch-stack.ts";
import { readTraceFile } from "../tracing/trace-file.ts";
import type { LocalLogs } from "./logs/logs-service.ts";
import type { KeptTraces } from "./xray.ts";

export interface OperatorsView {
  readonly hasFunction: (functionName: string) => boolean;
  readonly alarms: () => readonly AlarmNow[];
  readonly mappings: () => readonly MappingControl[];
  readonly logs: () => LocalLogs;
  /** Names of rules, each with the ARNs of its targets. */
  readonly rules: () => Readonly<Record<string, readonly string[]>>;
  readonly traces: KeptTraces;
  /** What programs have counted. */
  readonly counted: MetricReader;
  readonly contributors: Watch["contributors"];
}

/** What becomes known of the stack while it is started. */
export interface KnownStack {
  resources?: Resources;
  watch?: Pick<Watch, "alarms" | "counted" | "contributors">;
  programs?: { readonly functionNames: readonly string[]; readonly mappings: readonly MappingControl[] };
}

export function operatorsView(known: KnownStack, logDirectory: string, stateDirectory: string): OperatorsView {
  const all = (type: string): readonly ResolvedResource[] =>
    (known.resources?.eachOfType(type) ?? []).filter((found) => "properties" in found);
  return {
    hasFunction: (name) => known.programs?.functionNames.includes(name) === true,
    alarms: () => known.watch?.alarms() ?? [],
    mappings: () => known.programs?.mappings ?? [],
    logs: () => ({
      directory: logDirectory,
      groups: all("AWS::Logs::LogGroup").map(({ logicalId }) => known.resources?.refOf(logicalId) ?? ""),
      queryDefinitions: all("AWS::Logs::QueryDefinition"),
    }),
    counted: (...asked) => known.watch?.counted(...asked) ?? [],
    contributors: (...asked) => known.watch?.contributors(...asked),
    traces: (naming) => readTraceFile(stateDirectory, naming),
    rules: () =>
      Object.fromEntries(
        all("AWS::Events::Rule").map((rule) => {
          const { logicalId, properties } = rule;
          const targets = Array.isArray(properties["Targets"]) ? properties["Targets"].filter(isObject) : [];
          return [optionalText(rule, "Name") ?? logicalId, targets.map(({ Arn }) => String(Arn))];
        }),
      ),
  };
}
