/** Pauses a merchant, or resumes it: says first what that does. */
import type { ReactNode } from "react";
import { useSession } from "../session/session.tsx";
import { Ask } from "../shown/ask.tsx";
import { useTexts } from "../texts/texts.tsx";

export interface ChangePauseProps {
  readonly merchantId: string;
  readonly isPaused: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function ChangePause({ merchantId, isPaused, onClose, onDone }: ChangePauseProps): ReactNode {
  const { merchant } = useTexts();
  const says = isPaused ? merchant.resume : merchant.pause;
  const { api } = useSession();
  const params = { path: { merchantId } };
  const act = () =>
    isPaused
      ? api.ask((client) => client.POST("/v1/merchants/{merchantId}/resume", { params }))
      : api.ask((client) => client.POST("/v1/merchants/{merchantId}/pause", { params }));
  return (
    <Ask
      title={says.title(merchantId)}
      says={says.says(merchantId)}
      isGrave={!isPaused}
      confirm={says.confirm}
      failed={says.failed}
      act={act}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
