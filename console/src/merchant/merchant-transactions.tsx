/** A merchant's transactions by time, page by page as the API gives them. The state looked for is in the address. */
import { type ReactNode, useMemo } from "react";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import type { TableProps } from "@cloudscape-design/components/table";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { amountText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
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
  const pages = usePages(merchantKey(merchantId, "transactions", state ?? ALL), (cursor, signal) =>
    readTransactions(api, merchantId, state, cursor, signal),
  );
  const columns = useColumns();
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  return (
    <PagedTable
      pages={pages}
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
      trackBy="transactionId"
      empty={<Box textAlign="center">{says.noTransactions}</Box>}
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
