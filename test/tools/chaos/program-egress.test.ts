/** The egress of a program, which a file shuts and opens while it runs; nothing of the machine's network is touched. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "@jest/globals";
import { ProgramEgress } from "../../../tools/chaos/egress/program-egress.ts";

const MODULE = fileURLToPath(new URL("../../../tools/chaos/egress/faulty-egress.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "chaos-egress-"));
/** Each line is a command: connect anew, or write to the first connection; tells what became of it. */
const PROGRAM = `
const net = require("node:net");
const [port] = process.argv.slice(1).map(Number);
const kept = net.connect(port, "127.0.0.1");
kept.on("data", (bytes) => console.log("kept " + bytes));
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (line === "write") return kept.write("x", () => console.log("written"));
  const socket = net.connect({ port, host: "127.0.0.1" });
  if (line === "abandon") {
    socket.on("error", () => {}).on("close", () => console.log("closed"));
    return socket.destroy();
  }
  socket.on("error", ({ code }) => console.log(code)).on("connect", () => console.log("connected"));
});`;

const server = createServer(
  (socket) => void socket.on("data", () => socket.write("heard")).on("error", () => undefined),
);

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

test("nothing gets out while it is shut: connections hang or fail, and what is written goes nowhere", async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const egress = new ProgramEgress(directory);
  const child = spawn(process.execPath, ["--import", MODULE, "--eval", PROGRAM, String(port)], {
    env: egress.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const tell = async (command: string): Promise<string> => {
    child.stdin.write(`${command}\n`);
    const [line] = (await once(lines, "line")) as [string];
    return line;
  };

  expect(await tell("connect")).toBe("connected");
  egress.set("unreachable");
  while ((await tell("connect")) !== "ENETUNREACH");
  const hits = egress.hits;
  expect(hits).toBeGreaterThan(0);
  expect(await tell("write")).toBe("written");
  expect(egress.hits).toBe(hits + 1);
  egress.set("open");
  while ((await tell("connect")) !== "connected");
  egress.set("hanging");
  while (egress.hits === hits + 1) expect(await tell("abandon")).toBe("closed");
  child.kill("SIGKILL");
  await once(child, "exit");
});
