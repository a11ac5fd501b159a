/** Each attempt with its result, its latency and the beginning of what came back. */
import { type ReactNode, useMemo } from "react";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { durationText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { outcomeText } from "./outcome.ts";
import { type Attempt, isGood, type Transaction } from "./timeline.ts";

export function Attempts({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { texts, language } = useSpoken();
  const { transaction: says } = texts;
  const newestFirst = transaction.attempts.toReversed();
  const hasChannels = newestFirst.some(({ channel }) => channel !== undefined);
  const columns = useMemo((): TableProps.ColumnDefinition<Attempt>[] => {
    const all: TableProps.ColumnDefinition<Attempt>[] = [
      { id: "at", header: says.attempt.at, cell: ({ at }) => <Instant at={at} />, isRowHeader: true },
      {
        id: "result",
        header: says.attempt.result,
        cell: ({ outcome }) => (
          <StatusIndicator type={isGood(outcome) ? "success" : "error"}>{outcomeText(outcome, texts)}</StatusIndicator>
        ),
      },
      { id: "channel", header: says.attempt.channel, cell: ({ channel }) => channel },
      { id: "status", header: says.attempt.status, cell: ({ status }) => status },
      { id: "latency", header: says.attempt.latency, cell: ({ durationMs }) => durationText(durationMs, language) },
      {
        id: "response",
        header: says.attempt.response,
        cell: ({ error, response }) => (
          <>
            {error !== undefined && <div className="id">{error}</div>}
            {response !== undefined && <code className="id">{response}</code>}
          </>
        ),
      },
    ];
    return all.filter(({ id }) => id !== "channel" || hasChannels);
  }, [says, texts, language, hasChannels]);
  return (
    <Table
      header={
        <Header variant="h2" description={says.attemptsNote} counter={`(${transaction.attemptCount})`}>
          {says.attempts}
        </Header>
      }
      ariaLabels={{ tableLabel: says.attempts }}
      columnDefinitions={columns}
      items={newestFirst}
      trackBy={({ at }) => at}
      wrapLines
      variant="container"
      empty={<Box textAlign="center">{says.noAttempts}</Box>}
    />
  );
}
