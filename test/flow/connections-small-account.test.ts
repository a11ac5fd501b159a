/** Merchants that are not called the plain way, and transactions of a key, where a function delivers. */
import { CONNECTIONS, connectionsIn, trustedServer } from "./connections.ts";
import { IN_ORDER, inOrder } from "./in-order.ts";
import { onOneStack } from "./on-one-stack.ts";

const server = trustedServer();

onOneStack(
  {
    ...CONNECTIONS,
    delivery: { ...IN_ORDER.delivery, mode: "lambda" },
    retry: { ...CONNECTIONS.retry, ...IN_ORDER.retry },
  },
  {
    "in order": (running) => inOrder(running, "beside"),
    connections: (running) => connectionsIn("lambda", running, server),
  },
);
