/** Every merchant is live. */
import type { SandboxMerchants } from "../../core/aws/sandbox-merchants.ts";

export const NO_SANDBOX: Pick<SandboxMerchants, "among"> = { among: async () => new Set() };
export const SANDBOX_LIMITS = { ratePerSecond: 10, concurrency: 5 } as const;
