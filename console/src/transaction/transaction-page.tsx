/** One transaction: what it is, its path, and what can be done about it. It follows one that is not over yet. */
import { type ReactNode, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { followHere } from "../routing/location.ts";
import { jobPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useTexts } from "../texts/texts.tsx";
import { Attempts } from "./attempts.tsx";
import { Overview } from "./overview.tsx";
import { Path } from "./path.tsx";
import { type Asked, readAgainIn } from "./read-again.ts";
import { Redeliver } from "./redeliver.tsx";
import type { Transaction } from "./timeline.ts";
import { Trace } from "./trace.tsx";
import { transactionKey } from "./transaction-key.ts";
import { VerifySignature } from "./verify-signature.tsx";

export function TransactionPage({ transactionId }: { readonly transactionId: string }): ReactNode {
  const texts = useTexts();
  const { api } = useSession();
  const [asked, setAsked] = useState<Asked>();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: transactionKey(transactionId),
    queryFn: ({ signal }) =>
      api.ask((client) =>
        client.GET("/v1/transactions/{transactionId}", { params: { path: { transactionId } }, signal }),
      ),
    refetchInterval: ({ state }) => (state.data === undefined ? false : readAgainIn(state.data, asked, Date.now())),
  });
  return (
    <SpaceBetween size="l">
      <title>{`${transactionId} – ${texts.product}`}</title>
      {data === undefined && (
        <Header variant="h1">
          <span className="id">{texts.transaction.title(transactionId)}</span>
        </Header>
      )}
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && (
        <Shown
          transaction={data}
          isReading={isFetching}
          refresh={() => void refetch()}
          asked={asked}
          setAsked={setAsked}
        />
      )}
    </SpaceBetween>
  );
}

interface ShownProps {
  readonly transaction: Transaction;
  readonly isReading: boolean;
  readonly refresh: () => void;
  readonly asked: Asked | undefined;
  readonly setAsked: (asked: Asked | undefined) => void;
}

function Shown({ transaction, isReading, refresh, asked, setAsked }: ShownProps): ReactNode {
  const texts = useTexts();
  const { may } = useSession();
  const [isAsking, setAsking] = useState(false);
  const { transaction: says } = texts;
  const { transactionId, state, explanation, recordedAt } = transaction;
  const isOver = state === "CONFIRMED" || state === "FAILED";
  return (
    <SpaceBetween size="l">
      <div>
        <Header
          variant="h1"
          description={explanation}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RefreshButton isReading={isReading} refresh={refresh} />
              {isOver && may("redeliveries:write") && (
                <Button onClick={() => setAsking(true)}>{texts.redeliver.button}</Button>
              )}
            </SpaceBetween>
          }
        >
          <span className="id">{says.title(transactionId)}</span>
        </Header>
        <div role="status">
          {asked !== undefined && (
            <Alert type="success" dismissible onDismiss={() => setAsked(undefined)}>
              {texts.redeliver.asked}{" "}
              <Link href={jobPath("redeliveries", asked.jobId)} onFollow={followHere}>
                {texts.redeliver.job}
              </Link>
            </Alert>
          )}
        </div>
      </div>
      <Container header={<Header variant="h2">{says.overview}</Header>}>
        <Overview transaction={transaction} />
      </Container>
      <Container header={<Header variant="h2">{says.path}</Header>}>
        <Path transaction={transaction} />
      </Container>
      <Attempts transaction={transaction} />
      <SentBody transaction={transaction} />
      <Container header={<Header variant="h2">{texts.trace.title}</Header>}>
        <Trace transactionId={transactionId} />
      </Container>
      {isAsking && (
        <Redeliver
          transaction={transaction}
          onClose={() => setAsking(false)}
          onAsked={(jobId) => setAsked({ jobId, atMs: Date.now(), recordedAt })}
        />
      )}
    </SpaceBetween>
  );
}

function SentBody({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const texts = useTexts();
  const { may } = useSession();
  const { sentBody, merchantId, webhookId } = transaction;
  const { body } = texts.transaction;
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header
            variant="h2"
            {...(sentBody !== undefined && {
              actions: (
                <CopyToClipboard
                  copyButtonText={texts.copy}
                  textToCopy={sentBody}
                  copySuccessText={texts.copied}
                  copyErrorText={texts.notCopied}
                />
              ),
            })}
          >
            {body.title}
          </Header>
        }
      >
        {sentBody === undefined ? (
          <Box>{body.none}</Box>
        ) : (
          <pre className="text" tabIndex={0} role="region" aria-label={body.title}>
            {sentBody}
          </pre>
        )}
      </Container>
      {sentBody !== undefined && merchantId !== undefined && webhookId !== undefined && may("merchants:read") && (
        <Container header={<Header variant="h2">{texts.verify.title}</Header>}>
          <VerifySignature merchantId={merchantId} webhookId={webhookId} body={sentBody} />
        </Container>
      )}
    </SpaceBetween>
  );
}
