/** A merchant's transactions by time, page by page as the API gives them. The state looked for is in the address. */
import { type ReactNode, useMemo } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { amountText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { State } from "../transaction/overview.tsx";
import { merchantKey, placeWith, readTransactions, STATES, stateOf, type Summary } from "./merchant-reads.ts";

const ALL = "all";

export function MerchantTransactions({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { texts } = useSpoken();
  const { merchant: says } = texts;
  const { api } = useSession();
  const { search } = usePlace();
  const state = stateOf(search.get("state"));
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: merchantKey(merchantId, "transactions", state ?? ALL),
    queryFn: ({ pageParam, signal }) =>
      readTransactions(
        api,
        { merchantId, ...(state !== undefined && { state }), ...(pageParam !== "" && { cursor: pageParam }) },
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const columns = useColumns();
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  return (
    <Table
      header={
        <Header variant="h2" description={says.transactionsNote}>
          {says.transactions}
        </Header>
      }
      filter={
        <SegmentedControl
          label={says.stateLabel}
          selectedId={state ?? ALL}
          options={[{ id: ALL, text: says.allStates }, ...STATES.map((id) => ({ id, text: texts.states[id] }))]}
          onChange={({ detail }) => goTo(placeOf(merchantId, search, detail.selectedId), { replace: true })}
        />
      }
      ariaLabels={{ tableLabel: says.transactions }}
      columnDefinitions={columns}
      items={data?.pages.flatMap(({ items }) => items) ?? []}
      trackBy="transactionId"
      wrapLines
      loading={isFetching && data === undefined}
      loadingText={texts.reading}
      empty={<Box textAlign="center">{says.noTransactions}</Box>}
      footer={
        hasNextPage && (
          <Box textAlign="center">
            <Button loading={isFetching} onClick={() => void fetchNextPage()}>
              {says.more}
            </Button>
          </Box>
        )
      }
    />
  );
}

function useColumns(): TableProps.ColumnDefinition<Summary>[] {
  const { texts, language } = useSpoken();
  return useMemo(() => {
    const { transaction: says } = texts;
    return [
      {
        id: "id",
        header: texts.find.transaction,
        isRowHeader: true,
        cell: ({ transactionId }) => (
          <Link href={transactionPath(transactionId)} onFollow={followHere}>
            <span className="id">{transactionId}</span>
          </Link>
        ),
      },
      { id: "state", header: says.state, cell: ({ state }) => <State state={state} /> },
      { id: "outcome", header: says.outcome, cell: ({ outcome }) => outcome },
      { id: "amount", header: says.amount, cell: ({ amount, currency }) => amountText(amount, currency, language) },
      { id: "at", header: says.occurredAt, cell: ({ occurredAt }) => occurredAt && <Instant at={occurredAt} /> },
      { id: "attempts", header: says.attempts, cell: ({ attemptCount }) => attemptCount },
    ];
  }, [texts, language]);
}

function placeOf(merchantId: string, search: URLSearchParams, state: string): string {
  return placeWith(merchantId, search, "state", state === ALL ? undefined : state);
}
