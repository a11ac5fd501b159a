/** What both systems confirmed of a merchant, counted page after page, and switching it over. */
import { type ReactNode, useEffect, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { cutoverPath, transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { Instant } from "../shown/instant.tsx";
import { instantIn } from "../shown/local-time.ts";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { TimeField } from "../shown/time-field.tsx";
import { useSpoken } from "../texts/texts.tsx";
import {
  type AddedUp,
  addedUp,
  ASKS,
  COUNTS,
  type CutoverFilter,
  type CutoverPart,
  readCutover,
} from "./cutover-reads.ts";
import { SwitchMerchant } from "./switch-merchant.tsx";

/** Each counts some hundred; beyond them a person says that it is to go on. */
const PAGES_BY_ITSELF = 40;
const COLUMNS = 3;
const TIMES = [{ colspan: { default: 12, xs: 6, m: 3 } }, { colspan: { default: 12, xs: 6, m: 3 } }];

export function MerchantCutover({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { texts, language } = useSpoken();
  const { cutover: says } = texts;
  const { api, access, may } = useSession();
  const { search } = usePlace();
  const filter: CutoverFilter = { from: instantIn(search.get("from")), until: instantIn(search.get("until")) };
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["cutover", merchantId, filter],
    queryFn: ({ pageParam, signal }) => readCutover(api, merchantId, filter, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const [isSwitching, setSwitching] = useState(false);
  const goesOn = hasNextPage && error === null && (data?.pages.length ?? 0) < PAGES_BY_ITSELF;
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [goesOn, isFetching, fetchNextPage]);
  const [first] = data?.pages ?? [];
  const show = (changed: CutoverFilter): void => goTo(pathOf(merchantId, { ...filter, ...changed }), { replace: true });
  const switches = first !== undefined && may("merchants:write") && access?.merchantId === undefined;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RefreshButton isReading={isFetching} refresh={() => void refetch()} />
            {switches && <Button onClick={() => setSwitching(true)}>{says.switch}</Button>}
          </SpaceBetween>
        }
      >
        <span className="id">{says.of(merchantId)}</span>
      </Header>
      <Grid gridDefinition={TIMES}>
        <TimeField label={says.from} instant={filter.from} onChange={(from) => show({ from })} />
        <TimeField label={says.until} instant={filter.until} onChange={(until) => show({ until })} />
      </Grid>
      {error !== null && <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {first !== undefined && (
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{says.who}</Header>}>
            <Switches part={first} />
          </Container>
          <Container
            header={
              <Header
                variant="h2"
                description={says.countsNote}
                {...(hasNextPage && {
                  actions: goesOn ? (
                    <StatusIndicator type="in-progress">{texts.failed.counting}</StatusIndicator>
                  ) : (
                    <Button loading={isFetching} onClick={() => void fetchNextPage()}>
                      {says.goOn}
                    </Button>
                  ),
                })}
              >
                {says.countsTitle}
              </Header>
            }
          >
            <Counts sum={addedUp(data?.pages ?? [])} isWhole={!hasNextPage} />
          </Container>
          {first.unknownHere !== undefined && first.unknownHere.count > 0 && (
            <Alert type="warning" header={says.unknownHere}>
              {first.unknownHere.isMore
                ? texts.failed.atLeast(numberText(first.unknownHere.count, language))
                : numberText(first.unknownHere.count, language)}
              {`: ${first.unknownHere.examples.join(", ")}`}
            </Alert>
          )}
        </SpaceBetween>
      )}
      {isSwitching && first !== undefined && (
        <SwitchMerchant
          merchantId={merchantId}
          mode={first.mode}
          onClose={() => setSwitching(false)}
          onDone={() => void refetch()}
        />
      )}
    </SpaceBetween>
  );
}

function Switches({ part: { mode, switches = [] } }: { readonly part: CutoverPart }): ReactNode {
  const { texts } = useSpoken();
  const { cutover: says } = texts;
  return (
    <KeyValuePairs
      columns={COLUMNS}
      items={[
        { label: says.mode, value: says.modes[mode] },
        ...switches.flatMap((one) =>
          one.from === undefined ? [] : [{ label: says.modes[one.mode], value: <Instant at={one.from} /> }],
        ),
      ]}
    />
  );
}

function Counts({ sum, isWhole }: { readonly sum: AddedUp; readonly isWhole: boolean }): ReactNode {
  const { texts, language } = useSpoken();
  const { cutover: says } = texts;
  const shown = (value: number): string => {
    const text = numberText(value, language);
    return isWhole ? text : texts.failed.atLeast(text);
  };
  const asked = ASKS.filter((name) => sum.examples[name].length > 0);
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={COLUMNS}
        items={[...COUNTS, ...ASKS.filter((name) => !COUNTS.some((one) => one === name))].map((name) => ({
          label: says.counts[name],
          value: shown(sum.counts[name]),
        }))}
      />
      {asked.length > 0 && (
        <KeyValuePairs
          columns={1}
          items={asked.map((name) => ({
            label: says.examples(says.counts[name]),
            value: (
              <ul className="plain">
                {sum.examples[name].map((id) => (
                  <li key={id}>
                    <Link href={transactionPath(id)} onFollow={followHere}>
                      <span className="id">{id}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            ),
          }))}
        />
      )}
    </SpaceBetween>
  );
}

function pathOf(merchantId: string, { from, until }: CutoverFilter): string {
  const search = new URLSearchParams({
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  });
  return search.size === 0 ? cutoverPath(merchantId) : `${cutoverPath(merchantId)}?${search.toString()}`;
}
