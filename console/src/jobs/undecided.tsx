/** What a restore left to a person: perhaps confirmed, nobody knows. Some or all are sent, or taken as confirmed. */
import { type ReactNode, useMemo, useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { TableProps } from "@cloudscape-design/components/table";
import type { Schemas } from "../api/api.ts";
import { followHere, goTo } from "../routing/location.ts";
import { jobPath, transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { amountText, numberText } from "../shown/format.ts";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
import { ReasonField } from "../shown/reason-field.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { countUndecided, readUndecided } from "./undecided-reads.ts";

type One = Schemas["UndecidedTransaction"];
type Decision = Schemas["NewRestoreDecision"]["decision"];

const DECISIONS = ["send", "confirmed"] as const satisfies readonly Decision[];
/** Of one decision; more are decided all together. */
const MOST_IDS = 100;

interface Asked {
  readonly decision: Decision;
  /** Undefined for all. */
  readonly transactionIds: readonly string[] | undefined;
}

export interface UndecidedProps {
  readonly jobId: string;
  /** Before that there is nothing to decide. */
  readonly isApplied: boolean;
}

export function Undecided({ jobId, isApplied }: UndecidedProps): ReactNode {
  const { texts, language } = useSpoken();
  const { undecided: says } = texts;
  const { api } = useSession();
  const pages = usePages(["undecided", jobId], (cursor, signal) => readUndecided(api, jobId, cursor, signal));
  const [selected, setSelected] = useState<readonly One[]>([]);
  const [asked, setAsked] = useState<Asked>();
  const columns = useColumns();
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  const ids = selected.map(({ transactionId }) => transactionId);
  return (
    <>
      <PagedTable
        pages={pages}
        header={
          <Header
            variant="h2"
            description={says.does}
            {...(isApplied && {
              actions: (
                <SpaceBetween direction="horizontal" size="xs">
                  {DECISIONS.map((decision) => (
                    <Button
                      key={decision}
                      disabled={ids.length > MOST_IDS}
                      onClick={() => setAsked({ decision, transactionIds: ids.length === 0 ? undefined : ids })}
                    >
                      {ids.length === 0 ? says.all[decision] : says.some[decision](numberText(ids.length, language))}
                    </Button>
                  ))}
                </SpaceBetween>
              ),
            })}
          >
            {says.title}
          </Header>
        }
        ariaLabels={{
          tableLabel: says.title,
          selectionGroupLabel: says.select,
          allItemsSelectionLabel: () => says.select,
          itemSelectionLabel: (_selection, { transactionId }) => transactionId,
        }}
        {...(isApplied && {
          selectionType: "multi" as const,
          selectedItems: selected,
          isItemDisabled: ({ state }: One) => state !== "undecided",
          onSelectionChange: ({ detail }: { readonly detail: { readonly selectedItems: One[] } }) =>
            setSelected(detail.selectedItems),
        })}
        columnDefinitions={columns}
        trackBy="transactionId"
      />
      {asked !== undefined && <Decide jobId={jobId} asked={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

interface DecideProps {
  readonly jobId: string;
  readonly asked: Asked;
  readonly onClose: () => void;
}

function Decide({ jobId, asked: { decision, transactionIds }, onClose }: DecideProps): ReactNode {
  const { texts, language } = useSpoken();
  const { undecided: says } = texts;
  const { api } = useSession();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [soFar, setSoFar] = useState(0);
  const all = useQuery({
    queryKey: ["undecided", jobId, "count"],
    queryFn: ({ signal }) => countUndecided(api, jobId, signal, setSoFar),
    enabled: transactionIds === undefined,
    gcTime: 0,
  });
  const count = transactionIds === undefined ? (all.isFetching ? undefined : all.data) : transactionIds.length;
  const isMissing = reason.trim() === "";
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => {
      const body = {
        decision,
        reason: reason.trim(),
        ...(transactionIds !== undefined && { transactionIds: [...transactionIds] }),
      };
      return api.ask((client) => client.POST("/v1/restores/{jobId}/decisions", { params: { path: { jobId } }, body }));
    },
    async onSuccess(made) {
      onClose();
      await queries.invalidateQueries({ queryKey: ["undecided", jobId] });
      goTo(jobPath("restores", made.jobId));
    },
  });
  return (
    <Modal
      visible
      header={says.all[decision]}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={count === undefined || count === 0}
              loading={isPending}
              onClick={() => {
                setAsked(true);
                if (!isMissing) mutate();
              }}
            >
              {says.confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <div role="status">
          {count === undefined && all.error === null && (
            <StatusIndicator type="in-progress">{says.counting(numberText(soFar, language))}</StatusIndicator>
          )}
          {count === 0 && <Alert type="info">{says.nobody}</Alert>}
          {count !== undefined && count > 0 && (
            <Alert type="warning">{says.says[decision](numberText(count, language))}</Alert>
          )}
        </div>
        {all.error !== null && <Failure error={all.error} again={() => void all.refetch()} />}
        <ReasonField
          reason={reason}
          missing={isAsked && isMissing ? says.reasonMissing : undefined}
          onTyped={setReason}
        />
        {error !== null && <Failure error={error} title={texts.jobs.notDone} />}
      </SpaceBetween>
    </Modal>
  );
}

function useColumns(): TableProps.ColumnDefinition<One>[] {
  const { texts, language } = useSpoken();
  return useMemo(() => {
    const { undecided: says, transaction } = texts;
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
      { id: "state", header: transaction.state, cell: ({ state }) => says.states[state] },
      {
        id: "merchant",
        header: transaction.merchant,
        cell: ({ merchantId }) => <span className="id">{merchantId}</span>,
      },
      { id: "outcome", header: transaction.outcome, cell: ({ outcome }) => outcome },
      {
        id: "amount",
        header: transaction.amount,
        cell: ({ amount, currency }) => amountText(amount, currency, language),
      },
    ];
  }, [texts, language]);
}
