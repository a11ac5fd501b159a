/** What failed of a merchant: how many by reason and fault, which ones, and sending them again. */
import { type ReactNode, useEffect, useState } from "react";
import Button from "@cloudscape-design/components/button";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { goTo, usePlace } from "../routing/location.ts";
import { failedPath } from "../routing/routes.ts";
import { useSession } from "../session/session.tsx";
import { TimeField } from "../shown/time-field.tsx";
import { useTexts } from "../texts/texts.tsx";
import { FailedCounts } from "./failed-counts.tsx";
import { FailedList } from "./failed-list.tsx";
import { type FailedFilter, FAULTS, filterIn, REASONS, searchOf } from "./failed-filter.ts";

export function FailedPage(): ReactNode {
  const texts = useTexts();
  const { failed: says } = texts;
  const { access } = useSession();
  const { search } = usePlace();
  const filter = filterIn(search, access?.merchantId);
  const key = searchOf(filter).toString();
  return (
    <SpaceBetween size="l">
      <title>{`${says.title} – ${texts.product}`}</title>
      <Header variant="h1" description={says.does}>
        {says.title}
      </Header>
      <Filters filter={filter} own={access?.merchantId} />
      {access !== undefined && filter.merchantId === undefined && <Box>{says.whose}</Box>}
      {access !== undefined && filter.merchantId !== undefined && (
        <SpaceBetween size="l">
          <FailedCounts filter={filter} onChosen={(changed) => show({ ...filter, ...changed })} />
          <FailedList key={key} filter={filter} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

const ALL = "all";

interface FiltersProps {
  readonly filter: FailedFilter;
  /** Merchant of a token that is narrowed to it. */
  readonly own: string | undefined;
}

function Filters({ filter, own }: FiltersProps): ReactNode {
  const { failed: says } = useTexts();
  const { merchantId = "", reason, fault, from, until } = filter;
  const [typed, setTyped] = useState(merchantId);
  useEffect(() => setTyped(merchantId), [merchantId]);
  const changed = (more: Partial<Record<keyof FailedFilter, string | undefined>>): void =>
    show({ ...filter, ...more } as FailedFilter);
  const reasons = [{ value: ALL, label: says.allReasons }, ...REASONS.map((value) => ({ value, label: value }))];
  const faults = [
    { value: ALL, label: says.allFaults },
    ...FAULTS.map((value) => ({ value, label: says.faults[value] })),
  ];
  const chosenIn = (options: readonly { readonly value: string; readonly label: string }[], value = ALL) =>
    options.find((one) => one.value === value) ?? null;
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        changed({ merchantId: typed.trim() });
      }}
    >
      <Grid gridDefinition={COLUMNS}>
        <FormField label={says.merchant} secondaryControl={<Button formAction="submit">{says.show}</Button>}>
          <Input
            value={typed}
            disabled={own !== undefined}
            spellcheck={false}
            autoComplete={false}
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
        <FormField label={says.reason}>
          <Select
            selectedOption={chosenIn(reasons, reason)}
            options={reasons}
            filteringType="auto"
            onChange={({ detail: { selectedOption } }) => changed({ reason: chosen(selectedOption.value) })}
          />
        </FormField>
        <FormField label={says.fault}>
          <Select
            selectedOption={chosenIn(faults, fault)}
            options={faults}
            onChange={({ detail: { selectedOption } }) => changed({ fault: chosen(selectedOption.value) })}
          />
        </FormField>
        <TimeField label={says.from} instant={from} onChange={(instant) => changed({ from: instant })} />
        <TimeField label={says.until} instant={until} onChange={(instant) => changed({ until: instant })} />
      </Grid>
    </form>
  );
}

const COLUMNS = [
  { colspan: { default: 12, xs: 6, m: 4 } },
  { colspan: { default: 12, xs: 6, m: 2 } },
  { colspan: { default: 12, xs: 4, m: 2 } },
  { colspan: { default: 12, xs: 4, m: 2 } },
  { colspan: { default: 12, xs: 4, m: 2 } },
];

function chosen(value: string | undefined): string | undefined {
  return value === ALL ? undefined : value;
}

function show(filter: FailedFilter): void {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ""));
  goTo(failedPath(searchOf(given)), { replace: true });
}
