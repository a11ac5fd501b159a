/** Why somebody does what others may ask about later. */
import type { ReactNode } from "react";
import FormField from "@cloudscape-design/components/form-field";
import Textarea from "@cloudscape-design/components/textarea";
import { useTexts } from "../texts/texts.tsx";

export interface ReasonFieldProps {
  readonly reason: string;
  /** That there is none, where that is to be said. @default nothing is said */
  readonly missing?: string | undefined;
  /** @default false */
  readonly isDisabled?: boolean;
  readonly onTyped: (reason: string) => void;
}

const ROWS = 3;

export function ReasonField({ reason, missing, isDisabled = false, onTyped }: ReasonFieldProps): ReactNode {
  const { redeliver: says } = useTexts();
  return (
    <FormField label={says.reason} description={says.reasonNote} {...(missing !== undefined && { errorText: missing })}>
      <Textarea
        rows={ROWS}
        autoFocus
        disabled={isDisabled}
        value={reason}
        onChange={({ detail }) => onTyped(detail.value)}
      />
    </FormField>
  );
}
