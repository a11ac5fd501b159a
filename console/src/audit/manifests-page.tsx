/** Signed manifests of a merchant's days: which there are, their files, and whether files that one has are those. */
import { type ReactNode, useEffect, useState } from "react";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { goTo, usePlace } from "../routing/location.ts";
import { manifestsPath } from "../routing/routes.ts";
import { pageQuery } from "../api/pages.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
import { useSpoken, useTexts } from "../texts/texts.tsx";
import { VerifyManifests } from "./verify-manifests.tsx";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

interface Place {
  readonly merchantId: string;
  /** UTC. */
  readonly day: string | undefined;
}

export function ManifestsPage(): ReactNode {
  const texts = useTexts();
  const { manifests: says } = texts;
  const { access, may } = useSession();
  const { search } = usePlace();
  const merchantId = access?.merchantId ?? search.get("merchant") ?? "";
  const given = search.get("day") ?? "";
  const day = DAY.test(given) ? given : undefined;
  return (
    <SpaceBetween size="l">
      <title>{`${says.title} – ${texts.product}`}</title>
      <Header variant="h1" description={says.does}>
        {says.title}
      </Header>
      <Whose merchantId={merchantId} isOwn={access?.merchantId !== undefined} />
      {access !== undefined && merchantId !== "" && (
        <SpaceBetween size="l">
          <Days merchantId={merchantId} day={day} />
          {day !== undefined && <Files key={`${merchantId} ${day}`} merchantId={merchantId} day={day} />}
          {may("merchants:read") && (
            <Container
              header={
                <Header variant="h2" description={says.verifyDoes}>
                  {says.verify}
                </Header>
              }
            >
              <VerifyManifests key={merchantId} merchantId={merchantId} />
            </Container>
          )}
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Whose({ merchantId, isOwn }: { readonly merchantId: string; readonly isOwn: boolean }): ReactNode {
  const { manifests: says } = useTexts();
  const [typed, setTyped] = useState(merchantId);
  useEffect(() => setTyped(merchantId), [merchantId]);
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        show({ merchantId: typed.trim(), day: undefined });
      }}
    >
      <FormField label={says.merchant} secondaryControl={<Button formAction="submit">{says.show}</Button>}>
        <Input
          value={typed}
          disabled={isOwn}
          spellcheck={false}
          autoComplete={false}
          onChange={({ detail }) => setTyped(detail.value)}
        />
      </FormField>
    </form>
  );
}

function Days({ merchantId, day: shown }: Place): ReactNode {
  const texts = useTexts();
  const { manifests: says } = texts;
  const { api } = useSession();
  const pages = usePages(["manifests", merchantId], (cursor, signal) => {
    const params = { path: { merchantId }, query: pageQuery(cursor) };
    return api.ask((client) => client.GET("/v1/merchants/{merchantId}/manifests", { params, signal }));
  });
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  return (
    <PagedTable
      pages={pages}
      header={
        <Header variant="h2" description={says.daysNote}>
          {says.days}
        </Header>
      }
      ariaLabels={{ tableLabel: says.days }}
      columnDefinitions={[
        {
          id: "day",
          header: says.day,
          isRowHeader: true,
          cell: ({ day }: { readonly day: string }) => (
            <Link
              href={pathOf({ merchantId, day })}
              onFollow={(event) => {
                event.preventDefault();
                show({ merchantId, day });
              }}
            >
              {day === shown ? <strong>{day}</strong> : day}
            </Link>
          ),
        },
      ]}
      trackBy="day"
    />
  );
}

function Files({ merchantId, day }: { readonly merchantId: string; readonly day: string }): ReactNode {
  const { texts, language } = useSpoken();
  const { manifests: says } = texts;
  const { api } = useSession();
  const pages = usePages(
    ["manifests", merchantId, day],
    (cursor, signal) => {
      const params = { path: { merchantId, day }, query: pageQuery(cursor) };
      return api.ask((client) => client.GET("/v1/merchants/{merchantId}/manifests/{day}", { params, signal }));
    },
    ADDRESSES_HOLD_MS,
  );
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  return (
    <PagedTable
      pages={pages}
      header={
        <Header variant="h2" description={says.filesNote}>
          {says.files(day)}
        </Header>
      }
      ariaLabels={{ tableLabel: says.files(day) }}
      columnDefinitions={[
        {
          id: "name",
          header: says.file,
          isRowHeader: true,
          cell: ({ name, url }: { readonly name: string; readonly url: string; readonly bytes: number }) => (
            <Link href={url} external>
              <span className="id">{name}</span>
            </Link>
          ),
        },
        { id: "bytes", header: says.bytes, cell: ({ bytes }) => numberText(bytes, language) },
      ]}
      trackBy="name"
    />
  );
}

/** Of the addresses of files, which hold for five minutes. */
const ADDRESSES_HOLD_MS = 240_000;

function pathOf({ merchantId, day }: Place): string {
  return manifestsPath(
    new URLSearchParams({
      ...(merchantId !== "" && { merchant: merchantId }),
      ...(day !== undefined && { day }),
    }),
  );
}

function show(place: Place): void {
  goTo(pathOf(place), { replace: true });
}
