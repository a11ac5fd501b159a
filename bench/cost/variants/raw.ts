/**
 * The floor: bare undici. One `Pool` with 64 connections, the body read, nothing else. Posts as long as its standard input says `go`; ends
 * with it. Arguments: the merchant's address, the path, the body.
 */
import { createInterface } from "node:readline";
import { Pool } from "undici";

const CONNECTIONS = 64;

const [origin = "", path = "", body = ""] = process.argv.slice(2);
const pool = new Pool(origin, { connections: CONNECTIONS });
const work = { isGoing: false };

async function post(): Promise<void> {
  while (work.isGoing) {
    const answer = await pool.request({ path, method: "POST", headers: { "content-type": "application/json" }, body });
    await answer.body.text();
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    work.isGoing = line === "go";
    if (work.isGoing) for (let index = 0; index < CONNECTIONS; index += 1) void post();
  })
  .on("close", () => process.exit());
console.log("ready");
