/** Asks for a test event, and shows what was sent and what came back. */
import { type ReactNode, useState } from "react";
import { useMutation, useQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { durationText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { outcomeText } from "../transaction/outcome.ts";
import { isGood } from "../transaction/timeline.ts";
import { askForTest, type Call, readTest } from "./merchant-reads.ts";

const LOOK_EVERY_MS = 1000;

export function TestEvent({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { texts } = useSpoken();
  const { test: says } = texts.merchant;
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
        {call.data?.state === "done" && <Result call={call.data} />}
      </div>
    </SpaceBetween>
  );
}

function Result({ call }: { readonly call: Call }): ReactNode {
  const { texts, language } = useSpoken();
  const { test: says } = texts.merchant;
  const { outcome = "", error, durationMs, request, response } = call;
  return (
    <SpaceBetween size="s">
      <StatusIndicator type={isGood(outcome) ? "success" : "error"}>
        {[outcomeText(outcome, texts), error, durationMs === undefined ? undefined : durationText(durationMs, language)]
          .filter(Boolean)
          .join(", ")}
      </StatusIndicator>
      {request !== undefined && (
        <Message title={says.request} first={`POST ${request.url}`} headers={request.headers} body={request.body} />
      )}
      {response === undefined ? (
        <Box>{`${says.response}: ${says.none}`}</Box>
      ) : (
        <Message
          title={says.response}
          first={texts.timeline.status(response.status)}
          headers={response.headers}
          body={response.body ?? ""}
        />
      )}
    </SpaceBetween>
  );
}

interface MessageProps {
  readonly title: string;
  readonly first: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function Message({ title, first, headers, body }: MessageProps): ReactNode {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <div>
      <Box variant="awsui-key-label">{title}</Box>
      <pre className="text" tabIndex={0} role="region" aria-label={title}>
        {[first, ...lines, "", body].join("\n").trimEnd()}
      </pre>
    </div>
  );
}
