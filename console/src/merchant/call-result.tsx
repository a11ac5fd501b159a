/** What came of a call that somebody asked for: its result, what was sent and what came back. */
import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { durationText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { outcomeText } from "../transaction/outcome.ts";
import { isGood } from "../transaction/timeline.ts";
import type { Call } from "./merchant-reads.ts";

export interface CallResultProps {
  readonly call: Call;
  /** Outcomes that are no failures, beside those of attempts. @default none */
  readonly good?: readonly string[];
}

export function CallResult({ call, good = [] }: CallResultProps): ReactNode {
  const { texts, language } = useSpoken();
  const { test: says } = texts.merchant;
  const { outcome = "", error, durationMs, request, response } = call;
  const took = durationMs === undefined ? undefined : durationText(durationMs, language);
  const isSuccess = isGood(outcome) || good.includes(outcome);
  return (
    <SpaceBetween size="s">
      <StatusIndicator type={isSuccess ? "success" : "error"}>
        {[outcomeText(outcome, texts), error, took].filter(Boolean).join(", ")}
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
