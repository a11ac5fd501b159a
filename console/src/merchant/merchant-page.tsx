/** One merchant: whether its confirmations get through, and if not why; what it gets, and what can be done about it. */
import { type ReactNode, Suspense, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { loadable } from "../shown/loadable.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useTexts } from "../texts/texts.tsx";
import { ChangePause } from "./change-pause.tsx";
import { LastFailures } from "./last-failures.tsx";
import { HealthShown } from "./merchant-health.tsx";
import { MerchantKeys } from "./merchant-keys.tsx";
import { MerchantOverview } from "./merchant-overview.tsx";
import { type Health, merchantKey, readHealth, readMerchant } from "./merchant-reads.ts";
import { MerchantTransactions } from "./merchant-transactions.tsx";
import { TestEvent } from "./test-event.tsx";

// Charts and forms are half of what the page is made of, and come after what is read first.
const MerchantPerformance = loadable(async () => (await import("./merchant-performance.tsx")).MerchantPerformance);
const MerchantSettings = loadable(async () => (await import("./settings/merchant-settings.tsx")).MerchantSettings);

const HEALTH_EVERY_MS = 10_000;

export function MerchantPage({ merchantId }: { readonly merchantId: string }): ReactNode {
  const texts = useTexts();
  const { api, may } = useSession();
  const queries = useQueryClient();
  const row = useQuery({
    queryKey: merchantKey(merchantId, "row"),
    queryFn: ({ signal }) => readMerchant(api, merchantId, signal),
  });
  const health = useQuery({
    queryKey: merchantKey(merchantId, "health"),
    queryFn: ({ signal }) => readHealth(api, merchantId, signal),
    enabled: row.isSuccess,
    refetchInterval: HEALTH_EVERY_MS,
  });
  const refresh = (): void => void queries.invalidateQueries({ queryKey: merchantKey(merchantId) });
  const error = row.error ?? health.error;
  return (
    <SpaceBetween size="l">
      <title>{`${merchantId} – ${texts.product}`}</title>
      {row.data === undefined && (
        <Header variant="h1">
          <span className="id">{texts.merchant.title(merchantId)}</span>
        </Header>
      )}
      {error !== null && <Failure error={error} again={refresh} />}
      {row.isPending && <Loading />}
      {row.data !== undefined && (
        <SpaceBetween size="l">
          <Title
            merchantId={merchantId}
            health={health.data}
            isReading={row.isFetching || health.isFetching}
            refresh={refresh}
          />
          {row.data.faults !== undefined && (
            <Alert type="error" header={texts.merchant.faults}>
              <ul>
                {row.data.faults.map((fault) => (
                  <li key={fault}>{fault}</li>
                ))}
              </ul>
            </Alert>
          )}
          <Container header={<Header variant="h2">{texts.merchant.overview}</Header>}>
            <MerchantOverview merchant={row.data} />
          </Container>
          {health.data !== undefined && (
            <Container header={<Header variant="h2">{texts.merchant.health}</Header>}>
              <HealthShown health={health.data} />
            </Container>
          )}
          <section aria-label={texts.performance.title}>
            <Container header={<Header variant="h2">{texts.performance.title}</Header>}>
              <Suspense fallback={<Loading />}>
                <MerchantPerformance merchantId={merchantId} />
              </Suspense>
            </Container>
          </section>
          {health.data !== undefined && <LastFailures health={health.data} />}
          {may("transactions:read") && <MerchantTransactions merchantId={merchantId} />}
          {may("merchants:write") && (
            <Container
              header={
                <Header variant="h2" description={texts.merchant.test.does}>
                  {texts.merchant.test.title}
                </Header>
              }
            >
              <TestEvent merchantId={merchantId} />
            </Container>
          )}
          <MerchantKeys merchant={row.data} onChanged={refresh} />
          <Suspense fallback={<Loading />}>
            <MerchantSettings merchant={row.data} disabledUrls={health.data?.disabledUrls ?? []} onChanged={refresh} />
          </Suspense>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Loading(): ReactNode {
  const { reading } = useTexts();
  return <StatusIndicator type="loading">{reading}</StatusIndicator>;
}

interface TitleProps {
  readonly merchantId: string;
  readonly health: Health | undefined;
  readonly isReading: boolean;
  readonly refresh: () => void;
}

function Title({ merchantId, health, isReading, refresh }: TitleProps): ReactNode {
  const { merchant: says } = useTexts();
  const { may } = useSession();
  const [isAsking, setAsking] = useState(false);
  const isPaused = health?.pausedAt !== undefined;
  return (
    <>
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RefreshButton isReading={isReading} refresh={refresh} />
            {health !== undefined && may("merchants:write") && (
              <Button onClick={() => setAsking(true)}>{isPaused ? says.resume.button : says.pause.button}</Button>
            )}
          </SpaceBetween>
        }
      >
        <span className="id">{says.title(merchantId)}</span>
      </Header>
      {isAsking && (
        <ChangePause merchantId={merchantId} isPaused={isPaused} onClose={() => setAsking(false)} onDone={refresh} />
      )}
    </>
  );
}
