/** What it costs to be told: alarms, dashboards, insights. */
import { PRICES_USD } from "../../../core/settings/prices.ts";
import { counted, type CostItem } from "../cost-item.ts";
import { listOf, numberAt, objectOf, type Properties, textAt } from "../template.ts";
import type { Rule } from "./rule.ts";

const MINUTE_SECONDS = 60;
/** That an alarm with an anomaly band is charged as: the metric and both sides of its band. */
const BAND_METRICS = 3;
/**
 * Metrics that Container Insights publishes of one cluster with one service on Fargate: 12 of the cluster, 15 of the
 * service, 10 of the task family (ECS Developer Guide, "Amazon ECS Container Insights metrics").
 */
const CONTAINER_METRICS = 37;

export const alarm: Rule = ({ properties }) => alarms("Alarms", "alarm", metricsOf(properties), isFine(properties));

export const compositeAlarm: Rule = () => [
  { item: "Alarms", of: "1 composite", usd: PRICES_USD.perCompositeAlarmMonth },
];

export const dashboard: Rule = () => [{ item: "Dashboard", of: "1 dashboard", usd: PRICES_USD.perDashboardMonth }];

export const insightRule: Rule = () => [{ item: "Insights", of: "1 rule", usd: PRICES_USD.perInsightRuleMonth }];

export const cluster: Rule = ({ properties }) => {
  const setting = listOf(properties["ClusterSettings"]).map(objectOf);
  const isOn = setting.some(({ Name, Value }) => Name === "containerInsights" && Value !== "disabled");
  const usd = CONTAINER_METRICS * PRICES_USD.perMetricMonth;
  return isOn ? [{ item: "Insights", of: `Container Insights, ${CONTAINER_METRICS} metrics`, usd }] : [];
};

/**
 * Target tracking makes alarms of its own: one to grow and one to shrink, and for a table two more, which watch what
 * is provisioned (DynamoDB Developer Guide, "Managing throughput capacity automatically").
 */
export const scalingPolicy: Rule = ({ properties }) => {
  const tracking = objectOf(properties["TargetTrackingScalingPolicyConfiguration"]);
  const type = textAt(objectOf(tracking["PredefinedMetricSpecification"]), "PredefinedMetricType");
  const custom = { Metrics: objectOf(tracking["CustomizedMetricSpecification"])["Metrics"] };
  const each = alarms("Alarms", "alarm of scaling", metricsOf(custom), type.includes("HighResolution"));
  return Array.from({ length: type.startsWith("DynamoDB") ? 4 : 2 }, () => each).flat();
};

function alarms(item: string, noun: string, metrics: number, isHighResolution: boolean): readonly CostItem[] {
  const each = isHighResolution ? PRICES_USD.perFineAlarmMetricMonth : PRICES_USD.perAlarmMetricMonth;
  return [{ item, of: `1 ${noun} over ${counted(metrics, "metric")}`, usd: metrics * each }];
}

/** An alarm over metric math is charged by each metric that goes into it. */
function metricsOf(properties: Properties): number {
  const queries = listOf(properties["Metrics"]).map(objectOf);
  const measured = queries.filter(({ MetricStat }) => MetricStat !== undefined).length;
  const hasBand = queries.some((query) => textAt(query, "Expression").includes("ANOMALY_DETECTION_BAND"));
  return hasBand ? BAND_METRICS * Math.max(1, measured) : Math.max(1, measured);
}

function isFine(properties: Properties): boolean {
  const periods = listOf(properties["Metrics"]).map((query) => {
    const stat = objectOf(objectOf(query)["MetricStat"]);
    return numberAt(stat, "Period") ?? MINUTE_SECONDS;
  });
  return Math.min(numberAt(properties, "Period") ?? MINUTE_SECONDS, ...periods) < MINUTE_SECONDS;
}
