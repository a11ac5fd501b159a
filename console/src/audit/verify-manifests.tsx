/** Whether manifests and their lines, as somebody has them, are those that were signed. Nothing of them is sent. */
import { type ReactNode, useId, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { numberText } from "../shown/format.ts";
import { useSpoken } from "../texts/texts.tsx";
import { type ManifestVerdict, verdictOnManifests } from "./manifest-verdict.ts";

export function VerifyManifests({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { texts } = useSpoken();
  const { manifests: says } = texts;
  const { api } = useSession();
  const id = useId();
  const [files, setFiles] = useState<readonly File[]>([]);
  const { mutate, reset, data, error, isPending } = useMutation({
    async mutationFn() {
      const params = { path: { merchantId } };
      const [{ keys }, contents] = await Promise.all([
        api.ask((client) => client.GET("/v1/merchants/{merchantId}/keys", { params })),
        Promise.all(files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const)),
      ]);
      return verdictOnManifests(new Map(contents), keys, merchantId);
    },
  });
  return (
    <SpaceBetween size="m">
      <FormField label={says.choose} description={says.chooseNote} controlId={id}>
        <input
          className="file-field"
          id={id}
          type="file"
          multiple
          accept=".jsonl"
          onChange={({ target }) => {
            setFiles([...(target.files ?? [])]);
            reset();
          }}
        />
      </FormField>
      <Button disabled={files.length === 0} loading={isPending} onClick={() => mutate()}>
        {says.verify}
      </Button>
      <div role="status">{data !== undefined && !isPending && <Verdict verdict={data} />}</div>
      {error !== null && <Failure error={error} />}
    </SpaceBetween>
  );
}

function Verdict({ verdict }: { readonly verdict: ManifestVerdict }): ReactNode {
  const { texts, language } = useSpoken();
  const { manifests: says } = texts;
  switch (verdict.kind) {
    case "right":
      return (
        <Alert type="success">
          {says.right}
          <ul>
            {verdict.manifests.map(({ day, revision, transactions }) => (
              <li key={`${day} ${revision}`}>{says.one(day, revision, numberText(transactions, language))}</li>
            ))}
          </ul>
        </Alert>
      );
    case "other merchant":
      return (
        <Alert type="error" header={says.wrong}>
          {says.otherMerchant(verdict.merchantId)}
        </Alert>
      );
    case "file missing":
      return <Alert type="warning">{says.fileMissing(verdict.name)}</Alert>;
    default:
      return (
        <Alert type="error" header={says.wrong}>
          {verdict.kind === "no manifest" ? says.noManifest : verdict.why}
        </Alert>
      );
  }
}
