/** Runs of a function: time by memory, invocation, its log lines, its traces, and the metrics that it publishes. */
import { DEPLOYMENT_FUNCTION_NAMES, FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { EVERY_METRIC, publishes } from "../../../core/settings/published-metrics.ts";
import { publishedMetrics } from "../../../core/settings/shared-variables.ts";
import { CostError } from "../cost-error.ts";
import { counted, type CostItem, GB, MILLION } from "../cost-item.ts";
import { numberAt, objectOf, referredTo, resourcesOf, type Template, textAt } from "../template.ts";
import { IDLE, type Idle, PLATFORM_LOG_BYTES } from "./idle.ts";

const MIB_A_GIB = 1024;
const MS_A_SECOND = 1000;
const LEAST_MEMORY_MIB = 128;
const IN_CODE = [...Object.values(FUNCTION_NAMES), ...Object.values(DEPLOYMENT_FUNCTION_NAMES)];

export interface RunFunction {
  readonly name: string;
  readonly memoryGb: number;
  readonly idle: Idle;
  /** Of those that it measures, the metrics that its environment lets out. */
  readonly metrics: readonly string[];
  /** Part of its runs that X-Ray records. */
  readonly traced: number;
}

interface In {
  readonly template: Template;
}

/** @param reference to it, or its logical id */
export function functionOf(reference: unknown, { template }: In): RunFunction {
  const logicalId = typeof reference === "string" ? reference : (referredTo(reference) ?? "");
  const properties = objectOf(template.Resources[logicalId]?.Properties);
  const name = textAt(properties, "FunctionName", logicalId);
  const inCode = nameInCode(name);
  const memoryGb = (numberAt(properties, "MemorySize") ?? LEAST_MEMORY_MIB) / MIB_A_GIB;
  const isTraced = objectOf(properties["TracingConfig"])["Mode"] === "Active";
  const idle = idleOf(inCode);
  const variables = objectOf(objectOf(properties["Environment"])["Variables"]);
  const published = textAt(variables, publishedMetrics.name, EVERY_METRIC);
  const metrics = idle.metrics.filter((metric) => publishes(published.split(","), metric));
  return { name: inCode, memoryGb, idle, metrics, traced: isTraced ? tracedOf(name, template) : 0 };
}

/** Behind the prefix that the setting `name` puts before all names. */
function nameInCode(physical: string): string {
  return IN_CODE.find((name) => physical === name || physical.endsWith(`-${name}`)) ?? physical;
}

/** @returns undefined where the template has no such function */
export function functionNamed(name: string, about: In): RunFunction | undefined {
  const found = resourcesOf(about.template, "AWS::Lambda::Function").find(
    ({ properties }) => nameInCode(textAt(properties, "FunctionName")) === name,
  );
  return found === undefined ? undefined : functionOf(found.logicalId, about);
}

export function runsOf({ name, memoryGb, idle, traced }: RunFunction, runs: number): readonly CostItem[] {
  const seconds = (runs * idle.ms) / MS_A_SECOND;
  const usd = seconds * memoryGb * PRICES_USD.perLambdaGbSecond + (runs * PRICES_USD.perMillionInvocations) / MILLION;
  return [
    { item: "Functions", of: `${name}: ${counted(Math.round(runs), "run")} of ${idle.ms} ms`, usd },
    logsOf(name, runs * (idle.logBytes + PLATFORM_LOG_BYTES)),
    { item: "Traces", of: name, usd: (runs * traced * PRICES_USD.perMillionTraces) / MILLION },
  ];
}

export function logsOf(name: string, bytes: number): CostItem {
  return { item: "Logs", of: name, usd: (bytes / GB) * PRICES_USD.perLogGb };
}

export function metricsOf(name: string, metrics: number): CostItem {
  return { item: "Metrics", of: `${metrics} of ${name}`, usd: metrics * PRICES_USD.perMetricMonth };
}

/** @throws CostError for a program that was not measured */
export function idleOf(name: string): Idle {
  const idle = IDLE[name];
  if (idle !== undefined) return idle;
  throw new CostError(
    `The function ${name} runs though nothing is to be confirmed, and lib/cost/at-rest/idle.ts does not say what a ` +
      "run of it uses. Measure it as is said there, and add it.",
  );
}

/** What runs seldom is recorded always where a reservoir is kept for it, else by its share. */
function tracedOf(name: string, template: Template): number {
  const rules = resourcesOf(template, "AWS::XRay::SamplingRule").map(({ properties }) =>
    objectOf(properties["SamplingRule"]),
  );
  const rule = rules.find(({ ServiceName }) => ServiceName === name) ?? {};
  return (numberAt(rule, "ReservoirSize") ?? 1) > 0 ? 1 : (numberAt(rule, "FixedRate") ?? 1);
}
