/**
 * Sends what failed again, in two steps: jobs that only count say how many would be sent and what would be skipped, and
 * once somebody agrees they are started. Who leaves it before, by whichever way, leaves nothing: what was counted is
 * canceled, and what was started goes on.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useMutation, useQueries } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { goTo } from "../routing/location.ts";
import { jobPath, jobsPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { ReasonField } from "../shown/reason-field.tsx";
import { useSpoken } from "../texts/texts.tsx";
import type { GivenFilter } from "./failed-filter.ts";
import type { Plan } from "./failed-reads.ts";
import { RedeliveryPlans } from "./redelivery-plans.ts";

export interface RedeliverFailedProps {
  /** One redelivery each. */
  readonly filters: readonly GivenFilter[];
  readonly onClose: () => void;
  readonly onStarted: () => void;
}

const LOOK_EVERY_MS = 1000;

export function RedeliverFailed({ filters, onClose, onStarted }: RedeliverFailedProps): ReactNode {
  const { texts } = useSpoken();
  const { failed: says } = texts;
  const { api } = useSession();
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const asked = useRef<RedeliveryPlans>(undefined);
  useEffect(() => () => void asked.current?.leave(), []);
  const [plans, setPlans] = useState<readonly Plan[]>([]);
  const counted = usePlans(plans);
  // One after the other: what was made or started before a refusal is not again.
  const plan = useMutation({
    mutationFn() {
      asked.current ??= new RedeliveryPlans(api, filters);
      return asked.current.make(reason.trim(), (made) => setPlans((before) => [...before, made]));
    },
  });
  const start = useMutation({
    mutationFn: async () => (await asked.current?.start()) ?? false,
    onSuccess(areStarted) {
      if (!areStarted) return;
      onStarted();
      onClose();
      const [one, ...more] = counted.plans.filter(({ count = 0 }) => count > 0);
      goTo(one === undefined || more.length > 0 ? jobsPath("redeliveries") : jobPath("redeliveries", one.jobId));
    },
  });
  const close = (): void => {
    // Some may have been started.
    if (start.isError || start.isPending) onStarted();
    onClose();
  };
  const isMissing = reason.trim() === "";
  const isPlanned = plan.isSuccess;
  const isCounted = isPlanned && counted.areAll;
  return (
    <Modal
      visible
      header={says.sendTitle}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={close}>
              {texts.cancel}
            </Button>
            {isPlanned ? (
              <Button
                variant="primary"
                disabled={!isCounted || counted.sends === 0}
                loading={start.isPending}
                onClick={() => start.mutate()}
              >
                {says.start}
              </Button>
            ) : (
              <Button
                variant="primary"
                loading={plan.isPending}
                onClick={() => {
                  setAsked(true);
                  if (!isMissing) plan.mutate();
                }}
              >
                {says.plan}
              </Button>
            )}
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {!isPlanned && <Alert type="info">{says.planSays}</Alert>}
        <ReasonField
          reason={reason}
          missing={isAsked && isMissing ? texts.redeliver.reasonMissing : undefined}
          isDisabled={plan.isPending || plans.length > 0}
          onTyped={setReason}
        />
        {isPlanned && <Planned counted={counted} isCounted={isCounted} />}
        {[plan.error, start.error].map(
          (error, at) => error !== null && <Failure key={at} error={error} title={texts.redeliver.failed} />,
        )}
        {counted.error !== null && <Failure error={counted.error} again={counted.again} />}
      </SpaceBetween>
    </Modal>
  );
}

interface CountedPlans {
  readonly plans: readonly Plan[];
  readonly areAll: boolean;
  readonly sends: number;
  /** By why. */
  readonly skipped: readonly (readonly [string, number])[];
  readonly error: Error | null;
  /** Reads those again that could not be read. */
  readonly again: () => void;
}

interface PlanState {
  readonly status: "pending" | "error" | "success";
  readonly data?: Plan | undefined;
}

function usePlans(plans: readonly Plan[]): CountedPlans {
  const { api } = useSession();
  const read = useQueries({
    queries: plans.map(({ jobId }) => ({
      queryKey: ["plan", jobId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        api.ask((client) => client.GET("/v1/redeliveries/{jobId}", { params: { path: { jobId } }, signal })),
      refetchInterval: ({ state: { status, data } }: { readonly state: PlanState }) =>
        status === "error" || (data !== undefined && data.state !== "counting") ? (false as const) : LOOK_EVERY_MS,
    })),
  });
  const found = read.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const skipped = new Map<string, number>();
  for (const { counts } of found)
    for (const [why, many] of Object.entries(counts.skippedBy)) skipped.set(why, (skipped.get(why) ?? 0) + many);
  return {
    plans: found,
    areAll: plans.length > 0 && found.length === plans.length && found.every(({ state }) => state !== "counting"),
    sends: found.reduce((sum, { count, counts }) => sum + (count ?? counts.matched - counts.skipped), 0),
    skipped: [...skipped],
    error: read.find(({ error }) => error !== null)?.error ?? null,
    again() {
      for (const { error, refetch } of read) if (error !== null) void refetch();
    },
  };
}

function Planned({ counted, isCounted }: { readonly counted: CountedPlans; readonly isCounted: boolean }): ReactNode {
  const { texts, language } = useSpoken();
  const { failed: says } = texts;
  const sends = numberText(counted.sends, language);
  return (
    <div role="status">
      {isCounted ? (
        <Alert type={counted.sends === 0 ? "info" : "warning"}>
          {counted.sends === 0 ? says.nothing : says.startSays(sends)}
          {counted.skipped.length > 0 && (
            <ul>
              {counted.skipped.map(([why, many]) => (
                <li key={why}>{says.skipped(numberText(many, language), why)}</li>
              ))}
            </ul>
          )}
        </Alert>
      ) : (
        <StatusIndicator type="in-progress">{says.planning(sends)}</StatusIndicator>
      )}
    </div>
  );
}
