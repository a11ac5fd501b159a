/** How far a job is, with its mark. */
import type { ReactNode } from "react";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { useTexts } from "../texts/texts.tsx";
import type { Redelivery } from "./redelivery-reads.ts";

const MARKS: Readonly<Record<Redelivery["state"], StatusIndicatorProps.Type>> = {
  counting: "in-progress",
  counted: "pending",
  running: "in-progress",
  paused: "stopped",
  canceled: "stopped",
  done: "success",
};

export function JobState({ state }: Pick<Redelivery, "state">): ReactNode {
  const { jobs } = useTexts();
  return <StatusIndicator type={MARKS[state]}>{jobs.states[state]}</StatusIndicator>;
}
