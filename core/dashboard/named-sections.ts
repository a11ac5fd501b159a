/**
 * Panels, which are written with the names in the code, and with the worker as what calls merchants, with the names of
 * a pipeline that has a `name`, and with the function that calls in small-account mode.
 */
import { callerOf } from "../settings/mode-programs.ts";
import { WORKER_SERVICE } from "../settings/names.ts";
import { type Named, physicalDimensions, physicalName, physicalNamespace } from "../settings/physical-names.ts";
import { isCalculated, type Measured, type Panel, type Section, type Value } from "./panel.ts";
import type { Place } from "./place.ts";

type Naming = Named & Pick<Place["settings"], "delivery">;

export function namedSections(named: Naming, sections: readonly Section[]): readonly Section[] {
  if (named.name === undefined && named.delivery.mode === "fargate") return sections;
  return sections.map((section) => ({ ...section, panels: section.panels.map((panel) => namedPanel(named, panel)) }));
}

function namedPanel(named: Naming, panel: Panel): Panel {
  if (panel.kind === "alarms") return panel;
  if (panel.kind === "contributors") return { ...panel, rule: physicalName(named, panel.rule) };
  return { ...panel, series: panel.series.map((series) => ({ ...series, value: namedValue(named, series.value) })) };
}

function namedValue(named: Naming, value: Value): Value {
  if (isCalculated(value)) {
    const using = Object.entries(value.using).map(([id, used]) => [id, namedValue(named, used)] as const);
    return { ...value, using: Object.fromEntries(using) };
  }
  return {
    ...value,
    namespace: physicalNamespace(named, value.namespace),
    dimensions: physicalDimensions(named, ofCaller(named, value.dimensions)),
  };
}

function ofCaller({ delivery }: Naming, dimensions: Measured["dimensions"]): Measured["dimensions"] {
  return dimensions["service"] === WORKER_SERVICE ? { ...dimensions, service: callerOf(delivery.mode) } : dimensions;
}
