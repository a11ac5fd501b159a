/** What programs are told of channels: nothing where the settings have no kind of them. */
import { channelsEnvironment } from "../../core/settings/channels-environment.ts";
import { channelBoundsEnvironment } from "../../core/settings/channel-bounds-environment.ts";
import { RECEIPTS_CONFIGURATION_SET } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";

/** Of what judges channels and sends by none. */
export function channelBoundVariables(settings: Settings): Record<string, string> {
  const { kinds, sms, queueArns, topicArns, eventBusArns } = settings.channels;
  if (kinds.length === 0) return {};
  return channelBoundsEnvironment.write({ kinds, smsCountries: sms.countries, queueArns, topicArns, eventBusArns });
}

export function channelVariables(settings: Settings): Record<string, string> {
  const { kinds, emailFrom = "", sms, whatsapp, onUncertain, receiptWithinSeconds } = settings.channels;
  if (kinds.length === 0) return {};
  return channelsEnvironment.write({
    kinds,
    configurationSet: physicalName(settings, RECEIPTS_CONFIGURATION_SET),
    emailFrom,
    sms: { ...sms, originationIdentity: sms.originationIdentity ?? "" },
    whatsapp: { phoneNumberId: whatsapp.phoneNumberId ?? "" },
    onUncertain,
    receiptWithinMs: receiptWithinSeconds * 1000,
  });
}
