/**
 * Merchants as calls by hand need them, with what all executions share: a call has its merchant's lease like any other,
 * and gives it back without having learnt anything.
 */
import type { CalledMerchants } from "../../../core/confirmation/calls/called-merchants.ts";
import type { MerchantsPort } from "../../../core/confirmation/ports.ts";
import { EVERYONE } from "../../../core/merchant/merchant-health.ts";
import { WHOLE_SANDBOX } from "../shares/share.ts";
import type { MerchantShares } from "../shares/merchant-shares.ts";

/** @param isOurs that tells the other executions */
export function sharedCalls(
  calls: CalledMerchants,
  shares: Pick<MerchantShares, "look" | "isTrusted" | "begun" | "take" | "ended">,
  isOurs: MerchantsPort["isOurs"],
): CalledMerchants {
  return {
    ...calls,
    isOurs,
    async takeRoom(merchant, destination) {
      const { merchantId, environment } = merchant;
      await shares.look([merchantId]);
      const isLive = environment === undefined;
      const share =
        isLive && shares.isTrusted(merchantId)
          ? shares.begun(merchantId)
          : await shares.take(merchantId, isLive ? EVERYONE : WHOLE_SANDBOX);
      if (share === undefined) return undefined;
      const leave = await calls.takeRoom(merchant, destination);
      if (leave === undefined) {
        shares.ended(share, undefined);
        return undefined;
      }
      return () => {
        leave();
        shares.ended(share, undefined);
      };
    },
  };
}
