/** One redelivery: who asked for it and why, how far it is, what came of each. It follows one that is under way. */
import { type ReactNode, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import { ActOnRedelivery } from "./act-on-redelivery.tsx";
import { JobState } from "./job-state.tsx";
import { type Act, actsOn, isUnderWay, readRedelivery, type Redelivery, redeliveryKey } from "./redelivery-reads.ts";

const COLUMNS = 4;
const LOOK_EVERY_MS = 2000;

export function RedeliveryPage({ jobId }: { readonly jobId: string }): ReactNode {
  const texts = useTexts();
  const { api } = useSession();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: redeliveryKey(jobId),
    queryFn: ({ signal }) => readRedelivery(api, jobId, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnderWay(state.data) ? LOOK_EVERY_MS : false),
  });
  return (
    <SpaceBetween size="l">
      <title>{`${texts.jobs.redelivery} – ${texts.product}`}</title>
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && <Shown job={data} isReading={isFetching} refresh={() => void refetch()} />}
    </SpaceBetween>
  );
}

interface ShownProps {
  readonly job: Redelivery;
  readonly isReading: boolean;
  readonly refresh: () => void;
}

function Shown({ job, isReading, refresh }: ShownProps): ReactNode {
  const { jobs: says } = useTexts();
  const { may } = useSession();
  const queries = useQueryClient();
  const [act, setAct] = useState<Act>();
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={<span className="id">{job.jobId}</span>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" loading={isReading} ariaLabel={says.refresh} onClick={refresh} />
            {may("redeliveries:write") &&
              actsOn(job).map((one) => (
                <Button key={one} onClick={() => setAct(one)}>
                  {says.acts[one].button}
                </Button>
              ))}
          </SpaceBetween>
        }
      >
        {says.redelivery}
      </Header>
      <Container header={<Header variant="h2">{says.asked}</Header>}>
        <KeyValuePairs columns={COLUMNS} items={askedItems(job, says)} />
      </Container>
      <Container header={<Header variant="h2">{says.account}</Header>}>
        <KeyValuePairs columns={COLUMNS} items={countItems(job, says)} />
      </Container>
      {act !== undefined && (
        <ActOnRedelivery
          job={job}
          act={act}
          onClose={() => setAct(undefined)}
          onDone={(changed) => queries.setQueryData(redeliveryKey(job.jobId), changed)}
        />
      )}
    </SpaceBetween>
  );
}

type Says = ReturnType<typeof useTexts>["jobs"];

function askedItems(job: Redelivery, says: Says): KeyValuePairsProps.Item[] {
  const { state, reason, requestedBy, createdAt, doneAt, ratePerSecond, filter } = job;
  return [
    { label: says.state, value: <JobState state={state} /> },
    { label: says.reason, value: reason },
    { label: says.requestedBy, value: <span className="id">{requestedBy}</span> },
    { label: says.createdAt, value: <Instant at={createdAt} /> },
    ...(doneAt === undefined ? [] : [{ label: says.doneAt, value: <Instant at={doneAt} /> }]),
    { label: says.rate, value: ratePerSecond },
    {
      label: says.filter,
      value: (
        <ul className="plain">
          {Object.entries(filter).map(([name, value]) => (
            <li key={name} className="id">{`${name}: ${[value].flat().join(", ")}`}</li>
          ))}
        </ul>
      ),
    },
  ];
}

function countItems({ counts, count }: Redelivery, says: Says): KeyValuePairsProps.Item[] {
  const { skippedBy } = counts;
  return [
    ...(count === undefined ? [] : [{ label: says.counted, value: count }]),
    { label: says.counts.matched, value: counts.matched },
    { label: says.counts.sent, value: counts.sent },
    { label: says.counts.delivered, value: counts.delivered },
    { label: says.counts.failed, value: counts.failed },
    { label: says.counts.waiting, value: counts.waiting },
    { label: says.counts.superseded, value: counts.superseded },
    {
      label: says.counts.skipped,
      value: [counts.skipped, ...Object.entries(skippedBy).map(([why, many]) => `${why}: ${many}`)].join(", "),
    },
  ];
}
