/** A process that plays one execution environment of Lambda. Argument: what it hosts, as JSON. */
import { handlerOf, type HostData, type Invocation } from "./handler-of.ts";
import { provideSdk } from "./provided-sdk.ts";

const [data = "{}"] = process.argv.slice(2);
provideSdk();
const handle = handlerOf(JSON.parse(data) as HostData);

process.on("message", (invocation: Invocation) => {
  void handle(invocation).then((result) => process.send?.(result));
});
