/** What operators do: the runbook, and transactions that come and go as files. */
import { transactionExports } from "./exports.ts";
import { imports } from "./imports.ts";
import { onOneStack } from "./on-one-stack.ts";
import { RUNBOOK_STACK, runbook } from "./runbook.ts";

onOneStack(
  { ...RUNBOOK_STACK, api: { audience: ["confirmations"] } },
  { runbook, imports, exports: transactionExports },
);
