/** The jobs of a kind, the newest first, page by page as the API gives them. */
import { type ReactNode, useMemo } from "react";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import type { TableProps } from "@cloudscape-design/components/table";
import { followHere } from "../routing/location.ts";
import { type JobKind, jobPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
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
  const pages = usePages(jobsKey(kind), (cursor, signal) => JOB_SOURCES[kind].list(api, cursor, signal));
  const columns = useColumns();
  return (
    <>
      <title>{`${many} – ${texts.product}`}</title>
      {pages.error === null ? (
        <PagedTable
          pages={pages}
          header={
            <Header
              variant="h1"
              description={does}
              actions={<RefreshButton isReading={pages.isFetching} refresh={() => void pages.refetch()} />}
            >
              {many}
            </Header>
          }
          ariaLabels={{ tableLabel: many }}
          columnDefinitions={columns}
          trackBy="jobId"
        />
      ) : (
        <>
          <Header variant="h1">{many}</Header>
          <Failure error={pages.error} again={() => void pages.refetch()} />
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
