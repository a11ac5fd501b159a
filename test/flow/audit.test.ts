/** The audit, on a stack that has no other merchant. */
import { AUDITED, audit } from "./audit.ts";
import { onOneStack } from "./on-one-stack.ts";

onOneStack(AUDITED, { audit });
