/** Panels, which are written with the names in the code, with the names of a pipeline that has a `name`. */
import { type Named, physicalDimensions, physicalName, physicalNamespace } from "../settings/physical-names.ts";
import { isCalculated, type Panel, type Section, type Value } from "./panel.ts";

export function namedSections(named: Named, sections: readonly Section[]): readonly Section[] {
  if (named.name === undefined) return sections;
  return sections.map((section) => ({ ...section, panels: section.panels.map((panel) => namedPanel(named, panel)) }));
}

function namedPanel(named: Named, panel: Panel): Panel {
  if (panel.kind === "alarms") return panel;
  if (panel.kind === "contributors") return { ...panel, rule: physicalName(named, panel.rule) };
  return { ...panel, series: panel.series.map((series) => ({ ...series, value: namedValue(named, series.value) })) };
}

function namedValue(named: Named, value: Value): Value {
  if (isCalculated(value)) {
    const using = Object.entries(value.using).map(([id, used]) => [id, namedValue(named, used)] as const);
    return { ...value, using: Object.fromEntries(using) };
  }
  return {
    ...value,
    namespace: physicalNamespace(named, value.namespace),
    dimensions: physicalDimensions(named, value.dimensions),
  };
}
