/**
 * A dialog to choose a file of transactions and upload it. While it is sent the dialog stays, and so does its page: who
 * wants to leave is told, and may cancel. Once the bucket has the file, the import has a page of its own.
 */
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import LiveRegion from "@cloudscape-design/components/live-region";
import Modal from "@cloudscape-design/components/modal";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { goTo, stayHere } from "../../routing/location.ts";
import { jobPath } from "../../routing/routes.ts";
import { useSession } from "../../session/session.tsx";
import { Failure } from "../../shown/failure.tsx";
import { bytesText } from "../../shown/format.ts";
import { ReasonField } from "../../shown/reason-field.tsx";
import type { Language } from "../../texts/languages.ts";
import { useSpoken, useTexts } from "../../texts/texts.tsx";
import { type Sent, sendForm } from "./send-form.ts";
import { UploadError } from "./upload-error.ts";
import { FileUpload, type RowKind } from "./upload-file.ts";

const KINDS = ["transactions", "confirmations"] as const satisfies readonly RowKind[];
/** What its name may end with, for the browser to show first. What is in it says what it is. */
const NAMES = ".csv,.tsv,.txt,.jsonl,.ndjson,.json";

export function UploadDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const texts = useTexts();
  const { upload: says } = texts;
  const { api, access } = useSession();
  const id = useId();
  const [upload] = useState(() => new FileUpload(api, sendHere));
  const [file, setFile] = useState<File>();
  const [of, setOf] = useState<RowKind>("transactions");
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [percent, setPercent] = useState(0);
  const [isLeaving, setLeaving] = useState(false);
  const sending = useRef<AbortController>(undefined);
  const missing = { file: file === undefined, reason: reason.trim() === "" };
  const { mutate, error, reset, isPending } = useMutation({
    async mutationFn(chosen: File) {
      sending.current = new AbortController();
      setPercent(0);
      setLeaving(false);
      const letGo = stayHere(() => setLeaving(true));
      try {
        const onProgress = (bytes: number, total: number): void =>
          setPercent(total === 0 ? 0 : Math.floor((bytes / total) * 100));
        return await upload.send(
          { file: chosen, reason: reason.trim(), of },
          { signal: sending.current.signal, onProgress },
        );
      } finally {
        letGo();
      }
    },
  });
  useEffect(() => () => sending.current?.abort(), []);
  const cancel = (): void => sending.current?.abort();
  const begin = (): void => {
    setAsked(true);
    if (file === undefined || missing.reason) return;
    mutate(file, { onSuccess: (jobId) => goTo(jobPath("imports", jobId)) });
  };
  return (
    <Modal
      visible
      header={says.title}
      onDismiss={() => (isPending ? setLeaving(true) : onClose())}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={isPending ? cancel : onClose}>
              {isPending ? says.cancel : texts.cancel}
            </Button>
            <Button variant="primary" loading={isPending} onClick={begin}>
              {error === null ? says.begin : says.again}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="info">{access?.merchantId === undefined ? says.says : says.saysOwn(access.merchantId)}</Alert>
        <FormField
          label={says.file}
          description={says.fileNote}
          controlId={id}
          {...(isAsked && missing.file && { errorText: says.fileMissing })}
        >
          <input
            className="file-field"
            id={id}
            type="file"
            accept={NAMES}
            disabled={isPending}
            onChange={({ target }) => {
              setFile(target.files?.[0]);
              reset();
            }}
          />
        </FormField>
        {access !== undefined && access.merchantId === undefined && (
          <FormField label={says.of}>
            <RadioGroup
              value={of}
              items={KINDS.map((value) => ({ value, label: says.kinds[value], disabled: isPending }))}
              onChange={({ detail }) => setOf(detail.value as RowKind)}
            />
          </FormField>
        )}
        <ReasonField
          reason={reason}
          missing={isAsked && missing.reason ? says.reasonMissing : undefined}
          isDisabled={isPending}
          onTyped={setReason}
        />
        {isPending && file !== undefined && <Progress file={file} percent={percent} />}
        {isPending && isLeaving && (
          <LiveRegion assertive>
            <Alert type="warning">{says.leaving}</Alert>
          </LiveRegion>
        )}
        {error !== null && !isPending && <NotUploaded error={error} />}
      </SpaceBetween>
    </Modal>
  );
}

function Progress({ file, percent }: { readonly file: File; readonly percent: number }): ReactNode {
  const { texts, language } = useSpoken();
  const { upload: says } = texts;
  return (
    <ProgressBar
      value={percent}
      label={says.progress}
      description={<span className="id">{file.name}</span>}
      additionalInfo={percent < 100 ? bytesText(file.size, language) : says.waits}
    />
  );
}

function NotUploaded({ error }: { readonly error: Error }): ReactNode {
  const { texts, language } = useSpoken();
  const { upload: says } = texts;
  return (
    <Failure
      error={error}
      title={says.failed}
      {...(error instanceof UploadError && { says: sentence(error, says, language) })}
    />
  );
}

function sendHere(sent: Sent): Promise<void> {
  return sendForm(sent, { request: () => new XMLHttpRequest(), now: Date.now });
}

type Says = ReturnType<typeof useTexts>["upload"];

function sentence({ fault }: UploadError, says: Says, language: Language): string {
  switch (fault.kind) {
    case "empty":
      return says.faults.empty;
    case "not text":
      return says.faults.notText[fault.code];
    case "too large":
      return says.faults.tooLarge(bytesText(fault.bytes, language), bytesText(fault.maxBytes, language));
    case "expired":
      return says.faults.expired;
    case "canceled":
      return says.faults.canceled;
    case "unknown":
      return says.faults.unknown;
    case "connection lost":
      return says.faults.connectionLost(bytesText(fault.sentBytes, language), bytesText(fault.bytes, language));
    case "unreadable":
      return says.faults.unreadable;
    default:
      return says.faults.refused(fault.status, fault.code);
  }
}
