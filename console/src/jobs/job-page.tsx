/** One job: who asked for it and why, how far it is, what came of each. It follows one that is under way. */
import { type ReactNode, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { followHere } from "../routing/location.ts";
import { type JobKind, jobPath, merchantPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useSpoken, useTexts } from "../texts/texts.tsx";
import { JobAccount } from "./job-account.tsx";
import { JobAct } from "./job-act.tsx";
import { JobFile } from "./job-file.tsx";
import { JOB_SOURCES, jobKey } from "./job-sources.ts";
import { JobStateShown } from "./job-state.tsx";
import type { Act, Fact, FileRefusal, ShownJob, TimeSpan } from "./shown-job.ts";
import { Undecided } from "./undecided.tsx";

const COLUMNS = 4;
const LOOK_EVERY_MS = 2000;

export interface JobPageProps {
  readonly kind: JobKind;
  readonly jobId: string;
}

export function JobPage({ kind, jobId }: JobPageProps): ReactNode {
  const texts = useTexts();
  const { api } = useSession();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: jobKey(kind, jobId),
    queryFn: ({ signal }) => JOB_SOURCES[kind].read(api, jobId, signal),
    refetchInterval: ({ state }) => (state.data?.isUnderWay === true ? LOOK_EVERY_MS : false),
  });
  const { one } = texts.jobs.kinds[kind];
  return (
    <SpaceBetween size="l">
      <title>{`${one} – ${texts.product}`}</title>
      {data === undefined && <Header variant="h1">{one}</Header>}
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && <Shown job={data} isReading={isFetching} refresh={() => void refetch()} />}
    </SpaceBetween>
  );
}

interface ShownProps {
  readonly job: ShownJob;
  readonly isReading: boolean;
  readonly refresh: () => void;
}

function Shown({ job, isReading, refresh }: ShownProps): ReactNode {
  const { jobs: says } = useTexts();
  const { may } = useSession();
  const queries = useQueryClient();
  const [act, setAct] = useState<Act>();
  const { kind, jobId, refusal, file, hasUndecided } = job;
  const writes = may(JOB_SOURCES[kind].writes);
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={<span className="id">{jobId}</span>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RefreshButton isReading={isReading} refresh={refresh} />
            {writes &&
              job.acts.map((one) => (
                <Button key={one} onClick={() => setAct(one)}>
                  {says.acts[one]}
                </Button>
              ))}
          </SpaceBetween>
        }
      >
        {says.kinds[kind].one}
      </Header>
      {refusal !== undefined && (
        <Alert type="error" header={says.states.refused}>
          <RefusalText refusal={refusal} />
        </Alert>
      )}
      <Container header={<Header variant="h2">{says.asked}</Header>}>
        <KeyValuePairs columns={COLUMNS} items={askedItems(job, says)} />
      </Container>
      <Container header={<Header variant="h2">{says.account}</Header>}>
        <JobAccount job={job} />
      </Container>
      {file !== undefined && (file === "exported" || writes) && <JobFile jobId={jobId} file={file} />}
      {hasUndecided === true && writes && <Undecided jobId={jobId} isApplied={job.startedAt !== undefined} />}
      {act !== undefined && (
        <JobAct
          job={job}
          act={act}
          onClose={() => setAct(undefined)}
          onDone={(changed) => queries.setQueryData(jobKey(kind, jobId), changed)}
        />
      )}
    </SpaceBetween>
  );
}

type Says = ReturnType<typeof useTexts>["jobs"];

function askedItems(job: ShownJob, says: Says): KeyValuePairsProps.Item[] {
  const { state, reason, requestedBy, createdAt, startedAt, doneAt, ratePerSecond, facts } = job;
  return [
    { label: says.state, value: <JobStateShown state={state} /> },
    { label: says.reason, value: <span className="id">{reason}</span> },
    { label: says.requestedBy, value: <span className="id">{requestedBy}</span> },
    { label: says.createdAt, value: <Instant at={createdAt} /> },
    ...(startedAt === undefined ? [] : [{ label: says.startedAt, value: <Instant at={startedAt} /> }]),
    ...(doneAt === undefined ? [] : [{ label: says.doneAt, value: <Instant at={doneAt} /> }]),
    { label: says.rate, value: ratePerSecond },
    ...facts.map((fact) => ({ label: says.facts[fact[0]] ?? fact[0], value: <FactShown fact={fact} /> })),
  ];
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

function FactShown({ fact: [name, value] }: { readonly fact: Fact }): ReactNode {
  if (typeof value !== "string") return <Times spans={value} />;
  if (INSTANT.test(value)) return <Instant at={value} />;
  const href =
    name === "merchantId" ? merchantPath(value) : name === "decides" ? jobPath("restores", value) : undefined;
  const text = <span className="id">{value}</span>;
  if (href === undefined) return text;
  return (
    <Link href={href} onFollow={followHere}>
      {text}
    </Link>
  );
}

function Times({ spans }: { readonly spans: readonly TimeSpan[] }): ReactNode {
  return spans.map(({ from, to }) => (
    <div key={from}>
      <Instant at={from} /> – <Instant at={to} />
    </div>
  ));
}

function RefusalText({ refusal: { code, reason, line, byte } }: { readonly refusal: FileRefusal }): ReactNode {
  const { texts, language } = useSpoken();
  const { jobs: says } = texts;
  const place = [
    code,
    ...(line === undefined ? [] : [says.line(numberText(line, language))]),
    ...(byte === undefined ? [] : [says.byte(numberText(byte, language))]),
  ];
  return `${reason} (${place.join(", ")})`;
}
