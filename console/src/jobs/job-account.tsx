/** The counts of a job: a total, the parts that add up to it, and how much of it is over. */
import type { ReactNode } from "react";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { numberText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import type { Account, ShownJob } from "./shown-job.ts";

const COLUMNS = 4;

export function JobAccount({ job }: { readonly job: ShownJob }): ReactNode {
  const { texts, language } = useSpoken();
  const { jobs: says } = texts;
  const { account, progress } = job;
  const { skippedBy = {} } = account;
  const why = Object.entries(skippedBy).map(([reason, many]) => `${reason}: ${numberText(many, language)}`);
  return (
    <SpaceBetween size="l">
      {progress !== undefined && <ProgressBar value={progress} label={says.progress} />}
      <KeyValuePairs
        columns={COLUMNS}
        items={[
          { label: says.totals[account.name], value: numberText(account.total, language) },
          ...account.parts.map(([part, many]) => ({
            label: says.parts[part],
            value: [numberText(many, language), ...(part === "skipped" ? why : [])].join(", "),
          })),
        ]}
      />
    </SpaceBetween>
  );
}

/** In one line, for lists. */
export function AccountLine({ account }: { readonly account: Account }): ReactNode {
  const { texts, language } = useSpoken();
  const { jobs: says } = texts;
  const parts = account.parts.map(([part, many]) => `${says.parts[part]} ${numberText(many, language)}`);
  return `${says.totals[account.name]} ${numberText(account.total, language)}: ${parts.join(", ")}`;
}
