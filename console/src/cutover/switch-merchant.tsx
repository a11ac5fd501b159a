/** Switches one merchant over, or back: says first who confirms what from when on. */
import { type ReactNode, useState } from "react";
import { useMutation } from "@tanstack/react-query";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSession } from "../session/session.tsx";
import { Failure } from "../shown/failure.tsx";
import { instantText } from "../shown/format.ts";
import { TimeField } from "../shown/time-field.tsx";
import { useSpoken } from "../texts/texts.tsx";
import { type Mode, MODES, switchMerchant } from "./cutover-reads.ts";

export interface SwitchMerchantProps {
  readonly merchantId: string;
  readonly mode: Mode;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function SwitchMerchant({ merchantId, mode, onClose, onDone }: SwitchMerchantProps): ReactNode {
  const { texts, language } = useSpoken();
  const { cutover: says } = texts;
  const { api } = useSession();
  const [wanted, setWanted] = useState<Mode>(mode === "live" ? "shadow" : "live");
  const [at, setAt] = useState<string>();
  const [isNoTime, setNoTime] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => switchMerchant(api, merchantId, wanted, at),
    onSuccess() {
      onDone();
      onClose();
    },
  });
  const options = MODES.map((value) => ({ value, label: says.modes[value] }));
  return (
    <Modal
      visible
      header={<span className="id">{says.switchTitle(merchantId)}</span>}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button
              variant="primary"
              loading={isPending}
              onClick={() => {
                if (!isNoTime) mutate();
              }}
            >
              {says.switch}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FormField label={says.mode}>
          <Select
            selectedOption={options.find(({ value }) => value === wanted) ?? null}
            options={options}
            onChange={({ detail: { selectedOption } }) =>
              setWanted(MODES.find((one) => one === selectedOption.value) ?? wanted)
            }
          />
        </FormField>
        <TimeField label={says.at} description={says.atNote} instant={at} onChange={setAt} onNoTime={setNoTime} />
        {!isNoTime && (
          <Alert type="warning">
            {says.switchSays[wanted](merchantId, at === undefined ? says.earliest : instantText(at, language))}
          </Alert>
        )}
        {error !== null && <Failure error={error} title={texts.jobs.notDone} />}
      </SpaceBetween>
    </Modal>
  );
}
