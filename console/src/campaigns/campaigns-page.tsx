/** What became of each campaign: totals of its label, and of one label by channel. The times stand in the address. */
import { type ReactNode, useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { Schemas } from "../api/api.ts";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { campaignPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { instantIn } from "../shown/local-time.ts";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { TimeField } from "../shown/time-field.tsx";
import { useSpoken, useTexts } from "../texts/texts.tsx";

type Counts = Pick<Schemas["CampaignTotals"], "sent" | "delivered" | "failed" | "acknowledged">;

interface Row extends Counts {
  /** A label, or a channel. */
  readonly name: string;
}

interface Times {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

const NUMBERS = ["sent", "delivered", "failed", "acknowledged"] as const satisfies readonly (keyof Counts)[];
const TIMES = [{ colspan: { default: 12, xs: 6, m: 3 } }, { colspan: { default: 12, xs: 6, m: 3 } }];

export function CampaignsPage({ label }: { readonly label: string | undefined }): ReactNode {
  const texts = useTexts();
  const { campaigns: says } = texts;
  const { search } = usePlace();
  const times: Times = { from: instantIn(search.get("from")), until: instantIn(search.get("until")) };
  const title = label === undefined ? says.title : says.of(label);
  const show = (changed: Times): void =>
    goTo(campaignPath(label, searchOf({ ...times, ...changed })), { replace: true });
  return (
    <SpaceBetween size="l">
      <title>{`${title} – ${texts.product}`}</title>
      <Header variant="h1" description={says.does}>
        <span className="id">{title}</span>
      </Header>
      <Grid gridDefinition={TIMES}>
        <TimeField label={says.from} instant={times.from} onChange={(from) => show({ from })} />
        <TimeField label={says.until} instant={times.until} onChange={(until) => show({ until })} />
      </Grid>
      <CountsOf label={label} times={times} />
    </SpaceBetween>
  );
}

function CountsOf({ label, times }: { readonly label: string | undefined; readonly times: Times }): ReactNode {
  const texts = useTexts();
  const { campaigns: says } = texts;
  const { api } = useSession();
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["campaigns", label, times],
    async queryFn({ signal }): Promise<readonly Row[]> {
      const query = {
        ...(times.from !== undefined && { from: times.from }),
        ...(times.until !== undefined && { to: times.until }),
      };
      if (label === undefined) {
        const { items } = await api.ask((client) => client.GET("/v1/campaigns", { params: { query }, signal }));
        return items.map((one) => ({ ...one, name: one.label }));
      }
      const params = { path: { label }, query };
      const one = await api.ask((client) => client.GET("/v1/campaigns/{label}", { params, signal }));
      return one.channels.map((channel) => ({ ...channel, name: channel.channel }));
    },
  });
  const columns = useColumns(label, times);
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  const title = label === undefined ? says.labels : says.channels;
  return (
    <Table
      header={
        <Header
          variant="h2"
          description={says.note}
          actions={<RefreshButton isReading={isFetching} refresh={() => void refetch()} />}
        >
          {title}
        </Header>
      }
      ariaLabels={{ tableLabel: title }}
      columnDefinitions={columns}
      items={data ?? []}
      trackBy="name"
      wrapLines
      loading={data === undefined}
      loadingText={texts.reading}
      empty={<Box textAlign="center">{says.none}</Box>}
    />
  );
}

function useColumns(label: string | undefined, times: Times): TableProps.ColumnDefinition<Row>[] {
  const { texts, language } = useSpoken();
  const { campaigns: says } = texts;
  return useMemo(
    () => [
      {
        id: "name",
        header: label === undefined ? says.label : says.channel,
        isRowHeader: true,
        cell: ({ name }) =>
          label === undefined ? (
            <Link href={campaignPath(name, searchOf(times))} onFollow={followHere}>
              <span className="id">{name}</span>
            </Link>
          ) : (
            name
          ),
      },
      ...NUMBERS.map((number) => ({
        id: number,
        header: says.counts[number],
        cell: (row: Row) => numberText(row[number], language),
      })),
    ],
    [says, language, label, times],
  );
}

function searchOf({ from, until }: Times): URLSearchParams {
  return new URLSearchParams({
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  });
}
