/**
 * The merchants of a run as the stage needs them: where each is called, what the worker may call, and what it is told
 * of them.
 */
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import type { TransportName } from "../../../core/http/transport.ts";
import { NAMED_MERCHANTS, RUN_MERCHANTS } from "../plan/merchants.ts";
import { MOVED_ADDRESS, RATE_LIMIT_PER_SECOND, RATE_LIMITED_MERCHANT } from "../plan/merchants.ts";
import { SECURE_MERCHANTS, SILENT_ADDRESS, TWO_ADDRESSES } from "../plan/merchants.ts";
import { CHANNEL_SETTINGS, recipientAttributes, RECIPIENTS } from "../plan/recipients.ts";
import { selfSignedFor, type TestCertificate } from "./certificate.ts";
import type { MerchantNames } from "./merchant-names.ts";
import { chaosSettings } from "./settings.ts";
import type { StageOptions } from "./stage.ts";

const LOOPBACK = "127.0.0.1";
const NAMED: ReadonlySet<string> = new Set(NAMED_MERCHANTS.map(({ merchantId }) => merchantId));

type RunFleet = Pick<StageOptions, "merchants" | "merchantAttributes" | "originOf" | "settings">;

export function schemeOf(merchantId: string): "http" | "https" {
  return SECURE_MERCHANTS.has(merchantId) ? "https" : "http";
}

export function runFleet(
  names: MerchantNames,
  mode: DeliveryMode,
  transport: TransportName | undefined,
  slowness: number,
): RunFleet & { readonly certificate: TestCertificate } {
  const certificate = selfSignedFor(LOOPBACK, `*.${TWO_ADDRESSES}.test`);
  return {
    certificate,
    merchants: [...RUN_MERCHANTS, ...RECIPIENTS].map((merchant) =>
      SECURE_MERCHANTS.has(merchant.merchantId) ? { ...merchant, certificate } : merchant,
    ),
    merchantAttributes: {
      [RATE_LIMITED_MERCHANT]: { rateLimitPerSecond: { N: String(RATE_LIMIT_PER_SECOND) } },
      ...Object.fromEntries(RECIPIENTS.map((one) => [one.merchantId, recipientAttributes(one)])),
    },
    originOf: (merchantId, port) => {
      const host = NAMED.has(merchantId) ? names.nameOf(merchantId) : LOOPBACK;
      return `${schemeOf(merchantId)}://${host}:${port}`;
    },
    settings: (ports) =>
      chaosSettings({
        mode,
        transport,
        merchantPorts: Object.values(ports),
        allowed: NAMED_MERCHANTS.flatMap(({ merchantId }) =>
          [SILENT_ADDRESS, MOVED_ADDRESS].map((address) => `${address}:${ports[merchantId]}`),
        ),
        nameServers: [names.address],
        channels: CHANNEL_SETTINGS,
        slowness,
      }),
  };
}
