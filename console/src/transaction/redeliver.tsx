/** Sends one transaction again: says first what that does, and asks why. A job does it; the path shows the result. */
import { type ReactNode, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { useSession } from "../session/session.tsx";
import { Ask } from "../shown/ask.tsx";
import { ReasonField } from "../shown/reason-field.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { Transaction } from "./timeline.ts";
import { transactionKey } from "./transaction-key.ts";

export interface RedeliverProps {
  readonly transaction: Transaction;
  readonly onClose: () => void;
  readonly onAsked: (jobId: string) => void;
}

export function Redeliver({ transaction, onClose, onAsked }: RedeliverProps): ReactNode {
  const { redeliver: says } = useTexts();
  const { api } = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const { transactionId, merchantId = "", state } = transaction;
  const isMissing = reason.trim() === "";
  const act = () =>
    api.ask((client) =>
      client.POST("/v1/redeliveries", {
        body: { filter: { transactionIds: [transactionId] }, reason: reason.trim(), ratePerSecond: 1, dryRun: false },
      }),
    );
  return (
    <Ask
      title={says.title(transactionId)}
      says={state === "FAILED" ? says.saysFailed(merchantId) : says.says(merchantId)}
      confirm={says.confirm}
      failed={says.failed}
      isMissing={isMissing}
      act={act}
      onClose={onClose}
      onDone={({ jobId }) => {
        onAsked(jobId);
        void queries.invalidateQueries({ queryKey: transactionKey(transactionId) });
      }}
    >
      {({ isAsked }) => (
        <ReasonField
          reason={reason}
          missing={isAsked && isMissing ? says.reasonMissing : undefined}
          onTyped={setReason}
        />
      )}
    </Ask>
  );
}
