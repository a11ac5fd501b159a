/**
 * Jobs: redeliveries, imports, exports, resyncs and restores, as far as AWS counts what works on them, which costs
 * nothing more. What each is about, and how far it is, is in the API.
 */
import { hasApi } from "../settings/groups/api.ts";
import { FUNCTION_NAMES, JOB_PARTS_QUEUE_NAME } from "../settings/names.ts";
import { ofFunction, ofQueue } from "./metrics.ts";
import type { Section } from "./panel.ts";
import type { Place } from "./place.ts";

const { runJobs, importTransactions } = FUNCTION_NAMES;

/** None without the API, which alone asks for some. */
export function jobs({ settings }: Pick<Place, "settings">): readonly Section[] {
  return hasApi(settings) ? [JOBS] : [];
}

const JOBS: Section = {
  title: "Jobs",
  panels: [
    {
      kind: "lines",
      id: "jobs",
      title: "Work on jobs",
      help: "Turns on parts of jobs, and those that failed and come again.",
      columns: 8,
      unit: "count",
      series: [
        { label: "Turns", value: ofFunction("Invocations", runJobs, "Sum"), tone: "blue" },
        { label: "Failed", value: ofFunction("Errors", runJobs, "Sum"), tone: "red" },
      ],
    },
    {
      kind: "lines",
      id: "imports",
      title: "Files to import",
      help: "Files that were looked through, and looks that failed and come again.",
      columns: 8,
      unit: "count",
      series: [
        { label: "Looked through", value: ofFunction("Invocations", importTransactions, "Sum"), tone: "blue" },
        { label: "Failed", value: ofFunction("Errors", importTransactions, "Sum"), tone: "red" },
      ],
    },
    {
      kind: "lines",
      id: "job-parts",
      title: "Parts of jobs that wait",
      help: "Messages that nobody works on yet: more than a few mean that all places are taken, or that turns fail.",
      columns: 8,
      unit: "count",
      series: [
        {
          label: "Waiting",
          value: ofQueue("ApproximateNumberOfMessagesVisible", JOB_PARTS_QUEUE_NAME, "Maximum"),
          tone: "yellow",
        },
      ],
    },
  ],
};
