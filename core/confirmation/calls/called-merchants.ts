/**
 * Merchants as a call by hand needs them: who they are, room, keys, and the call itself, through the same guard and the
 * same connections as any delivery. Neither health nor rate is asked, since a person asked for the call.
 */
import type { Call } from "../../delivery/attempt.ts";
import type { Destination } from "../../delivery/destination.ts";
import type { EgressMonitor } from "../../delivery/egress-monitor.ts";
import type { CredentialsOfMerchants } from "../../delivery/credentials.ts";
import type { MerchantDirectory } from "../../delivery/merchant-directory.ts";
import type { RecordedAttempt } from "../../delivery/recorded-attempt.ts";
import type { Merchant } from "../../merchant/merchant.ts";
import type { Copies } from "../copies/copies.ts";
import type { Failure } from "../../transaction/failure.ts";

export interface CalledMerchants {
  /** @throws when nothing could be learnt about the merchant */
  readonly get: MerchantDirectory["get"];
  readonly credentialsOf: CredentialsOfMerchants["of"];
  readonly tokenRefused: CredentialsOfMerchants["refused"];
  /** Where its calls go, or why none may. */
  destinationOf(url: string): Destination | Failure;
  /** @returns what gives the room back; undefined where there is none */
  takeRoom(merchant: Merchant, destination: Destination): Promise<(() => void) | undefined>;
  /** Once. */
  call(call: Call): Promise<RecordedAttempt>;
  /** Whether it got no response for a reason of our own network. */
  readonly isOurs: EgressMonitor["isOurs"];
  /** The same for merchants of the sandbox, whose calls tell nothing of our network. */
  readonly isOursInSandbox: EgressMonitor["isOurs"];
  /** For whoever listens to a merchant of the sandbox. @default nobody can */
  readonly copies?: Pick<Copies, "isListenedTo" | "offer"> | undefined;
}
