/** Pauses a merchant, or resumes it: says first what that does. */
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

export interface ChangePauseProps {
  readonly merchantId: string;
  readonly isPaused: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ChangePause({ merchantId, isPaused, onClose, onDone }: ChangePauseProps): ReactNode {
  const { merchant, cancel } = useTexts();
  const says = isPaused ? merchant.resume : merchant.pause;
  const { api } = useSession();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const params = { path: { merchantId } };
      return isPaused
        ? api.ask((client) => client.POST("/v1/merchants/{merchantId}/resume", { params }))
        : api.ask((client) => client.POST("/v1/merchants/{merchantId}/pause", { params }));
    },
    onSuccess() {
      onDone();
      onClose();
    },
  });
  return (
    <Modal
      visible
      header={<span className="id">{says.title(merchantId)}</span>}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {cancel}
            </Button>
            <Button variant="primary" loading={isPending} onClick={() => mutate()}>
              {says.confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type={isPaused ? "info" : "warning"}>{says.says(merchantId)}</Alert>
        {error !== null && <Failure error={error} title={says.failed} />}
      </SpaceBetween>
    </Modal>
  );
}
