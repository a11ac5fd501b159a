/** Starts, pauses, resumes or cancels a redelivery: says first what that does, and to how many. */
import type { ReactNode } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import { type Act, actOnRedelivery, type Redelivery } from "./redelivery-reads.ts";

export interface ActOnRedeliveryProps {
  readonly job: Redelivery;
  readonly act: Act;
  readonly onClose: () => void;
  readonly onDone: (changed: Redelivery) => void;
}

export function ActOnRedelivery({ job, act, onClose, onDone }: ActOnRedeliveryProps): ReactNode {
  const { jobs, cancel } = useTexts();
  const says = jobs.acts[act];
  const { api } = useSession();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => actOnRedelivery(api, job.jobId, act),
    onSuccess(changed) {
      onDone(changed);
      onClose();
    },
  });
  return (
    <Modal
      visible
      header={says.button}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {cancel}
            </Button>
            <Button variant="primary" loading={isPending} onClick={() => mutate()}>
              {says.button}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type={act === "cancel" ? "warning" : "info"}>{says.says(job.count ?? job.counts.matched)}</Alert>
        {error !== null && <Failure error={error} title={jobs.notDone} />}
      </SpaceBetween>
    </Modal>
  );
}
