/** Redeliveries, the newest first, page by page as the API gives them. */
import { type ReactNode, useMemo } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { followHere } from "../routing/location.ts";
import { redeliveryPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import { JobState } from "./job-state.tsx";
import { readRedeliveries, type Redelivery } from "./redelivery-reads.ts";

export function RedeliveriesPage(): ReactNode {
  const texts = useTexts();
  const { jobs: says } = texts;
  const { api } = useSession();
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: ["redeliveries"],
    queryFn: ({ pageParam, signal }) => readRedeliveries(api, pageParam === "" ? undefined : pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const columns = useMemo(
    (): TableProps.ColumnDefinition<Redelivery>[] => [
      {
        id: "created",
        header: says.createdAt,
        isRowHeader: true,
        cell: ({ jobId, createdAt }) => (
          <Link href={redeliveryPath(jobId)} onFollow={followHere}>
            <Instant at={createdAt} />
          </Link>
        ),
      },
      { id: "state", header: says.state, cell: ({ state }) => <JobState state={state} /> },
      { id: "reason", header: says.reason, cell: ({ reason }) => <span className="id">{reason}</span> },
      { id: "by", header: says.requestedBy, cell: ({ requestedBy }) => <span className="id">{requestedBy}</span> },
      { id: "matched", header: says.counts.matched, cell: ({ counts }) => counts.matched },
      { id: "delivered", header: says.counts.delivered, cell: ({ counts }) => counts.delivered },
      { id: "failed", header: says.counts.failed, cell: ({ counts }) => counts.failed },
    ],
    [says],
  );
  return (
    <>
      <title>{`${says.redeliveries} – ${texts.product}`}</title>
      {error === null ? (
        <Table
          header={
            <Header
              variant="h1"
              actions={
                <Button
                  iconName="refresh"
                  loading={isFetching}
                  ariaLabel={says.refresh}
                  onClick={() => void refetch()}
                />
              }
            >
              {says.redeliveries}
            </Header>
          }
          ariaLabels={{ tableLabel: says.redeliveries }}
          columnDefinitions={columns}
          items={data?.pages.flatMap(({ items }) => items) ?? []}
          trackBy="jobId"
          wrapLines
          loading={isFetching && data === undefined}
          loadingText={texts.reading}
          empty={<Box textAlign="center">{says.none}</Box>}
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
        <Failure error={error} again={() => void refetch()} />
      )}
    </>
  );
}
