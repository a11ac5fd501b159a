/**
 * `npm start` killed outright in the middle of a run, then started again on the same state: every transaction is
 * terminal, none lost.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MerchantServer } from "./merchant-server.ts";
import { transactionRow } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";
import { patienceMs, patienceSeconds } from "../support/machine-speed.ts";

const START = join(import.meta.dirname, "../../local/start.ts");
const TRANSACTIONS = 100;
const FREE_PORTS = ["dynamodb", "sqs", "api", "control", "console", "issuer"].flatMap((part) => [
  `--port-${part}`,
  "0",
]);
/** What is under way at the kill comes again after two of these, or after a lease: nobody has to wait for longer. */
const DEADLINE_MS = Math.min(60_000, patienceMs(2000));
const SETTINGS = {
  delivery: { deadlineMs: DEADLINE_MS },
  release: { leaseSeconds: patienceSeconds(5) },
  dueShards: 2,
  merchantShards: 2,
};

interface Stack {
  readonly process: ChildProcess;
  readonly dynamodb: DynamoDBClient;
  readonly endpoints: readonly string[];
}

let state: string;
let merchant: MerchantServer;
let running: Stack | undefined;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), "confirmation-pipeline-restart-"));
  merchant = await MerchantServer.start();
});

afterAll(async () => {
  if (running !== undefined) {
    const { process: child, dynamodb } = running;
    dynamodb.destroy();
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
  await merchant?.stop();
  await rm(state, { recursive: true, force: true });
}, patienceMs(60_000));

async function start(): Promise<Stack> {
  const child = spawn(
    process.execPath,
    [START, "--state", state, "--settings", JSON.stringify(SETTINGS), ...FREE_PORTS],
    { stdio: "ignore" },
  );
  const environment = await waitFor("the stack is up", () => {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    return noteOf();
  });
  const endpoints = Object.values(environment).filter((value) => value.startsWith("http"));
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const endpoint = environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "";
  const stack = {
    process: child,
    endpoints,
    dynamodb: new DynamoDBClient({ region: "us-east-1", credentials, endpoint }),
  };
  running = stack;
  return stack;
}

/** The stack's own note of where it is; one of a stack that was killed before is older than this process. */
function noteOf(): Record<string, string> | undefined {
  const note = join(state, "stack.json");
  if (!existsSync(note)) return undefined;
  const { environment } = JSON.parse(readFileSync(note, "utf8")) as { environment: Record<string, string> };
  return notesOfKilled.has(JSON.stringify(environment)) ? undefined : environment;
}

const notesOfKilled = new Set<string>();

async function putAll({ dynamodb }: Stack): Promise<void> {
  const confirmationUrl = { S: merchant.url("/shop") };
  await dynamodb.send(
    new PutItemCommand({ TableName: "Merchants", Item: { merchantId: { S: "shop" }, confirmationUrl } }),
  );
  const rows = Array.from({ length: TRANSACTIONS }, (_, index) => transactionRow(`r-${index}`, "shop"));
  while (rows.length > 0) {
    const RequestItems = { Transactions: rows.splice(0, 25).map((Item) => ({ PutRequest: { Item } })) };
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
  }
}

async function states({ dynamodb }: Stack): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "Transactions", ConsistentRead: true }));
  for (const { confirmationState } of Items)
    counts[confirmationState?.S ?? "none"] = (counts[confirmationState?.S ?? "none"] ?? 0) + 1;
  return counts;
}

function isListening(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** The process and all that it started, killed at once: nobody has a chance to say good-bye. */
function killAll({ process: parent }: Stack): void {
  const tree = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const doomed = [parent.pid as number];
  for (const pid of doomed) doomed.push(...tree.filter(([, ppid]) => ppid === pid).map(([child]) => child));
  // Children first: they end by themselves once their parent is gone.
  for (const pid of doomed.toReversed()) process.kill(pid, "SIGKILL");
}

describe("npm start", () => {
  it(
    "goes on where it was after everything was killed in the middle of a run",
    async () => {
      const first = await start();
      merchant.respond("/shop", (_delivery, nth) => (nth <= TRANSACTIONS / 4 ? 200 : new Promise(() => undefined)));
      await putAll(first);
      await waitFor("a part is delivered", () => (merchant.to("/shop").length > TRANSACTIONS / 4 ? true : undefined));
      notesOfKilled.add(JSON.stringify(noteOf()));
      killAll(first);
      merchant.respond("/shop", () => 200);

      const second = await start();

      await waitFor("all are confirmed", async () =>
        (await states(second))["CONFIRMED"] === TRANSACTIONS ? true : undefined,
      );
      const delivered = new Set(merchant.to("/shop").map(({ headers }) => headers["webhook-id"]));
      expect(delivered.size).toBe(TRANSACTIONS);
    },
    patienceMs(180_000),
  );

  it("leaves no child holding a port when only the parent is killed", async () => {
    const { process: parent, endpoints } = running as Stack;

    parent.kill("SIGKILL");

    await waitFor("all ports are free", async () => {
      const listening = await Promise.all(endpoints.map(isListening));
      return listening.includes(true) ? undefined : true;
    });
    running = undefined;
  });
});
