/** Which ones failed, by reason and the newest first, page by page as the API gives them; some or all to send again. */
import { type ReactNode, useMemo, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import { followHere } from "../routing/location.ts";
import { transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { amountText, numberText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { itemsOf, PagedTable, usePages } from "../shown/paged-table.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { useFailureCounts } from "./failed-counts.tsx";
import {
  type FailedFilter,
  type GivenFilter,
  maySendAll,
  redeliveryFilters,
  redeliveryOfIds,
} from "./failed-filter.ts";
import { type Failed, readFailures } from "./failed-reads.ts";
import { RedeliverFailed } from "./redeliver-failed.tsx";

export function FailedList({ filter }: { readonly filter: FailedFilter }): ReactNode {
  const { texts, language } = useSpoken();
  const { failed: says } = texts;
  const { api, may } = useSession();
  const queries = useQueryClient();
  const counted = useFailureCounts(filter);
  const pages = usePages(["failures", "list", filter], (cursor, signal) => readFailures(api, filter, cursor, signal));
  const [selected, setSelected] = useState<readonly Failed[]>([]);
  const [asked, setAsked] = useState<readonly GivenFilter[]>();
  const columns = useColumns();
  const shown = itemsOf(pages).length;
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  const total = "total" in counted ? counted : undefined;
  const sendsAll = maySendAll(filter, total);
  const isCounting = !sendsAll && total?.isWhole === false;
  const sends = may("redeliveries:write");
  const refresh = (): void => {
    setSelected([]);
    void queries.invalidateQueries({ queryKey: ["failures"] });
  };
  return (
    <>
      <PagedTable
        pages={pages}
        header={
          <Header
            variant="h2"
            description={says.listNote}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <RefreshButton isReading={pages.isFetching} refresh={refresh} />
                {sends && (
                  <Button
                    disabled={selected.length === 0}
                    onClick={() => setAsked(redeliveryOfIds(selected.map(({ transactionId }) => transactionId)))}
                  >
                    {says.sendSelected(numberText(selected.length, language))}
                  </Button>
                )}
                {sends && (
                  <Button
                    disabled={!sendsAll}
                    {...(isCounting && { disabledReason: says.counting })}
                    onClick={() => setAsked(redeliveryFilters(filter, total?.items ?? []))}
                  >
                    {says.sendAll}
                  </Button>
                )}
              </SpaceBetween>
            }
          >
            {says.list}
          </Header>
        }
        ariaLabels={{
          tableLabel: says.list,
          selectionGroupLabel: says.select,
          allItemsSelectionLabel: () => says.selectShown,
          itemSelectionLabel: (_selection, { transactionId }) => says.selectOne(transactionId),
        }}
        {...(sends && {
          selectionType: "multi" as const,
          selectedItems: selected,
          onSelectionChange: ({ detail }: { readonly detail: { readonly selectedItems: Failed[] } }) =>
            setSelected(detail.selectedItems),
        })}
        columnDefinitions={columns}
        trackBy="transactionId"
        {...(shown > 0 && {
          below: <span role="status">{says.shown(numberText(shown, language))}</span>,
        })}
      />
      {asked !== undefined && (
        <RedeliverFailed filters={asked} onClose={() => setAsked(undefined)} onStarted={refresh} />
      )}
    </>
  );
}

function useColumns(): TableProps.ColumnDefinition<Failed>[] {
  const { texts, language } = useSpoken();
  return useMemo(() => {
    const { failed: says, transaction } = texts;
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
      { id: "failedAt", header: says.failedAt, cell: ({ failedAt }) => <Instant at={failedAt} /> },
      { id: "reason", header: says.reason, cell: ({ reason }) => <span className="id">{reason}</span> },
      { id: "fault", header: says.fault, cell: ({ fault }) => says.faults[fault] },
      {
        id: "amount",
        header: transaction.amount,
        cell: ({ amount, currency }) => amountText(amount, currency, language),
      },
      { id: "attempts", header: transaction.attempts, cell: ({ attemptCount }) => attemptCount },
      { id: "says", header: says.says, cell: (one) => one.says && <span className="id">{one.says}</span> },
    ];
  }, [texts, language]);
}
