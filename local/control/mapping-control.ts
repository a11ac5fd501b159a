/** An event source mapping of the template as an operator finds it: with an id, and a switch. */
import { createHash } from "node:crypto";
import { numberOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import { arnOf } from "../machine.ts";
import type { MappingControl } from "./event-source-mappings.ts";
import { shortName } from "./invocations.ts";
import { MappingSwitch } from "./mapping-switch.ts";

const DEFAULT_BATCH_SIZE = 100;

export function mappingControl(
  resource: ResolvedResource,
): MappingControl & { readonly logicalId: string; readonly isOn: MappingSwitch } {
  const isOn = new MappingSwitch(resource.properties["Enabled"] !== false);
  return {
    logicalId: resource.logicalId,
    isOn,
    uuid: uuidOf(resource.logicalId),
    functionArn: arnOf("lambda", `function:${shortName(textOf(resource, "FunctionName"))}`),
    eventSourceArn: optionalText(resource, "EventSourceArn") ?? "",
    batchSize: numberOf(resource, "BatchSize", DEFAULT_BATCH_SIZE),
    get isEnabled() {
      return isOn.isEnabled;
    },
    setEnabled: (isEnabled) => isOn.set(isEnabled),
  };
}

/** The same at each start. */
function uuidOf(logicalId: string): string {
  const digits = createHash("sha256").update(logicalId).digest("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
