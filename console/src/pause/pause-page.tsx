/** Whether anything is delivered to anybody, since when, and how to stop and start it: what that does is said first. */
import { type ReactNode, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
import { Ask } from "../shown/ask.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useTexts } from "../texts/texts.tsx";

const KEY = ["pause"] as const;
const LOOK_EVERY_MS = 10_000;

export function PausePage(): ReactNode {
  const texts = useTexts();
  const { everything: says } = texts;
  const { api, may } = useSession();
  const [isAsking, setAsking] = useState(false);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.ask((client) => client.GET("/v1/pause", { signal })),
    refetchInterval: LOOK_EVERY_MS,
  });
  const act = data?.paused === true ? says.resume : says.pause;
  return (
    <SpaceBetween size="l">
      <title>{`${says.title} – ${texts.product}`}</title>
      <Header
        variant="h1"
        description={says.does}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RefreshButton isReading={isFetching} refresh={() => void refetch()} />
            {data !== undefined && may("operations:write") && (
              <Button onClick={() => setAsking(true)}>{act.button}</Button>
            )}
          </SpaceBetween>
        }
      >
        {says.title}
      </Header>
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && (
        <div role="status">
          <KeyValuePairs
            columns={2}
            items={[
              {
                label: texts.merchant.gate,
                value: data.paused ? (
                  <StatusIndicator type="stopped">{says.paused}</StatusIndicator>
                ) : (
                  <StatusIndicator type="success">{says.goesOn}</StatusIndicator>
                ),
              },
              ...(data.pausedAt === undefined
                ? []
                : [{ label: texts.merchant.pausedAt, value: <Instant at={data.pausedAt} /> }]),
            ]}
          />
        </div>
      )}
      {isAsking && data !== undefined && <ChangePause isPaused={data.paused} onClose={() => setAsking(false)} />}
    </SpaceBetween>
  );
}

interface ChangePauseProps {
  readonly isPaused: boolean;
  readonly onClose: () => void;
}

function ChangePause({ isPaused, onClose }: ChangePauseProps): ReactNode {
  const { everything } = useTexts();
  const says = isPaused ? everything.resume : everything.pause;
  const { api } = useSession();
  const queries = useQueryClient();
  return (
    <Ask
      title={says.button}
      says={says.says}
      isGrave={!isPaused}
      confirm={says.button}
      failed={everything.failed}
      act={() =>
        isPaused
          ? api.ask((client) => client.POST("/v1/resume", {}))
          : api.ask((client) => client.POST("/v1/pause", {}))
      }
      onClose={onClose}
      onDone={(changed) => queries.setQueryData(KEY, changed)}
    />
  );
}
