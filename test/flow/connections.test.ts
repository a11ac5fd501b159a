/** Merchants that are not called the plain way, and the one that the canary calls, where a worker delivers. */
import { canary } from "./canary.ts";
import { CONNECTIONS, connectionsIn, trustedServer } from "./connections.ts";
import { onOneStack } from "./on-one-stack.ts";

const server = trustedServer();

onOneStack(
  { ...CONNECTIONS, canary: { enabled: true } },
  { connections: (running) => connectionsIn("fargate", running, server), canary },
);
