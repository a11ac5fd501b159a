/** How many failed, by reason and whose fault. Where there are more than one request counts, it goes on and says so. */
import { type ReactNode, useEffect, useMemo } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { failedPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { addedUp, type Counted, type FailedFilter, type Fault, FAULTS, REASONS, searchOf } from "./failed-filter.ts";
import { countFailures } from "./failed-reads.ts";

export interface FailureTotal extends Counted {
  /** All are counted. */
  readonly isWhole: boolean;
  readonly error: Error | null;
  readonly again: () => void;
}

/** The same for all that ask with the same filter. @returns undefined until the first are counted */
export function useFailureCounts(filter: FailedFilter): FailureTotal | { readonly error: Error | null } {
  const { api } = useSession();
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["failures", "counts", filter],
    queryFn: ({ pageParam, signal }) => countFailures(api, filter, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const isOver = error !== null;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isOver) void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isFetching, isOver, fetchNextPage]);
  return useMemo(() => {
    if (data === undefined) return { error };
    const isWhole = data.pages.at(-1)?.isComplete ?? false;
    return { ...addedUp(data.pages), isWhole, error, again: () => void refetch() };
  }, [data, error, refetch]);
}

export interface FailedCountsProps {
  readonly filter: FailedFilter;
  readonly onChosen: (changed: Pick<FailedFilter, "reason">) => void;
}

interface Row {
  readonly reason: string | undefined;
  readonly counts: Readonly<Record<Fault, number>>;
  readonly all: number;
}

export function FailedCounts({ filter, onChosen }: FailedCountsProps): ReactNode {
  const { texts, language } = useSpoken();
  const { failed: says } = texts;
  const counted = useFailureCounts(filter);
  const columns = useMemo((): TableProps.ColumnDefinition<Row>[] => {
    const number = (value: number): string => (value === 0 ? "–" : numberText(value, language));
    return [
      {
        id: "reason",
        header: says.reason,
        isRowHeader: true,
        cell: ({ reason }) => {
          const known = REASONS.find((one) => one === reason);
          if (known === undefined) return reason ?? <strong>{says.all}</strong>;
          const href = failedPath(searchOf({ ...filter, reason: known }));
          return (
            <Link
              href={href}
              onFollow={(event) => {
                event.preventDefault();
                onChosen({ reason: known });
              }}
            >
              <span className="id">{known}</span>
            </Link>
          );
        },
      },
      ...FAULTS.map((fault) => ({
        id: fault,
        header: says.faults[fault],
        cell: ({ counts }: Row) => number(counts[fault]),
      })),
      { id: "all", header: says.all, cell: ({ all }) => <strong>{number(all)}</strong> },
    ];
  }, [says, language, filter, onChosen]);
  if (!("total" in counted) && counted.error !== null) return <Failure error={counted.error} />;
  const total = "total" in counted ? counted : undefined;
  const sum = total === undefined ? "" : numberText(total.total, language);
  return (
    <Table
      header={
        <Header
          variant="h2"
          {...(total !== undefined && { counter: `(${total.isWhole ? sum : says.atLeast(sum)})` })}
          info={
            total !== undefined &&
            !total.isWhole &&
            total.error === null && <StatusIndicator type="in-progress">{says.counting}</StatusIndicator>
          }
        >
          {says.counts}
        </Header>
      }
      ariaLabels={{ tableLabel: says.counts }}
      columnDefinitions={columns}
      items={total === undefined ? [] : rowsOf(total)}
      wrapLines
      loading={total === undefined}
      loadingText={texts.reading}
      empty={<Box textAlign="center">{says.none}</Box>}
      footer={total?.error !== undefined && total.error !== null && <Failure error={total.error} again={total.again} />}
    />
  );
}

function rowsOf({ items, total }: Counted): Row[] {
  if (items.length === 0) return [];
  const rows = items.map(({ reason, fault, count }) => ({ reason, counts: { ...NONE, [fault]: count }, all: count }));
  const of = (fault: Fault): number => rows.reduce((sum, { counts }) => sum + counts[fault], 0);
  const counts = { merchant: of("merchant"), producer: of("producer"), pipeline: of("pipeline") };
  return [...rows, { reason: undefined, counts, all: total }];
}

const NONE: Readonly<Record<Fault, number>> = { merchant: 0, producer: 0, pipeline: 0 };
