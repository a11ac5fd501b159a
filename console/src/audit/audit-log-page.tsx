/** Who did what to what and when, and what it was before and after: the newest first. */
import { type ReactNode, useEffect, useMemo, useState } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TableProps } from "@cloudscape-design/components/table";
import type { Api, Schemas } from "../api/api.ts";
import { pageQuery, pageWithItems } from "../api/pages.ts";
import { followHere, goTo, usePlace } from "../routing/location.ts";
import { auditLogPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { Instant } from "../shown/instant.tsx";
import { PagedTable, usePages } from "../shown/paged-table.tsx";
import { RefreshButton } from "../shown/refresh-button.tsx";
import { TimeField } from "../shown/time-field.tsx";
import { useTexts } from "../texts/texts.tsx";
import { type AuditLogFilter, auditFilterIn, auditSearchOf, pathOfResource } from "./audit-log-filter.ts";

type Entry = Schemas["AuditEntry"];

/** Each day is a read. */
const USUAL_MS = 7 * 86_400_000;

export function AuditLogPage(): ReactNode {
  const texts = useTexts();
  const { auditLog: says } = texts;
  const { search } = usePlace();
  const filter = auditFilterIn(search);
  return (
    <SpaceBetween size="l">
      <title>{`${says.title} – ${texts.product}`}</title>
      <Header variant="h1" description={says.does}>
        {says.title}
      </Header>
      <Filters filter={filter} />
      <Entries filter={filter} />
    </SpaceBetween>
  );
}

function Filters({ filter }: { readonly filter: AuditLogFilter }): ReactNode {
  const { auditLog: says } = useTexts();
  const { access } = useSession();
  const { resource = "", actor = "", from, until } = filter;
  const [typed, setTyped] = useState({ resource, actor });
  useEffect(() => setTyped({ resource, actor }), [resource, actor]);
  const show = (more: Partial<Record<keyof AuditLogFilter, string | undefined>>): void =>
    goTo(auditLogPath(auditSearchOf({ ...filter, ...more })), { replace: true });
  const text = (name: "resource" | "actor"): ReactNode => (
    <Input
      value={typed[name]}
      spellcheck={false}
      autoComplete={false}
      disabled={name === "resource" && access?.merchantId !== undefined}
      onChange={({ detail }) => setTyped({ ...typed, [name]: detail.value })}
    />
  );
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        show({ resource: typed.resource.trim(), actor: typed.actor.trim() });
      }}
    >
      <Grid gridDefinition={COLUMNS}>
        <FormField label={says.resource} description={says.resourceNote}>
          {text("resource")}
        </FormField>
        <FormField
          label={says.actor}
          description={says.actorNote}
          secondaryControl={<Button formAction="submit">{says.show}</Button>}
        >
          {text("actor")}
        </FormField>
        <TimeField label={says.from} instant={from} onChange={(instant) => show({ from: instant })} />
        <TimeField label={says.until} instant={until} onChange={(instant) => show({ until: instant })} />
      </Grid>
    </form>
  );
}

const COLUMNS = [
  { colspan: { default: 12, xs: 6, m: 4 } },
  { colspan: { default: 12, xs: 6, m: 4 } },
  { colspan: { default: 12, xs: 6, m: 2 } },
  { colspan: { default: 12, xs: 6, m: 2 } },
];

function Entries({ filter }: { readonly filter: AuditLogFilter }): ReactNode {
  const { auditLog: says } = useTexts();
  const { api } = useSession();
  // The same for all pages: a cursor is of one filter.
  const [opened] = useState(Date.now);
  const from = filter.from ?? new Date(timeOf(filter.until, opened) - USUAL_MS).toISOString();
  const pages = usePages(["audit log", filter, from], (cursor, signal) =>
    readEntries(api, { ...filter, from }, cursor, signal),
  );
  const columns = useColumns();
  if (pages.error !== null) return <Failure error={pages.error} again={() => void pages.refetch()} />;
  return (
    <PagedTable
      pages={pages}
      header={
        <Header
          variant="h2"
          actions={<RefreshButton isReading={pages.isFetching} refresh={() => void pages.refetch()} />}
        >
          {says.entries}
        </Header>
      }
      ariaLabels={{ tableLabel: says.entries }}
      columnDefinitions={columns}
      trackBy="entryId"
    />
  );
}

function timeOf(instant: string | undefined, otherwiseMs: number): number {
  return instant === undefined ? otherwiseMs : Date.parse(instant);
}

/** Of whom there is little, pages may be empty and go on. */
function readEntries(api: Api, { until, ...others }: AuditLogFilter, cursor: string | undefined, signal: AbortSignal) {
  return pageWithItems((from) => {
    const query = { ...others, ...pageQuery(from), ...(until !== undefined && { to: until }) };
    return api.ask((client) => client.GET("/v1/audit-log", { params: { query }, signal }));
  }, cursor);
}

function useColumns(): TableProps.ColumnDefinition<Entry>[] {
  const { auditLog: says } = useTexts();
  return useMemo(
    () => [
      { id: "at", header: says.at, isRowHeader: true, cell: ({ at }) => <Instant at={at} /> },
      {
        id: "actor",
        header: says.actor,
        cell: ({ actor: { subject, clientId } }) => (
          <span className="id" title={says.client(clientId)}>
            {subject}
          </span>
        ),
      },
      { id: "action", header: says.action, cell: ({ action }) => <span className="id">{action}</span> },
      { id: "resource", header: says.resource, cell: ({ resource }) => <Resource resource={resource} /> },
      { id: "before", header: says.before, cell: ({ before }) => <Values values={before} label={says.before} /> },
      { id: "after", header: says.after, cell: ({ after }) => <Values values={after} label={says.after} /> },
    ],
    [says],
  );
}

function Resource({ resource }: Pick<Entry, "resource">): ReactNode {
  const path = pathOfResource(resource);
  const text = <span className="id">{resource}</span>;
  if (path === undefined) return text;
  return (
    <Link href={path} onFollow={followHere}>
      {text}
    </Link>
  );
}

function Values({ values, label }: { readonly values: Entry["after"]; readonly label: string }): ReactNode {
  if (values === undefined) return "–";
  return (
    <ul className="plain" aria-label={label}>
      {Object.entries(values).map(([name, value]) => (
        <li key={name} className="id">
          {`${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`}
        </li>
      ))}
    </ul>
  );
}
