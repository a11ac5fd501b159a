/**
 * What all test files of a run share, whichever of jest's processes they are in: one DynamoDB Local, and one process
 * that synthesizes stacks. A Java that starts takes three seconds of a core, the CDK two; and what they have compiled
 * they run in a third of the time. The process that lives as long as the run does starts each when a test file first
 * asks for it (`set-up.ts`), and ends them (`tear-down.ts`).
 */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { errorLine } from "../../core/errors/error-fields.ts";
import type { LocalDynamoDb } from "../../local/dynamodb/start-dynamodb.ts";
import { COMPILED_PROGRAMS } from "./plain-node/modules.ts";
import type { SynthesisRequest, SynthesisResult } from "./synthesizer.ts";

/** Where test files ask; `set-up.ts` sets it. */
export const RUN_SERVICES = "TEST_RUN_SERVICES";
const SYNTHESIZER = join(import.meta.dirname, "synthesizer.ts");
const REGISTER = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };

export interface RunServices {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  stop(): Promise<void>;
}

/** What each asks with, by its path, and what it gets. */
export interface Services {
  readonly "/dynamodb": { readonly asked: null; readonly got: { readonly endpoint: string } };
  readonly "/synthesis": { readonly asked: Omit<SynthesisRequest, "id">; readonly got: { readonly directory: string } };
}

/** For a test file. @throws Error with what the service says */
export async function askRun<Path extends keyof Services>(
  path: Path,
  asked: Services[Path]["asked"],
): Promise<Services[Path]["got"]> {
  const response = await fetch(`${process.env[RUN_SERVICES]}${path}`, { method: "POST", body: JSON.stringify(asked) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Services[Path]["got"];
}

export async function startRunServices(): Promise<RunServices> {
  const logDirectory = mkdtempSync(join(tmpdir(), "dynamodb-local-"));
  const synthesizer = new Synthesizer();
  let dynamodb: Promise<LocalDynamoDb> | undefined;
  const answers: { readonly [path in string]?: (asked: unknown) => Promise<unknown> } = {
    "/dynamodb": async () => ({ endpoint: (await (dynamodb ??= startDynamoDbIn(logDirectory))).endpoint }),
    "/synthesis": (asked) => synthesizer.synthesize(asked as Services["/synthesis"]["asked"]),
  };
  const server = createServer((request, response) => {
    void json(request)
      .then((asked) => answers[request.url ?? ""]?.(asked))
      .then(
        (got) => response.end(JSON.stringify(got)),
        (error: unknown) => response.writeHead(500).end(errorLine(error)),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      synthesizer.stop();
      // Its end is not waited for: nothing else keeps this process alive.
      void (await dynamodb?.catch(() => undefined))?.stop();
      rmSync(logDirectory, { recursive: true, force: true });
    },
  };
}

/** Most runs of a file or two have no need of what this imports. */
async function startDynamoDbIn(logDirectory: string): Promise<LocalDynamoDb> {
  const { findJava } = await import("../../local/dynamodb/java.ts");
  const { startDynamoDb } = await import("../../local/dynamodb/start-dynamodb.ts");
  const { usablePort } = await import("../../local/processes/ports.ts");
  const server = await startDynamoDb({
    java: await findJava(process.env["JAVA_HOME"]),
    port: await usablePort(0, "DynamoDB", ""),
    logDirectory,
    register: REGISTER,
    load: "brief",
    apartByAccessKey: true,
  });
  server.unref();
  return server;
}

class Synthesizer {
  readonly #waiting = new Map<number, PromiseWithResolvers<{ readonly directory: string }>>();
  #child: ChildProcess | undefined;
  #asked = 0;

  synthesize(asked: Omit<SynthesisRequest, "id">): Promise<{ readonly directory: string }> {
    const id = (this.#asked += 1);
    const waiting = Promise.withResolvers<{ readonly directory: string }>();
    this.#waiting.set(id, waiting);
    this.#child ??= this.#start();
    this.#child.send({ id, ...asked } satisfies SynthesisRequest);
    return waiting.promise;
  }

  stop(): void {
    this.#child?.kill();
  }

  #start(): ChildProcess {
    const child = fork(SYNTHESIZER, {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: { ...process.env, NODE_COMPILE_CACHE: process.env[COMPILED_PROGRAMS] },
    });
    child.on("message", (result: SynthesisResult) => {
      const waiting = this.#waiting.get(result.id);
      this.#waiting.delete(result.id);
      if ("error" in result) waiting?.reject(new Error(result.error));
      else waiting?.resolve(result);
    });
    child.once("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the synthesizer ended: ${code ?? signal}`));
    });
    // This process may end though it runs, and it ends then.
    child.unref();
    child.channel?.unref();
    return child;
  }
}
