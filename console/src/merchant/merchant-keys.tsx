/** The public keys that a merchant's webhooks are signed with, and new ones: made, or brought along. */
import { type ReactNode, Suspense, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import type { Schemas } from "../api/api.ts";
import { useSession } from "../session/session.tsx";
import { loadable } from "../shown/loadable.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { useTexts } from "../texts/texts.tsx";
import { type Merchant, merchantKey, readKeys } from "./merchant-reads.ts";

type Key = Schemas["MerchantKeys"]["keys"][number];

const RotateKeys = loadable(async () => (await import("./settings/change-keys.tsx")).RotateKeys);
const ImportSecret = loadable(async () => (await import("./settings/change-keys.tsx")).ImportSecret);

export interface MerchantKeysProps {
  readonly merchant: Merchant;
  readonly onChanged: () => void;
}

export function MerchantKeys({ merchant, onChanged }: MerchantKeysProps): ReactNode {
  const texts = useTexts();
  const { merchant: says } = texts;
  const { api, may } = useSession();
  const [open, setOpen] = useState<"rotate" | "import">();
  const { merchantId } = merchant;
  const dialog = { merchant, onChanged, onClose: () => setOpen(undefined) };
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
    <>
      <Table
        header={
          <Header
            variant="h2"
            {...(data?.previousKeyUntil !== undefined && {
              description: (
                <>
                  {says.previousKeyUntil}: <Instant at={data.previousKeyUntil} />
                </>
              ),
            })}
            actions={
              may("merchants:secrets") && (
                <SpaceBetween direction="horizontal" size="xs">
                  <Button onClick={() => setOpen("rotate")}>{texts.settings.keys.rotate.button}</Button>
                  <Button onClick={() => setOpen("import")}>{texts.settings.keys.import.button}</Button>
                </SpaceBetween>
              )
            }
          >
            {says.keys}
          </Header>
        }
        ariaLabels={{ tableLabel: says.keys }}
        columnDefinitions={columns}
        items={data?.keys ?? []}
        trackBy="kid"
        wrapLines
        loading={isPending}
        loadingText={texts.reading}
      />
      <Suspense>
        {open === "rotate" && <RotateKeys {...dialog} />}
        {open === "import" && <ImportSecret {...dialog} />}
      </Suspense>
    </>
  );
}

/** As verifiers take it. @param x of the JSON Web Key, base64url */
function publicKeyText(x: string): string {
  return `whpk_${x.replaceAll("-", "+").replaceAll("_", "/")}=`;
}
