/** Asks for a test event, which changes nothing. */
import type { ReactNode } from "react";
import { useSession } from "../session/session.tsx";
import { useTexts } from "../texts/texts.tsx";
import { AskedCall } from "./asked-call.tsx";
import { askForTest, readTest } from "./merchant-reads.ts";

export function TestEvent({ merchantId }: { readonly merchantId: string }): ReactNode {
  const { test: says } = useTexts().merchant;
  const { api } = useSession();
  return (
    <AskedCall
      says={says}
      queryKey={["test", merchantId]}
      ask={() => askForTest(api, merchantId)}
      read={(jobId, signal) => readTest(api, merchantId, jobId, signal)}
    />
  );
}
