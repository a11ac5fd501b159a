/** Sends one transaction again: says first what that does, and asks why. A job does it; the path shows the result. */
import { type ReactNode, useState } from "react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { Transaction } from "./timeline.ts";
import { transactionKey } from "./transaction-key.ts";

export interface RedeliverProps {
  readonly transaction: Transaction;
  readonly onClose: () => void;
  readonly onAsked: (jobId: string) => void;
}

const ROWS = 3;

export function Redeliver({ transaction, onClose, onAsked }: RedeliverProps): ReactNode {
  const { redeliver: says, cancel } = useTexts();
  const { api } = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const { transactionId, merchantId = "", state } = transaction;
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      api.ask((client) =>
        client.POST("/v1/redeliveries", {
          body: {
            filter: { transactionIds: [transactionId] },
            reason: reason.trim(),
            ratePerSecond: 1,
            dryRun: false,
          },
        }),
      ),
    async onSuccess({ jobId }) {
      onAsked(jobId);
      onClose();
      await queries.invalidateQueries({ queryKey: transactionKey(transactionId) });
    },
  });
  const isMissing = reason.trim() === "";
  return (
    <Modal
      visible
      header={<span className="id">{says.title(transactionId)}</span>}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {cancel}
            </Button>
            <Button
              variant="primary"
              loading={isPending}
              onClick={() => {
                setAsked(true);
                if (!isMissing) mutate();
              }}
            >
              {says.confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="info">{state === "FAILED" ? says.saysFailed(merchantId) : says.says(merchantId)}</Alert>
        <FormField
          label={says.reason}
          description={says.reasonNote}
          {...(isAsked && isMissing && { errorText: says.reasonMissing })}
        >
          <Textarea rows={ROWS} autoFocus value={reason} onChange={({ detail }) => setReason(detail.value)} />
        </FormField>
        {error !== null && <Failure error={error} title={says.failed} />}
      </SpaceBetween>
    </Modal>
  );
}
