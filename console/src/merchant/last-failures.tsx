/** What failed last, by class. */
import { type ReactNode, useMemo } from "react";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import type { Health } from "./merchant-reads.ts";

type Failures = Health["lastFailures"][number];

export function LastFailures({ health }: { readonly health: Health }): ReactNode {
  const { merchant: says } = useTexts();
  const { failure } = says;
  const columns = useMemo(
    (): TableProps.ColumnDefinition<Failures>[] => [
      { id: "outcome", header: failure.outcome, cell: ({ outcome }) => outcome, isRowHeader: true },
      { id: "attempts", header: failure.attempts, cell: ({ attempts }) => attempts },
      { id: "last", header: failure.last, cell: ({ lastAt }) => <Instant at={lastAt} /> },
      { id: "status", header: failure.status, cell: ({ lastStatus }) => lastStatus },
      { id: "error", header: failure.error, cell: ({ lastError }) => <span className="id">{lastError}</span> },
    ],
    [failure],
  );
  return (
    <Table
      header={<Header variant="h2">{says.failures}</Header>}
      ariaLabels={{ tableLabel: says.failures }}
      columnDefinitions={columns}
      items={health.lastFailures}
      trackBy="outcome"
      wrapLines
      empty={<Box textAlign="center">{says.noFailures}</Box>}
    />
  );
}
