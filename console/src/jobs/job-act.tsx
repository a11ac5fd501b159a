/** Does something about a job: says first what that does, and to how many. */
import type { ReactNode } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
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
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => JOB_SOURCES[job.kind].act(api, job.jobId, act),
    onSuccess(changed) {
      onDone(changed);
      onClose();
    },
  });
  const many = numberText(job.actsOn, language);
  return (
    <Modal
      visible
      header={jobs.acts[act]}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button variant="primary" loading={isPending} onClick={() => mutate()}>
              {jobs.acts[act]}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type={act === "pause" || act === "resume" ? "info" : "warning"}>
          {jobs.kinds[job.kind].says[act](many)}
        </Alert>
        {error !== null && <Failure error={error} title={jobs.notDone} />}
      </SpaceBetween>
    </Modal>
  );
}
