/** How far a job is, with its mark. */
import type { ReactNode } from "react";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useTexts } from "../texts/texts.tsx";
import type { JobState } from "./shown-job.ts";

const MARKS: Readonly<Record<JobState, StatusIndicatorProps.Type>> = {
  waiting: "pending",
  counting: "in-progress",
  counted: "pending",
  running: "in-progress",
  paused: "stopped",
  canceled: "stopped",
  refused: "error",
  too_large: "error",
  done: "success",
};

export function JobStateShown({ state }: { readonly state: JobState }): ReactNode {
  const { jobs } = useTexts();
  return <StatusIndicator type={MARKS[state]}>{jobs.states[state]}</StatusIndicator>;
}
