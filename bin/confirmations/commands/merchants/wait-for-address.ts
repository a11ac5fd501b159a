/**
 * Waits until a merchant's address has answered its challenge, or has not as it should. Whoever may not look, or sees
 * nobody make the call, learns what is known: the merchant is registered all the same.
 */
import type { components } from "../../api/api-types.ts";
import { CommandFailure } from "../../frame/command-failure.ts";
import type { Session } from "../../frame/session.ts";

type Merchant = components["schemas"]["Merchant"];

export const WAITED_SECONDS = 30;
const LOOK_EVERY_MS = 500;

export async function addressOf(session: Session, merchant: Merchant, seconds: number): Promise<Merchant> {
  const { around } = session;
  const { merchantId } = merchant;
  const until = around.nowMs() + seconds * 1000;
  let seen = merchant;
  while (isAwaited(seen) && around.nowMs() + LOOK_EVERY_MS <= until) {
    await around.sleep(LOOK_EVERY_MS);
    try {
      seen = await session.ask((client) =>
        client.GET("/v1/merchants/{merchantId}", { params: { path: { merchantId } } }),
      );
    } catch (error) {
      if (error instanceof CommandFailure) return seen;
      throw error;
    }
  }
  return seen;
}

/** An API from before addresses were challenged says nothing of it. */
function isAwaited({ ownership }: Partial<Pick<Merchant, "ownership">>): boolean {
  return ownership?.state === "challenged";
}
