/** The path through the programs, hop by hop. X-Ray has a hop some seconds after it ended, so that one reads again. */
import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { Failure } from "../shown/failure.tsx";
import { durationText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { useSpoken, useTexts } from "../texts/texts.tsx";
import { depthsOf } from "./trace-depths.ts";
import type { Hop } from "./timeline.ts";
import { useTrace } from "./trace-read.ts";

const FAULTS: ReadonlySet<string> = new Set(["error", "fault", "throttle"]);

export function Trace({ transactionId }: { readonly transactionId: string }): ReactNode {
  const texts = useTexts();
  const { data, error, isFetching, refetch } = useTrace(transactionId);
  return (
    <SpaceBetween size="m">
      <Button loading={isFetching} onClick={() => void refetch()}>
        {texts.trace.read}
      </Button>
      {error !== null && <Failure error={error} />}
      {data?.explanation !== undefined && <Box>{data.explanation}</Box>}
      {data?.traces.map(({ traceId, hops, isComplete }) => (
        <SpaceBetween size="xs" key={traceId}>
          <Hops traceId={traceId} hops={hops} />
          {!isComplete && <StatusIndicator type="info">{texts.trace.incomplete}</StatusIndicator>}
        </SpaceBetween>
      ))}
    </SpaceBetween>
  );
}

function Hops({ traceId, hops }: { readonly traceId: string; readonly hops: readonly Hop[] }): ReactNode {
  const { texts, language } = useSpoken();
  const { trace: says } = texts;
  const depths = depthsOf(hops);
  const columns: TableProps.ColumnDefinition<Hop>[] = [
    {
      id: "hop",
      header: says.hop,
      isRowHeader: true,
      cell: ({ id, name, operation }) => (
        <span className={`depth-${depths.get(id) ?? 0}`}>{[name, operation].filter(Boolean).join(" ")}</span>
      ),
    },
    { id: "began", header: says.began, cell: ({ beganAt }) => <Instant at={beganAt} /> },
    {
      id: "duration",
      header: says.duration,
      cell: ({ durationMs, isOpen }) => (isOpen === true ? says.unfinished : durationText(durationMs, language)),
    },
    {
      id: "result",
      header: says.result,
      cell: ({ status, flags = [] }) => {
        const said = [status, ...flags].filter((one) => one !== undefined).join(" ");
        return flags.some((flag) => FAULTS.has(flag)) ? <StatusIndicator type="error">{said}</StatusIndicator> : said;
      },
    },
  ];
  return (
    <Table
      variant="embedded"
      header={<code>{traceId}</code>}
      ariaLabels={{ tableLabel: `${says.title} ${traceId}` }}
      columnDefinitions={columns}
      items={hops}
      trackBy="id"
      wrapLines
    />
  );
}
