/** The public keys that a merchant's webhooks are signed with. */
import { type ReactNode, useMemo } from "react";
import { useQuery } from "@tanstack/react-query";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { Schemas } from "../api/api.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { useTexts } from "../texts/texts.tsx";
import { merchantKey, readKeys } from "./merchant-reads.ts";

type Key = Schemas["MerchantKeys"]["keys"][number];

export function MerchantKeys({ merchantId }: { readonly merchantId: string }): ReactNode {
  const texts = useTexts();
  const { merchant: says } = texts;
  const { api } = useSession();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: merchantKey(merchantId, "keys"),
    queryFn: ({ signal }) => readKeys(api, merchantId, signal),
  });
  const columns = useMemo(
    (): TableProps.ColumnDefinition<Key>[] => [
      { id: "kid", header: says.kid, cell: ({ kid }) => <code className="id">{kid}</code>, isRowHeader: true },
      { id: "x", header: says.publicKey, cell: ({ x }) => <code className="id">{publicKeyText(x)}</code> },
    ],
    [says],
  );
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  return (
    <Table
      header={<Header variant="h2">{says.keys}</Header>}
      ariaLabels={{ tableLabel: says.keys }}
      columnDefinitions={columns}
      items={data?.keys ?? []}
      trackBy="kid"
      wrapLines
      loading={isPending}
      loadingText={texts.reading}
    />
  );
}

/** As verifiers take it. @param x of the JSON Web Key, base64url */
function publicKeyText(x: string): string {
  return `whpk_${x.replaceAll("-", "+").replaceAll("_", "/")}=`;
}
