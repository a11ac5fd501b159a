/** New keys for a merchant: made by the pipeline, or brought along. Those before sign too for a while. */
import { type ReactNode, useState } from "react";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { faultAt } from "../../api/refusal.ts";
import { useSession } from "../../session/session.tsx";
import { Ask } from "../../shown/ask.tsx";
import { useTexts } from "../../texts/texts.tsx";
import { importSecret, rotate } from "./settings-acts.ts";
import type { ChangeProps } from "./settings-props.ts";
import { typedNumber } from "./typed.ts";

const DEFAULT_OVERLAP = "24";

export function RotateKeys({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { keys: says } = settings;
  const { api } = useSession();
  const overlap = useOverlap(merchant.previousKeyUntil);
  return (
    <Ask
      title={says.rotate.title(merchant.merchantId)}
      says={says.rotate.says(merchant.merchantId, overlap.hours)}
      isGrave
      confirm={says.rotate.button}
      failed={says.notChanged}
      fields={["/overlapHours"]}
      act={() => rotate(api, merchant.merchantId, overlap.body)}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error }) => <OverlapFields overlap={overlap} fault={faultAt(error, "/overlapHours")} />}
    </Ask>
  );
}

export function ImportSecret({ merchant, onChanged, onClose }: ChangeProps): ReactNode {
  const { settings } = useTexts();
  const { keys: says } = settings;
  const { api } = useSession();
  const [secret, setSecret] = useState("");
  const overlap = useOverlap(merchant.previousKeyUntil);
  const isMissing = secret.trim() === "";
  return (
    <Ask
      title={says.import.title(merchant.merchantId)}
      says={says.import.says(overlap.hours)}
      isGrave
      confirm={says.import.button}
      failed={says.notChanged}
      fields={["/secret", "/overlapHours"]}
      isMissing={isMissing}
      act={() => importSecret(api, merchant.merchantId, { secret: secret.trim(), ...overlap.body })}
      onClose={onClose}
      onDone={onChanged}
    >
      {({ error, isAsked }) => {
        const fault = isAsked && isMissing ? settings.missing : faultAt(error, "/secret");
        return (
          <SpaceBetween size="s">
            <FormField
              label={says.import.secret}
              description={says.import.note}
              {...(fault !== undefined && { errorText: fault })}
            >
              <Input
                type="password"
                autoFocus
                autoComplete={false}
                value={secret}
                onChange={({ detail }) => setSecret(detail.value)}
              />
            </FormField>
            <OverlapFields overlap={overlap} fault={faultAt(error, "/overlapHours")} />
          </SpaceBetween>
        );
      }}
    </Ask>
  );
}

interface Overlap {
  /** As it is typed. */
  readonly typed: string;
  /** As it is said. */
  readonly hours: string;
  readonly setHours: (hours: string) => void;
  /** An earlier overlap is not over, and would end at once. */
  readonly until: string | undefined;
  readonly isForced: boolean;
  readonly setForced: (isForced: boolean) => void;
  readonly body: { readonly overlapHours?: number; readonly force?: boolean };
}

function useOverlap(previousKeyUntil: string | undefined): Overlap {
  const [hours, setHours] = useState(DEFAULT_OVERLAP);
  const [isForced, setForced] = useState(false);
  const [now] = useState(() => Date.now());
  const until = previousKeyUntil !== undefined && Date.parse(previousKeyUntil) > now ? previousKeyUntil : undefined;
  const overlapHours = typedNumber(hours);
  const body = { ...(overlapHours !== null && { overlapHours }), ...(isForced && { force: true }) };
  return { typed: hours, hours: hours.trim() || DEFAULT_OVERLAP, setHours, until, isForced, setForced, body };
}

function OverlapFields({
  overlap,
  fault,
}: {
  readonly overlap: Overlap;
  readonly fault: string | undefined;
}): ReactNode {
  const { keys: says } = useTexts().settings;
  return (
    <SpaceBetween size="s">
      <FormField label={says.overlap} description={says.overlapNote} {...(fault !== undefined && { errorText: fault })}>
        <Input inputMode="numeric" value={overlap.typed} onChange={({ detail }) => overlap.setHours(detail.value)} />
      </FormField>
      {overlap.until !== undefined && (
        <Checkbox checked={overlap.isForced} onChange={({ detail }) => overlap.setForced(detail.checked)}>
          {says.force}
        </Checkbox>
      )}
    </SpaceBetween>
  );
}
