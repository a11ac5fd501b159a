/** How calls of a merchant went over the last hours: success and latency, and of how many transactions that is. */
import { type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { percentInTenths } from "../../../core/dashboard/show.ts";
import { goTo, usePlace } from "../routing/location.ts";
import { useSession } from "../session/session.tsx";
import { Chart } from "../shown/chart.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { HOURS, hoursOf, merchantKey, type Performance, placeWith, readPerformance } from "./merchant-reads.ts";
import { allCalls, latencyDrawing, successDrawing } from "./performance-series.ts";

export function MerchantPerformance({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { texts } = useSpoken();
  const { performance: says } = texts;
  const { api } = useSession();
  const { search } = usePlace();
  const hours = hoursOf(search.get("hours"));
  const { data, error, isPending, refetch } = useQuery({
    queryKey: merchantKey(merchantId, "performance", String(hours)),
    queryFn: ({ signal }) => readPerformance(api, merchantId, hours, signal),
  });
  return (
    <SpaceBetween size="m">
      <SegmentedControl
        label={says.hoursLabel}
        selectedId={String(hours)}
        options={HOURS.map((count) => ({ id: String(count), text: says.hours(count) }))}
        onChange={({ detail }) => {
          goTo(placeWith(merchantId, search, "hours", detail.selectedId), { replace: true });
        }}
      />
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {isPending && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && <Calls performance={data} />}
    </SpaceBetween>
  );
}

function Calls({ performance }: { readonly performance: Performance }): ReactNode {
  const { texts, language } = useSpoken();
  const { performance: says } = texts;
  const { attempts, succeeded, percent, failures } = allCalls(performance);
  const { basis, transactions, from, to } = performance;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <SpaceBetween size="m">
      <Box variant="p">
        {says.covers[basis](transactions)} {says.from} <Instant at={from} /> {says.to} <Instant at={to} />. {says.kept}
      </Box>
      {percent === undefined ? (
        <Box variant="p">{says.none}</Box>
      ) : (
        <>
          <Box variant="p">
            {says.all(number.format(succeeded), number.format(attempts), number.format(percentInTenths(percent)))}{" "}
            {failures.length > 0 &&
              says.failed(failures.map(({ outcome, attempts: failed }) => `${outcome} ${failed}`).join(", "))}
          </Box>
          <ColumnLayout columns={2}>
            <div>
              <Box variant="h3">{says.success}</Box>
              <Chart title={says.success} {...successDrawing(performance, says)} />
            </div>
            <div>
              <Box variant="h3">{says.latency}</Box>
              <Chart title={says.latency} {...latencyDrawing(performance, says)} />
            </div>
          </ColumnLayout>
        </>
      )}
    </SpaceBetween>
  );
}
