/** The layout of a stack, read from its template. */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { peakWritesPerSecond } from "../../../core/settings/sizes.ts";
import { CostError } from "../cost-error.ts";
import { campaignLines } from "../at-rest/campaigns.ts";
import { functionNamed, functionOf } from "../at-rest/function-runs.ts";
import { numberAt, objectOf, textAt, referredTo, resourcesOf, type Properties, type Template } from "../template.ts";
import { PARTITION_BYTES, PARTITION_WRITES_PER_SECOND } from "./quantities.ts";
import type { Layout } from "./second.ts";
import type { StreamMapping } from "./stream-runs.ts";

const CPU_UNITS = 1024;
const MIB_A_GIB = 1024;

/** @param tableBytes that are kept. A partition holds so many and takes so many writes, and each has a shard */
export function layoutOf(template: Template, settings: Settings, tableBytes: number): Layout {
  const task = propertiesOf(template, "AWS::ECS::TaskDefinition");
  const writes = peakWritesPerSecond(settings);
  return {
    stream: mappingOf(template, FUNCTION_NAMES.streamTransactions),
    ...(settings.events.enabled && { events: mappingOf(template, FUNCTION_NAMES.publishEvents) }),
    shards: Math.ceil(Math.max(writes / PARTITION_WRITES_PER_SECOND, tableBytes / PARTITION_BYTES)),
    task: { vcpu: (numberAt(task, "Cpu") ?? 0) / CPU_UNITS, gb: (numberAt(task, "Memory") ?? 0) / MIB_A_GIB },
    releaseMemoryGb: functionNamed(FUNCTION_NAMES.releaseDue, { template })?.memoryGb ?? 0,
    traced: {
      transactions: settings.tracing.share,
      streamRuns: fixedRateOf(template, FUNCTION_NAMES.streamTransactions),
    },
    campaignLines: campaignLines(settings),
    hasNat: resourcesOf(template, "AWS::EC2::NatGateway").length > 0,
    hasQueueEndpoint: resourcesOf(template, "AWS::EC2::VPCEndpoint").some(({ properties }) =>
      JSON.stringify(properties["ServiceName"]).includes(".sqs"),
    ),
  };
}

/** The first of its function: of the table of transactions. */
function mappingOf(template: Template, functionName: string): StreamMapping {
  const mapping = resourcesOf(template, "AWS::Lambda::EventSourceMapping").find(
    ({ properties }) =>
      properties["StartingPosition"] !== undefined &&
      functionOf(referredTo(properties["FunctionName"]), { template }).name === functionName,
  );
  if (mapping === undefined)
    throw new CostError(`The template has no mapping of a stream for ${functionName}, expected one. Add it.`);
  const { properties } = mapping;
  return {
    batchSize: numberAt(properties, "BatchSize") ?? 100,
    lanes: numberAt(properties, "ParallelizationFactor") ?? 1,
    windowSeconds: numberAt(properties, "MaximumBatchingWindowInSeconds") ?? 0,
    memoryGb: functionOf(referredTo(properties["FunctionName"]), { template }).memoryGb,
  };
}

/** The share beside the reservoir, which is next to nothing of many. */
function fixedRateOf(template: Template, service: string): number {
  const rules = resourcesOf(template, "AWS::XRay::SamplingRule").map(({ properties }) =>
    objectOf(properties["SamplingRule"]),
  );
  return numberAt(rules.find((rule) => textAt(rule, "ServiceName").endsWith(service)) ?? {}, "FixedRate") ?? 0;
}

function propertiesOf(template: Template, type: string): Properties {
  return resourcesOf(template, type)[0]?.properties ?? {};
}
