/** The picture of the dashboard in the docs: the panels of a deployment with the default settings, with sample data. */
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { parseSettings } from "../../core/settings/settings.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";
import { drawPicture } from "./draw-picture.ts";
import { sectionsOf } from "./panels.ts";
import { sampleSource } from "./sample.ts";
import { show } from "./shown.ts";

/** An hour by the minute; any hour, as only its length is shown. */
const TIMELINE = { endMs: Date.UTC(2026, 10, 22, 12), periodSeconds: 60, periods: 60 };

export function samplePicture(): string {
  const sections = sectionsOf({
    settings: parseSettings({}),
    cluster: "cluster",
    service: "service",
    natGateways: ["nat-1", "nat-2"],
    functions: Object.values(FUNCTION_NAMES).map((name) => ({ name, memoryMiB: 512 })),
    logGroups: ["/confirmation-pipeline/confirmation-worker", ...Object.values(FUNCTION_NAMES)],
  });
  const alarms = Object.keys(RUNBOOK_HEADINGS).map((name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
  return drawPicture(show(sections, TIMELINE, sampleSource(alarms)), "The dashboard of the pipeline, with sample data");
}
