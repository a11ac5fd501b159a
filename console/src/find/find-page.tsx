/** The first page: an id, and what it finds. What was looked for stands in the address. */
import { type ReactNode, useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { findPath, merchantPath, transactionPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import type { Texts } from "../texts/en.ts";
import { useTexts } from "../texts/texts.tsx";
import { type Finding, type Found, find } from "./find.ts";

export function FindPage(): ReactNode {
  const texts = useTexts();
  const { search } = usePlace();
  const wanted = search.get("q") ?? "";
  const [typed, setTyped] = useState(wanted);
  useEffect(() => setTyped(wanted), [wanted]);
  return (
    <SpaceBetween size="l">
      <title>{`${texts.find.title} – ${texts.product}`}</title>
      <Header variant="h1" description={texts.find.does}>
        {texts.find.title}
      </Header>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          goTo(findPath(typed.trim()));
        }}
      >
        <FormField
          label={texts.find.label}
          stretch
          secondaryControl={<Button formAction="submit">{texts.find.button}</Button>}
        >
          <Input
            type="search"
            autoFocus
            spellcheck={false}
            autoComplete={false}
            value={typed}
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
      </form>
      {wanted !== "" && <Findings wanted={wanted} />}
    </SpaceBetween>
  );
}

function Findings({ wanted }: { readonly wanted: string }): ReactNode {
  const texts = useTexts();
  const { api, access, may } = useSession();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["find", wanted],
    queryFn: ({ signal }) => find(api, may, wanted, signal),
    enabled: access !== undefined,
  });
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  return (
    <div role="status">
      {isPending && <StatusIndicator type="loading">{texts.reading}</StatusIndicator>}
      {data !== undefined && (
        <SpaceBetween size="s">
          <Box variant="p">{foundText(data, wanted, texts)}</Box>
          {data.findings.map((finding) => (
            <div key={`${finding.kind} ${finding.id}`}>
              <Box variant="awsui-key-label">{texts.find[finding.kind]}</Box>
              <Link href={pathOf(finding)} onFollow={followHere} fontSize="heading-m">
                <span className="id">{finding.id}</span>
              </Link>
            </div>
          ))}
        </SpaceBetween>
      )}
    </div>
  );
}

function foundText({ findings, isMore }: Found, wanted: string, { find: says }: Texts): string {
  if (isMore) return says.foundMore(findings.length);
  return findings.length === 0 ? says.nothing(wanted) : says.found(findings.length);
}

function pathOf({ kind, id }: Finding): string {
  return kind === "transaction" ? transactionPath(id) : merchantPath(id);
}
