/** Paste what the merchant got, and see whether it is ours: no header leaves the browser. */
import { type ReactNode, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { durationText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { type Verdict, verdictOn } from "./verify.ts";

export interface VerifySignatureProps {
  readonly merchantId: string;
  readonly webhookId: string;
  readonly body: string;
}

const ROWS = 4;

export function VerifySignature({ merchantId, webhookId, body }: VerifySignatureProps): ReactNode {
  const { texts } = useSpoken();
  const { api } = useSession();
  const [headers, setHeaders] = useState("");
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: async () => {
      const params = { path: { merchantId } };
      const { keys } = await api.ask((client) => client.GET("/v1/merchants/{merchantId}/keys", { params }));
      return verdictOn({ headers, body, keys, webhookId, nowMs: Date.now() });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <SpaceBetween size="m">
        <FormField label={texts.verify.headers} description={texts.verify.does} stretch>
          <Textarea
            rows={ROWS}
            spellcheck={false}
            placeholder={texts.verify.example}
            value={headers}
            onChange={({ detail }) => {
              setHeaders(detail.value);
              reset();
            }}
          />
        </FormField>
        <Button formAction="submit" loading={isPending} disabled={headers.trim() === ""}>
          {texts.verify.button}
        </Button>
        <div role="status">
          {error !== null && <Failure error={error} />}
          {data !== undefined && <VerdictShown verdict={data} webhookId={webhookId} />}
        </div>
      </SpaceBetween>
    </form>
  );
}

function VerdictShown({ verdict, webhookId }: { readonly verdict: Verdict; readonly webhookId: string }): ReactNode {
  const {
    texts: { verify: says },
    language,
  } = useSpoken();
  switch (verdict.kind) {
    case "right":
      return (
        <Alert type="success">
          {says.right} {verdict.ageMs !== undefined && says.late(durationText(verdict.ageMs, language))}
        </Alert>
      );
    case "no public signature":
      return <Alert type="warning">{says.noPublicSignature}</Alert>;
    case "other webhook":
      return (
        <Alert type="error" header={says.wrong}>
          {says.otherId(webhookId)}
        </Alert>
      );
    default:
      return (
        <Alert type="error" header={says.wrong}>
          {verdict.why}
        </Alert>
      );
  }
}
