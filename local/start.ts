/** `npm start`: this checkout's stack on this machine until Ctrl-C. */
import { CHECKOUT } from "./checkout.ts";
import { runLocalStack } from "./run-local-stack.ts";

await runLocalStack({ ...CHECKOUT, command: "npm start" });
