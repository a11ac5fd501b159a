/** Merchants that are cut over from an old system: who confirms for each, and of one what both systems confirmed. */
import type { ReactNode } from "react";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import type { Schemas } from "../api/api.ts";
import { pageQuery } from "../api/pages.ts";
import { followHere } from "../routing/location.ts";
import { cutoverPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { useTexts } from "../texts/texts.tsx";
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
  const pages = usePages(["cutover"], (cursor, signal) =>
    api.ask((client) => client.GET("/v1/merchants", { params: { query: pageQuery(cursor) }, signal })),
  );
  if (pages.error !== null)
    return (
      <>
        <Header variant="h1">{says.title}</Header>
        <Failure error={pages.error} again={() => void pages.refetch()} />
      </>
    );
  return (
    <PagedTable
      pages={pages}
      header={
        <Header
          variant="h1"
          description={says.does}
          actions={<RefreshButton isReading={pages.isFetching} refresh={() => void pages.refetch()} />}
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
      trackBy="merchantId"
    />
  );
}
