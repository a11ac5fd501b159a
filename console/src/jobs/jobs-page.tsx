/** The jobs of a kind, the newest first, page by page as the API gives them. */
import { type ReactNode, useMemo } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { followHere } from "../routing/location.ts";
import { type JobKind, jobPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { NoneShown } from "../shown/none-shown.tsx";
import { useTexts } from "../texts/texts.tsx";
import { AccountLine } from "./job-account.tsx";
import { JOB_SOURCES, jobsKey } from "./job-sources.ts";
import { JobStateShown } from "./job-state.tsx";
import type { ShownJob } from "./shown-job.ts";

export function JobsPage({ kind }: { readonly kind: JobKind }): ReactNode {
  const texts = useTexts();
  const { jobs: says } = texts;
  const { many, does } = says.kinds[kind];
  const { api } = useSession();
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: jobsKey(kind),
    queryFn: ({ pageParam, signal }) => JOB_SOURCES[kind].list(api, pageParam === "" ? undefined : pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const columns = useColumns();
  return (
    <>
      <title>{`${many} – ${texts.product}`}</title>
      {error === null ? (
        <Table
          header={
            <Header
              variant="h1"
              description={does}
              actions={
                <Button
                  iconName="refresh"
                  loading={isFetching}
                  ariaLabel={says.refresh}
                  onClick={() => void refetch()}
                />
              }
            >
              {many}
            </Header>
          }
          ariaLabels={{ tableLabel: many }}
          columnDefinitions={columns}
          items={data?.pages.flatMap(({ items }) => items) ?? []}
          trackBy="jobId"
          wrapLines
          loading={isFetching && data === undefined}
          loadingText={texts.reading}
          empty={<NoneShown hasMore={hasNextPage} />}
          footer={
            hasNextPage && (
              <Box textAlign="center">
                <Button loading={isFetching} onClick={() => void fetchNextPage()}>
                  {texts.merchant.more}
                </Button>
              </Box>
            )
          }
        />
      ) : (
        <>
          <Header variant="h1">{many}</Header>
          <Failure error={error} again={() => void refetch()} />
        </>
      )}
    </>
  );
}

function useColumns(): TableProps.ColumnDefinition<ShownJob>[] {
  const { jobs: says } = useTexts();
  return useMemo(
    () => [
      {
        id: "created",
        header: says.createdAt,
        isRowHeader: true,
        cell: ({ kind, jobId, createdAt }) => (
          <Link href={jobPath(kind, jobId)} onFollow={followHere}>
            <Instant at={createdAt} />
          </Link>
        ),
      },
      { id: "state", header: says.state, cell: ({ state }) => <JobStateShown state={state} /> },
      { id: "reason", header: says.reason, cell: ({ reason }) => <span className="id">{reason}</span> },
      { id: "by", header: says.requestedBy, cell: ({ requestedBy }) => <span className="id">{requestedBy}</span> },
      { id: "account", header: says.account, cell: ({ account }) => <AccountLine account={account} /> },
    ],
    [says],
  );
}
