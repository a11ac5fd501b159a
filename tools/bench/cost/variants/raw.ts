/**
 * The floor: bare undici. One `Pool` with 64 connections, the body read, nothing else. Posts as long as its standard
 * input says `go`; ends with it. Arguments: the merchant's address, the path, the body. Of several addresses, with
 * commas between, each has a `Pool`, and they are called in turn, 64 calls in flight in all.
 */
import { createInterface } from "node:readline";
import { Pool } from "undici";

const CONNECTIONS = 64;

const [origins = "", path = "", body = ""] = process.argv.slice(2);
const pools = origins.split(",").map((origin) => new Pool(origin, { connections: CONNECTIONS }));
const work = { isGoing: false };
let next = 0;

async function post(): Promise<void> {
  while (work.isGoing) {
    const pool = pools[next % pools.length] as Pool;
    next += 1;
    const response = await pool.request({
      path,
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    await response.body.text();
  }
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    work.isGoing = line === "go";
    if (work.isGoing) for (let index = 0; index < CONNECTIONS; index += 1) void post();
  })
  .on("close", () => process.exit());
console.log("ready");
