/** What goes wrong, and at whom: failed calls by class, merchants by failure, and what holds merchants back. */
import { INSIGHT_RULES, METRICS } from "../settings/names.ts";
import { CLASS_POLICIES } from "../retry/retry-policy.ts";
import { counted, countedOfClass, perSecond } from "./metrics.ts";
import type { Section, Tone } from "./panel.ts";
import type { Place } from "./place.ts";

const TONES: readonly Tone[] = ["red", "orange", "yellow", "purple", "blue", "sky", "green", "grey"];
const TOP_MERCHANTS = 10;
/** Of a dashboard. */
const ROW_COLUMNS = 24;

/** Without the rules the log is asked instead: a query that is saved with the stack ranks merchants. */
export function trouble({ settings }: Pick<Place, "settings">): Section {
  const { title, panels } = TROUBLE;
  if (settings.insights.merchants) return TROUBLE;
  const rest = panels.filter(({ kind }) => kind !== "contributors");
  return { title, panels: rest.map((panel) => ({ ...panel, columns: ROW_COLUMNS / rest.length })) };
}

const TROUBLE: Section = {
  title: "Errors",
  panels: [
    {
      kind: "areas",
      id: "errors",
      title: "Failed calls by class",
      help: "Calls that were not answered with 2xx, each second, by why.",
      columns: 8,
      unit: "perSecond",
      series: Object.keys(CLASS_POLICIES).map((failureClass, index) => ({
        label: failureClass,
        value: perSecond(countedOfClass(METRICS.attemptFailed, failureClass)),
        tone: TONES[index % TONES.length] ?? "grey",
      })),
    },
    {
      kind: "contributors",
      id: "merchants",
      title: "Merchants by failure",
      help: "Who fails most, from the log: no metric has a merchant as a dimension.",
      columns: 8,
      rule: INSIGHT_RULES.failedByMerchant,
      top: TOP_MERCHANTS,
    },
    {
      kind: "lines",
      id: "held-back",
      title: "Held back",
      help:
        "Circuits that are open, and what was not tried: its merchant's gate is closed, or our own network " +
        "is at fault.",
      columns: 8,
      unit: "count",
      series: [
        { label: "Circuits open", value: counted(METRICS.circuitsOpen, undefined, "Maximum"), tone: "red" },
        { label: "Waiting for merchant", value: counted(METRICS.waiting), tone: "purple" },
        { label: "Spared by egress fault", value: counted(METRICS.spared), tone: "orange" },
      ],
    },
  ],
};
