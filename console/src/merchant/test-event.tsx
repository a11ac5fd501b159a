/** Asks for a test event, and shows what was sent and what came back. */
import { type ReactNode, useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import { CallResult } from "./call-result.tsx";
import { askForTest, readTest } from "./merchant-reads.ts";

const LOOK_EVERY_MS = 1000;

export function TestEvent({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { test: says } = useTexts().merchant;
  const { api } = useSession();
  const [jobId, setJobId] = useState<string>();
  const asking = useMutation({
    mutationFn: () => askForTest(api, merchantId),
    onSuccess: (call) => setJobId(call.jobId),
  });
  const call = useQuery({
    queryKey: ["test", merchantId, jobId],
    queryFn: ({ signal }) => readTest(api, merchantId, jobId ?? "", signal),
    enabled: jobId !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === "done" ? false : LOOK_EVERY_MS),
  });
  const error = asking.error ?? call.error;
  const isUnderWay = asking.isPending || (jobId !== undefined && call.data?.state !== "done" && error === null);
  return (
    <SpaceBetween size="m">
      <Button loading={isUnderWay} onClick={() => asking.mutate()}>
        {says.button}
      </Button>
      <div role="status">
        {isUnderWay && <StatusIndicator type="in-progress">{says.waits}</StatusIndicator>}
        {error !== null && <Failure error={error} />}
        {call.data?.state === "done" && <CallResult call={call.data} />}
      </div>
    </SpaceBetween>
  );
}
