/** A thread that plays one execution environment of Lambda. Its `process.env` is a copy of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { handlerOf, type HostData, type Invocation } from "./handler-of.ts";
import { provideSdk } from "./provided-sdk.ts";

const port = parentPort;
if (port === null) throw new Error("function-host.ts is the program of a worker thread");
provideSdk();
const handle = handlerOf(workerData as HostData);

port.on("message", (invocation: Invocation) => {
  void handle(invocation).then((result) => port.postMessage(result));
});
