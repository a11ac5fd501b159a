/**
 * The example of the page on running an app's own stack, in the folder of an app that has the package installed: it
 * comes up by the app's own command, an order goes through, and it stops.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MerchantServer } from "../flow/merchant-server.ts";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

const PAGE = join(import.meta.dirname, "../../docs/using/running-locally.md");
const PORTS = ["dynamodb", "sqs", "api", "control", "issuer", "console"];
const FREE_PORTS = PORTS.flatMap((part) => [`--port-${part}`, "0"]);
/** Nothing of how this test is called. */
const ENVIRONMENT = { PATH: process.env["PATH"], HOME: process.env["HOME"] };

interface StackFile {
  readonly environment: Readonly<Record<string, string>>;
  readonly ownApis: Readonly<Record<string, string>>;
}

/**
 * @param app folder of the app, which has what the package asks for and nothing else
 * @param link puts a package into it, as npm would
 * @param optional names of the packages that it needs for this
 */
export function describeOwnStack(app: string, link: (name: string) => void, optional: () => readonly string[]): void {
  describe("an app's own stack on one machine", () => {
    let child: ChildProcess | undefined;
    let output = "";
    let merchant: MerchantServer;
    beforeAll(async () => {
      merchant = await MerchantServer.start();
    });
    afterAll(async () => {
      child?.kill("SIGKILL");
      await merchant?.stop();
    });

    it("says which packages it needs, and how they are installed", () => {
      writeExample(app);
      const { status, stderr } = spawnSync(process.execPath, ["local.ts"], {
        cwd: app,
        env: ENVIRONMENT,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: expect.stringMatching(/needs packages that are not installed.*\n {2}npm install --save-dev @aws-sdk/),
      });
      for (const name of optional()) expect(stderr).toContain(` ${name}@`);
    });

    async function start(): Promise<void> {
      rmSync(stackFile(app), { force: true });
      const started = spawn(process.execPath, ["local.ts", ...FREE_PORTS], {
        cwd: app,
        env: ENVIRONMENT,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        stream.on("data", (text: Buffer) => (output += text.toString()));
      await waitFor("the stack is up", () => {
        if (started.exitCode !== null) throw new Error(`it ended with ${started.exitCode}:\n${output}`);
        return existsSync(stackFile(app)) || undefined;
      });
    }

    it(
      "comes up by a command of the app's own",
      async () => {
        for (const name of [...optional(), "esbuild"]) link(name);
        await start();
      },
      patienceMs(180_000),
    );

    it(
      "takes an order through its own API and functions and the pipeline",
      async () => {
        await using stack = running(app);
        const row = { merchantId: { S: "acme" }, confirmationUrl: { S: `http://127.0.0.1:${merchant.port}/` } };
        await stack.dynamodb.send(new PutItemCommand({ TableName: "orders-Merchants", Item: row }));
        await stack.place("o-1");
        await stack.untilConfirmed("o-1");
      },
      patienceMs(120_000),
    );

    it(
      "goes on after it was killed with an order on its way",
      async () => {
        {
          await using stack = running(app);
          await stack.place("o-2");
        }
        if (child === undefined) throw new Error("it did not start");
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        await ended;
        await start();
        await using stack = running(app);
        await stack.untilConfirmed("o-2");
      },
      patienceMs(240_000),
    );

    it(
      "stops in order",
      async () => {
        if (child === undefined) throw new Error("it did not start");
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        expect(await ended).toEqual([0, null]);
        expect(output).toContain("Stopped. `node local.ts` goes on where it was.");
        expect(existsSync(stackFile(app))).toBe(false);
      },
      patienceMs(120_000),
    );
  });
}

/** The stack as an app's own clients have it. */
function running(app: string) {
  const { environment, ownApis } = JSON.parse(readFileSync(stackFile(app), "utf8")) as StackFile;
  const dynamodb = new DynamoDBClient({
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
  });
  return {
    dynamodb,
    async place(orderId: string) {
      const body = JSON.stringify({ shop: "acme", amount: "12.50" });
      const { status } = await fetch(`${ownApis["orders"]}/${orderId}`, { method: "PUT", body });
      expect(status).toBe(202);
    },
    untilConfirmed(orderId: string) {
      const Key = { orderId: { S: orderId } };
      return waitFor(`${orderId} is confirmed`, async () => {
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "Orders", Key }));
        return Item?.["confirmedAt"]?.S;
      });
    },
    [Symbol.asyncDispose]: async () => dynamodb.destroy(),
  };
}

const stackFile = (app: string): string => join(app, ".local/stack.json");

/** Each file of the page is named in the line above it. */
function writeExample(app: string): void {
  const page = readFileSync(PAGE, "utf8");
  for (const [, name = "", content = ""] of page.matchAll(/^`([\w.]+)` [^\n]*:\n\n```\w+\n([\s\S]*?)```/gm))
    writeFileSync(join(app, name), content);
  // Where it is, the CDK's bundler runs.
  writeFileSync(join(app, "package-lock.json"), "{}");
}
