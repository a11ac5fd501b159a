/** Does something about a job: says first what that does, and to how many. */
import type { ReactNode } from "react";
import { useSession } from "../session/session.tsx";
import { Ask } from "../shown/ask.tsx";
import { numberText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { JOB_SOURCES } from "./job-sources.ts";
import type { Act, ShownJob } from "./shown-job.ts";

export interface JobActProps {
  readonly job: ShownJob;
  readonly act: Act;
  readonly onClose: () => void;
  readonly onDone: (changed: ShownJob) => void;
}

export function JobAct({ job, act, onClose, onDone }: JobActProps): ReactNode {
  const { texts, language } = useSpoken();
  const { jobs } = texts;
  const { api } = useSession();
  // Of what a job of its kind never offers nothing is said.
  const says: Partial<Record<Act, (count: string) => string>> = jobs.kinds[job.kind].says;
  return (
    <Ask
      title={jobs.acts[act]}
      says={says[act]?.(numberText(job.actsOn, language))}
      isGrave={act !== "pause" && act !== "resume"}
      confirm={jobs.acts[act]}
      failed={jobs.notDone}
      act={() => JOB_SOURCES[job.kind].act(api, job.jobId, act)}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
