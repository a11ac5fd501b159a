/**
 * The process of the fleet: all merchants of the demo, away from the event loop that inserts, so that neither slows the
 * other. Ends by itself when the demo is gone.
 */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { seededRandom } from "../seeded-random.ts";
import { Ledger } from "./ledger.ts";
import type { FleetReplies, FleetRequest, Numbered } from "./messages.ts";
import { RunningMerchant } from "./running-merchant.ts";
import { WatchedAddresses } from "./watchers.ts";

const LOOPBACK = "127.0.0.1";
/** Below the ports that systems give out by themselves, so that nothing comes to listen where a merchant is gone. */
const GONE_PORTS = { from: 20_000, count: 10_000 } as const;

const ledger = new Ledger();
const secrets = new Map<string, string>();
const running = new Map<string, RunningMerchant>();
const watched = new WatchedAddresses();
let arrivals = 0;
let acknowledgementUrl: string | undefined;

process.on("message", (message: Numbered<FleetRequest>) => {
  void reply(message.content).then((content) => process.send?.({ id: message.id, content }));
});
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {
  // Ctrl-C reaches the whole group; the demo ends the fleet when it is done with it.
});

async function reply(request: FleetRequest): Promise<FleetReplies[FleetRequest["kind"]]> {
  if (request.kind === "listen") return listen(request);
  if (request.kind === "trust") return trust(request);
  if (request.kind === "turn") return turn(request);
  if (request.kind === "move") return move(request);
  if (request.kind === "watch") return watched.open();
  if (request.kind === "reached") return watched.reached;
  if (request.kind === "counts") return ledger.counts();
  if (request.kind === "open") return ledger.openSince(request.arrivedUpToMs);
  return ledger.deliveries();
}

function trust(given: Extract<FleetRequest, { kind: "trust" }>): true {
  for (const [merchantId, secret] of Object.entries(given.secrets)) secrets.set(merchantId, secret);
  acknowledgementUrl = given.acknowledgementUrl;
  return true;
}

function nextSequence(): number {
  arrivals += 1;
  return arrivals;
}

async function listen({
  merchants,
  deadlineMs,
  seed,
}: Extract<FleetRequest, { kind: "listen" }>): Promise<Record<string, number>> {
  const random = seededRandom(seed);
  const ports: Record<string, number> = {};
  for (const { merchantId, behaviour, ...more } of merchants) {
    if (behaviour === "gone") {
      ports[merchantId] = await unusedPort(random);
      continue;
    }
    const merchant = new RunningMerchant({
      ...more,
      merchantId,
      behaviour,
      elsewhere: watched.origins,
      deadlineMs,
      ledger,
      random,
      nextSequence,
      acknowledgementUrl: () => acknowledgementUrl,
      secret: () => secrets.get(merchantId),
    });
    running.set(merchantId, merchant);
    const port = await merchant.listen();
    ports[merchantId] = port;
    if (watched.origins.length > 0) await watched.openBeside(port);
  }
  return ports;
}

async function turn({ merchantId, into }: Extract<FleetRequest, { kind: "turn" }>): Promise<true> {
  const merchant = running.get(merchantId);
  if (merchant === undefined) throw new Error(`There is no merchant ${merchantId} that could become ${into}.`);
  await merchant.turn(into);
  return true;
}

async function move({ merchantId, to }: Extract<FleetRequest, { kind: "move" }>): Promise<true> {
  const merchant = running.get(merchantId);
  if (merchant === undefined) throw new Error(`There is no merchant ${merchantId} that could move to ${to}.`);
  await merchant.move(to);
  return true;
}

/** A port that nothing listens on: one that could be taken a moment ago. */
async function unusedPort(random: () => number): Promise<number> {
  for (;;) {
    const server = createServer();
    try {
      server.listen(GONE_PORTS.from + Math.floor(random() * GONE_PORTS.count), LOOPBACK);
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, "close");
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}
