/**
 * What a merchant's developer does: listens to a merchant of the sandbox on a stack that runs, with a server of his own
 * on loopback, in either mode. Each command is a process of its own.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { verifyWebhook } from "../../verifier/verify-webhook.mjs";
import { patienceMs } from "../support/machine-speed.ts";
import { type CommandLine, commandLineOn } from "./command-line.ts";
import { type Delivery, MerchantServer } from "./merchant-server.ts";
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

const COMMAND = join(import.meta.dirname, "../../bin/confirmations/confirmations.mjs");

interface Line {
  readonly number: number;
  readonly transactionId?: string;
  readonly version?: number;
  readonly attempt?: number;
  readonly request: {
    readonly url?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly hiddenHeaders: readonly string[];
    readonly body: string;
  };
  readonly result: { readonly outcome: string; readonly status?: number };
  readonly signature: { readonly verified: boolean; readonly schemes: readonly string[]; readonly why?: string };
  readonly forwarded?: { readonly status?: number };
}

export function listenIn(mode: "fargate" | "lambda", running: () => Pipeline): void {
  let pipeline: Pipeline;
  let commandLine: CommandLine;
  let here: MerchantServer;
  const children = new Set<ChildProcess>();

  beforeAll(async () => {
    pipeline = running();
    here = await MerchantServer.start();
    commandLine = commandLineOn(pipeline.stateDirectory);
    // Waits until the API takes tokens, which a command that runs for long is told of at once.
    await commandLine("merchants", "list");
  }, patienceMs(120_000));

  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await here?.stop();
  }, patienceMs(60_000));

  /** Resolves once it listens. */
  async function listen(merchantId: string, ...args: readonly string[]) {
    const place = ["--json", "--state", pipeline.stateDirectory];
    const child = spawn(process.execPath, [COMMAND, "listen", "--merchant", merchantId, ...args, ...place], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const exited = once(child, "exit").then(([code]) => code as number | null);
    await waitFor("the command listens", () => (stderr.includes("Listening to") ? true : undefined));
    const lines = () =>
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Line);
    const copyOf = (transactionId: string, attempt?: number) =>
      waitFor(`the copy of ${transactionId}`, () =>
        lines().find(
          (line) => line.transactionId === transactionId && (attempt === undefined || line.attempt === attempt),
        ),
      );
    const end = async (signal: NodeJS.Signals) => {
      child.kill(signal);
      const code = await exited;
      children.delete(child);
      return code;
    };
    return { lines, copyOf, end };
  }

  const submit = (id: string, merchantId: string) =>
    commandLine(
      "submit",
      "--id",
      id,
      "--merchant",
      merchantId,
      "--outcome",
      "APPROVED",
      "--amount",
      "12.50",
      "--currency",
      "EUR",
    );
  const leases = async (merchantId: string) => {
    const { Item } = await pipeline.dynamodb.send(
      new GetItemCommand({ TableName: pipeline.stack.merchantsTable, Key: { merchantId: { S: merchantId } } }),
    );
    return Object.values(Item?.["listeners"]?.M ?? {}).map(({ N }) => Number(N));
  };
  const received = (id: string): Delivery | undefined =>
    here.deliveries.find(({ body }) => body.includes(`"transactionId":"${id}"`));

  describe(`listening to a merchant of the sandbox, in mode ${mode}`, () => {
    it(
      "forwards what it is sent, byte by byte, which verifies, and hides what is secret",
      async () => {
        await commandLine(
          "merchants",
          "register",
          "heard",
          "--environment",
          "sandbox",
          "--url",
          pipeline.merchant.url("/heard"),
          "--header",
          "x-shop: 4711",
        );
        const file = join(pipeline.stateDirectory, "secret-headers");
        writeFileSync(file, "x-api-key: hunter2222\n");
        await commandLine("merchants", "secret-headers", "set", "heard", "--file", file);
        const { secret } = await commandLine.json<{ secret: string }>("merchants", "secret", "show", "heard");
        pipeline.merchant.respond("/heard", (_delivery, nth) => (nth === 1 ? 503 : 200));
        // On a busy machine the function that answers with them may start too late for the first copy.
        await waitFor("its keys are published", async () =>
          (await fetch(`${pipeline.stack.endpoints.api}/merchants/heard/jwks.json`)).ok ? true : undefined,
        );
        const listening = await listen("heard", "--forward-to", `${here.url("/hook")}?of=heard`, "--secret", secret);
        await submit("heard-1", "heard");
        const [first, second] = [await listening.copyOf("heard-1", 1), await listening.copyOf("heard-1", 2)];
        expect([first.result, second.result]).toMatchObject([
          { outcome: "status_5xx", status: 503 },
          { outcome: "delivered", status: 200 },
        ]);
        const sent = pipeline.merchant.to("/heard");
        expect(sent.map(({ headers }) => headers["x-api-key"])).toEqual(["hunter2222", "hunter2222"]);
        expect([first, second].map(({ request }) => request.body)).toEqual(sent.map(({ body }) => body));
        for (const [index, { request, signature, forwarded, version }] of [first, second].entries()) {
          const { "x-api-key": _secret, ...shown } = sent[index]?.headers ?? {};
          expect(request.headers).toEqual(shown);
          expect(request.hiddenHeaders).toEqual(["x-api-key"]);
          expect([signature.verified, signature.schemes, version]).toEqual([true, ["v1a", "v1"], 1]);
          expect(forwarded?.status).toBe(200);
        }
        expect(JSON.stringify(listening.lines())).not.toContain("hunter2222");
        const copies = here.deliveries.filter(({ path }) => path === "/hook?of=heard");
        expect(copies.map(({ body }) => body)).toEqual(sent.map(({ body }) => body));
        for (const { headers, body } of copies) {
          expect([headers["x-shop"], headers["x-api-key"]]).toEqual(["4711", undefined]);
          await expect(verifyWebhook({ headers, body, keys: secret })).resolves.toMatchObject({ scheme: "v1" });
        }
        expect(await pipeline.terminalRow("heard-1")).toMatchObject({
          confirmationState: { S: "CONFIRMED" },
          attemptCount: { N: "2" },
        });
        expect(await listening.end("SIGINT")).toBe(0);
        expect(await leases("heard")).toEqual([]);
      },
      patienceMs(180_000),
    );

    it(
      "copies what has no address, which is given up as without a listener, and test events",
      async () => {
        await commandLine("merchants", "register", "nowhere", "--environment", "sandbox");
        await expect(submit("heard-2", "nowhere")).rejects.toMatchObject({ code: 1 });
        const listening = await listen("nowhere", "--forward-to", here.url("/nowhere"));
        await submit("heard-2", "nowhere");
        const { request, signature, result, attempt } = await listening.copyOf("heard-2");
        expect([request.url, attempt, result.outcome]).toEqual([undefined, undefined, "url_missing"]);
        expect(signature).toMatchObject({ verified: true, schemes: ["v1a"] });
        await waitFor("it is forwarded", () => received("heard-2"));
        expect(await pipeline.terminalRow("heard-2")).toMatchObject({
          confirmationState: { S: "FAILED" },
          failure: { M: { code: { S: "url_missing" } } },
        });
        await commandLine("merchants", "test", "nowhere").catch(() => undefined);
        await waitFor("the test event is forwarded", () =>
          here.deliveries.find(({ path, body }) => path === "/nowhere" && body.includes('"webhook.test"')),
        );
        expect(await listening.end("SIGTERM")).toBe(0);
        const again = await listen("nowhere", "--replay-last", "2", "--forward-to", here.url("/again"));
        await waitFor("both are there again", () => (here.to("/again").length === 2 ? true : undefined));
        expect(here.to("/again").map(({ body }) => body)).toEqual(here.to("/nowhere").map(({ body }) => body));
        await again.end("SIGTERM");
      },
      patienceMs(180_000),
    );

    it(
      "ends with a command that was killed, when its lease is over",
      async () => {
        await commandLine(
          "merchants",
          "register",
          "killed",
          "--environment",
          "sandbox",
          "--url",
          pipeline.merchant.url("/killed"),
        );
        const listening = await listen("killed", "--forward-to", here.url("/killed"));
        await submit("heard-3", "killed");
        await listening.copyOf("heard-3");
        await listening.end("SIGKILL");
        const [until = 0] = await leases("killed");
        expect(until - Date.now()).toBeLessThanOrEqual(60_000);
        // As time would have it.
        await pipeline.dynamodb.send(
          new UpdateItemCommand({
            TableName: pipeline.stack.merchantsTable,
            Key: { merchantId: { S: "killed" } },
            UpdateExpression: "SET listeners = :over",
            ExpressionAttributeValues: { ":over": { M: { gone: { N: String(Date.now() - 1) } } } },
          }),
        );
        await waitFor("who delivers has seen that", async () => {
          const id = `heard-4-${Date.now()}`;
          await submit(id, "killed");
          await pipeline.terminalRow(id);
          const { items } = await copiesOf("killed");
          return items.every(({ transactionId }) => transactionId !== id) ? true : undefined;
        });
        expect(received("heard-3")).toBeDefined();
      },
      patienceMs(180_000),
    );

    it(
      "is refused for a live merchant, and for another machine",
      async () => {
        await commandLine("merchants", "register", "live", "--timeout", "0", "--url", pipeline.merchant.url("/live"));
        await expect(commandLine("listen", "--merchant", "live")).rejects.toMatchObject({
          code: 1,
          stdout: "",
          stderr: expect.stringContaining("got a live merchant, expected one of the sandbox"),
        });
        await expect(
          commandLine("listen", "--merchant", "heard", "--forward-to", "http://192.0.2.1:9000"),
        ).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("expected an http URL of this machine") });
        expect(await leases("live")).toEqual([]);
      },
      patienceMs(120_000),
    );
  });

  async function copiesOf(merchantId: string): Promise<{ items: { transactionId?: string }[] }> {
    const token = (await commandLine("token", "--scope", "transactions:read", "--merchant", merchantId)).stdout.trim();
    const url = `${pipeline.stack.endpoints.api}/v1/merchants/${merchantId}/copies`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return (await response.json()) as { items: { transactionId?: string }[] };
  }
}
