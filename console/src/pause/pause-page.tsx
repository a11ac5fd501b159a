/** Whether anything is delivered to anybody, since when, and how to stop and start it: what that does is said first. */
import { type ReactNode, useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
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
      {isAsking && data !== undefined && <Ask isPaused={data.paused} onClose={() => setAsking(false)} />}
    </SpaceBetween>
  );
}

function Ask({ isPaused, onClose }: { readonly isPaused: boolean; readonly onClose: () => void }): ReactNode {
  const { everything, cancel } = useTexts();
  const says = isPaused ? everything.resume : everything.pause;
  const { api } = useSession();
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      isPaused ? api.ask((client) => client.POST("/v1/resume", {})) : api.ask((client) => client.POST("/v1/pause", {})),
    onSuccess(changed) {
      queries.setQueryData(KEY, changed);
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
        <Alert type={isPaused ? "info" : "warning"}>{says.says}</Alert>
        {error !== null && <Failure error={error} title={everything.failed} />}
      </SpaceBetween>
    </Modal>
  );
}
