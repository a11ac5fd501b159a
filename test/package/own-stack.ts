/**
 * The example of the page on running an app's own stack, in the folder of an app that has the package installed: it
 * comes up by the app's own command, an order goes through, and it stops.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../flow/wait-for.ts";
import { patienceMs } from "../support/machine-speed.ts";

const PAGE = join(import.meta.dirname, "../../docs/using/running-locally.md");
const PORTS = ["dynamodb", "sqs", "api", "control", "issuer", "console"];
const FREE_PORTS = PORTS.flatMap((part) => [`--port-${part}`, "0"]);
/** Nothing of how this test is called. */
const ENVIRONMENT = { PATH: process.env["PATH"], HOME: process.env["HOME"] };

interface StackFile {
  readonly environment: Readonly<Record<string, string>>;
  readonly api: string;
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
    afterAll(() => void child?.kill("SIGKILL"));

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

    it(
      "comes up by a command of the app's own",
      async () => {
        for (const name of [...optional(), "esbuild"]) link(name);
        child = spawn(process.execPath, ["local.ts", ...FREE_PORTS], {
          cwd: app,
          env: ENVIRONMENT,
          stdio: ["ignore", "pipe", "pipe"],
        });
        for (const stream of [child.stdout, child.stderr])
          stream?.on("data", (text: Buffer) => (output += text.toString()));
        await waitFor("the stack is up", () => {
          if (child?.exitCode !== null) throw new Error(`it ended with ${child?.exitCode}:\n${output}`);
          return existsSync(stackFile(app)) || undefined;
        });
      },
      patienceMs(180_000),
    );

    it(
      "takes an order through its own functions and the pipeline",
      async () => {
        const { environment, api } = JSON.parse(readFileSync(stackFile(app), "utf8")) as StackFile;
        const dynamodb = new DynamoDBClient({
          region: "us-east-1",
          credentials: { accessKeyId: "local", secretAccessKey: "local" },
          endpoint: environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "",
        });
        const merchant = { merchantId: { S: "acme" }, confirmationUrl: { S: `${api}/confirmation` } };
        await dynamodb.send(new PutItemCommand({ TableName: "orders-Merchants", Item: merchant }));
        const order = { orderId: { S: "o-1" }, shop: { S: "acme" }, amount: { S: "12.50" } };
        await dynamodb.send(new PutItemCommand({ TableName: "Orders", Item: order }));
        await waitFor("the order is confirmed", async () => {
          const { Item } = await dynamodb.send(
            new GetItemCommand({ TableName: "Orders", Key: { orderId: order.orderId } }),
          );
          return Item?.["confirmedAt"]?.S;
        });
        dynamodb.destroy();
      },
      patienceMs(120_000),
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

const stackFile = (app: string): string => join(app, ".local/stack.json");

/** Each file of the page is named in the line above it. */
function writeExample(app: string): void {
  const page = readFileSync(PAGE, "utf8");
  for (const [, name = "", content = ""] of page.matchAll(/^`([\w.]+)` [^\n]*:\n\n```\w+\n([\s\S]*?)```/gm))
    writeFileSync(join(app, name), content);
  // Where it is, the CDK's bundler runs.
  writeFileSync(join(app, "package-lock.json"), "{}");
}
