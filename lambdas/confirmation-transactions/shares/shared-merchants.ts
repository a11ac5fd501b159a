/**
 * The merchants' port with what all executions share before it: who is not trusted is called by leases only, and each
 * call tells what came of it, of its merchant and of our own way out. Whoever is paused or has an open circuit needs no
 * lease: admission control keeps it back. The one probe of a half-open circuit is a call like any other.
 */
import type { Entry } from "../../../core/delivery/admission/admission-control.ts";
import { HELD } from "../../../core/delivery/admission/admission-control.ts";
import type { MerchantHealthDirectory } from "../../../core/delivery/admission/merchant-health-directory.ts";
import type { MerchantsPort } from "../../../core/confirmation/ports.ts";
import type { SharedEgress } from "../egress/shared-egress.ts";
import type { MerchantShares, SharedCall } from "./merchant-shares.ts";
import { WHOLE_SANDBOX } from "./share.ts";

const NO_ROOM: Entry = { kind: "closed", reason: "no room" };

type Entering = Parameters<MerchantsPort["enter"]>;

export function sharedMerchants(
  port: MerchantsPort,
  shares: MerchantShares,
  egress: Pick<SharedEgress, "ours" | "responded">,
  healthDirectory: Pick<MerchantHealthDirectory, "get">,
  now: () => number,
): MerchantsPort {
  const enterBy = async (call: SharedCall, entering: Entry | Promise<Entry>): Promise<Entry> => {
    try {
      return entered(await entering, call, shares);
    } catch (error) {
      shares.ended(call, undefined);
      throw error;
    }
  };
  const enterWith = async (how: "enter" | "enterBehind", ...[merchant, destination]: Entering): Promise<Entry> => {
    const { merchantId, environment } = merchant;
    if (environment !== undefined && !(await isKeptBack(healthDirectory, merchantId, now()))) {
      const inSandbox = await shares.take(merchantId, WHOLE_SANDBOX);
      return inSandbox === undefined ? NO_ROOM : enterBy(inSandbox, port[how](merchant, destination));
    }
    if (shares.isTrusted(merchantId) || (await isKeptBack(healthDirectory, merchantId, now())))
      return enterBy(shares.begun(merchantId), port[how](merchant, destination));
    const call = await shares.take(merchantId);
    if (call === undefined) return NO_ROOM;
    return enterBy(call, port[how](merchant, destination));
  };
  const judged = (isOurs: boolean): boolean => {
    if (isOurs) egress.ours();
    return isOurs;
  };
  return {
    ...port,
    isOurs(origin, beganAt, outcome) {
      if (outcome.status !== undefined) egress.responded();
      const verdict = port.isOurs(origin, beganAt, outcome);
      return typeof verdict === "boolean" ? judged(verdict) : verdict.then(judged);
    },
    enter: (merchant, destination) => enterWith("enter", merchant, destination),
    enterBehind: (merchant, destination) => enterWith("enterBehind", merchant, destination),
  };
}

/** What cannot be read is for admission control to say. */
async function isKeptBack(
  healthDirectory: Pick<MerchantHealthDirectory, "get">,
  merchantId: string,
  now: number,
): Promise<boolean> {
  try {
    const { pausedAt, circuitOpenUntil } = await healthDirectory.get(merchantId);
    return pausedAt !== undefined || (circuitOpenUntil ?? 0) > now;
  } catch {
    return true;
  }
}

function entered(entry: Entry, call: SharedCall, shares: MerchantShares): Entry {
  if (entry.kind !== "open") {
    shares.ended(call, undefined);
    return entry;
  }
  return {
    kind: "open",
    leave: (outcome) => {
      if (outcome !== HELD) shares.ended(call, outcome);
      return entry.leave(outcome);
    },
  };
}
