/** Merchants that are cut over from an old system: who confirms for each, and of one what both systems confirmed. */
import type { ReactNode } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import type { Schemas } from "../api/api.ts";
import { followHere } from "../routing/location.ts";
import { cutoverPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { NoneShown } from "../shown/none-shown.tsx";
import { useTexts } from "../texts/texts.tsx";
import { PAGE_ITEMS } from "./cutover-reads.ts";
import { MerchantCutover } from "./merchant-cutover.tsx";

export function CutoverPage({ merchantId }: { readonly merchantId: string | undefined }): ReactNode {
  const texts = useTexts();
  const { cutover: says } = texts;
  return (
    <>
      <title>{`${merchantId ?? says.title} – ${texts.product}`}</title>
      {merchantId === undefined ? <AllMerchants /> : <MerchantCutover merchantId={merchantId} />}
    </>
  );
}

type Merchant = Schemas["MerchantPage"]["items"][number];

function AllMerchants(): ReactNode {
  const texts = useTexts();
  const { cutover: says } = texts;
  const { api } = useSession();
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: ["cutover"],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE_ITEMS, ...(pageParam !== "" && { cursor: pageParam }) };
      return api.ask((client) => client.GET("/v1/merchants", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  if (error !== null)
    return (
      <>
        <Header variant="h1">{says.title}</Header>
        <Failure error={error} again={() => void refetch()} />
      </>
    );
  return (
    <Table
      header={
        <Header
          variant="h1"
          description={says.does}
          actions={
            <Button
              iconName="refresh"
              loading={isFetching}
              ariaLabel={texts.jobs.refresh}
              onClick={() => void refetch()}
            />
          }
        >
          {says.title}
        </Header>
      }
      ariaLabels={{ tableLabel: says.title }}
      columnDefinitions={[
        {
          id: "merchant",
          header: says.merchant,
          isRowHeader: true,
          cell: ({ merchantId }: Merchant) => (
            <Link href={cutoverPath(merchantId)} onFollow={followHere}>
              <span className="id">{merchantId}</span>
            </Link>
          ),
        },
        { id: "mode", header: says.mode, cell: ({ mode }) => says.modes[mode] },
        { id: "from", header: says.liveFrom, cell: ({ liveFrom }) => liveFrom && <Instant at={liveFrom} /> },
        { id: "until", header: says.liveUntil, cell: ({ liveUntil }) => liveUntil && <Instant at={liveUntil} /> },
      ]}
      items={data?.pages.flatMap(({ items }) => items) ?? []}
      trackBy="merchantId"
      wrapLines
      loading={isFetching && data === undefined}
      loadingText={texts.reading}
      empty={<NoneShown hasMore={hasNextPage} />}
      footer={
        hasNextPage && (
          <Box textAlign="center">
            <Button loading={isFetching} onClick={() => void fetchNextPage()}>
              {texts.merchant.more}
            </Button>
          </Box>
        )
      }
    />
  );
}
