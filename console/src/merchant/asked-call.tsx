/** Asks for a call of a merchant's address, waits for its result, and shows what was sent and what came back. */
import { type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Failure } from "../shown/failure.tsx";
import { CallResult, type CallResultProps } from "./call-result.tsx";
import type { Call } from "./merchant-reads.ts";

export interface AskedCallProps extends Pick<CallResultProps, "good"> {
  readonly says: { readonly button: string; readonly waits: string };
  /** By which calls of this kind are kept. */
  readonly queryKey: readonly string[];
  readonly ask: () => Promise<Call>;
  readonly read: (jobId: string, signal: AbortSignal) => Promise<Call>;
  /** @default nobody is told */
  readonly onDone?: () => void;
}

const LOOK_EVERY_MS = 1000;

export function AskedCall({ says, queryKey, ask, read, onDone, ...result }: AskedCallProps): ReactNode {
  const [jobId, setJobId] = useState<string>();
  const asking = useMutation({
    mutationFn: ask,
    onMutate: () => setJobId(undefined),
    onSuccess: (call) => setJobId(call.jobId),
  });
  const call = useQuery({
    queryKey: [...queryKey, jobId],
    queryFn: ({ signal }) => read(jobId ?? "", signal),
    enabled: jobId !== undefined,
    refetchInterval: ({ state }) => (state.status === "error" || state.data?.state === "done" ? false : LOOK_EVERY_MS),
  });
  const isDone = call.data?.state === "done";
  const tell = useEffectEvent(() => onDone?.());
  useEffect(() => {
    if (isDone) tell();
  }, [isDone]);
  const isUnderWay = asking.isPending || (jobId !== undefined && !isDone && call.error === null);
  return (
    <SpaceBetween size="s">
      <Button loading={isUnderWay} onClick={() => asking.mutate()}>
        {says.button}
      </Button>
      <div role="status">
        {isUnderWay && <StatusIndicator type="in-progress">{says.waits}</StatusIndicator>}
        {asking.error !== null && <Failure error={asking.error} again={() => asking.mutate()} />}
        {call.error !== null && <Failure error={call.error} again={() => void call.refetch()} />}
        {call.data?.state === "done" && <CallResult call={call.data} {...result} />}
      </div>
    </SpaceBetween>
  );
}
