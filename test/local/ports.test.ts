import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startDynamoDb } from "../../local/dynamodb/start-dynamodb.ts";
import { listensOn } from "../../local/processes/port-owner.ts";
import { usablePort } from "../../local/processes/ports.ts";
import { startSqs } from "../../local/sqs/start-sqs.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const logDirectory = temporaryDirectory();
const register = { note: () => undefined, forget: () => undefined, stopping: () => undefined, close: () => undefined };
/** Took the port after it was found free, and answers there. */
const stranger = createServer((_, response) => response.end("{}"));
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    stranger.listen(0, "0.0.0.0", resolve);
  });
  ({ port } = stranger.address() as AddressInfo);
});
afterAll(() => {
  stranger.closeAllConnections();
  stranger.close();
});

describe("a port that another program took in the last moment", () => {
  const taken = { code: "LOCAL_PORT_TAKEN", message: expect.stringMatching(/is taken by another program; stop that/) };

  it("is told in one sentence by SQS", async () => {
    await expect(startSqs({ port, logDirectory, register })).rejects.toMatchObject(taken);
  });

  it("is told in one sentence by DynamoDB, although somebody answers there", async () => {
    await expect(startDynamoDb({ java: "java", port, logDirectory, register, load: "brief" })).rejects.toMatchObject(
      taken,
    );
  });
});

describe("any free port", () => {
  it("is none that an outgoing connection may get before it is listened on, and no two are the same", async () => {
    const ports = await Promise.all(Array.from({ length: 40 }, () => usablePort(0, "SQS", "--port-sqs")));
    expect(new Set(ports).size).toBe(ports.length);
    for (const one of ports) expect(one).toBeLessThan(32_768);
  });
});

describe("who listens on a port", () => {
  it("is known on Linux, and elsewhere said not to be", () => {
    const reported = [listensOn(process.pid, port), listensOn(process.ppid, port), listensOn(process.pid, 1)];
    expect(reported).toEqual(process.platform === "linux" ? [true, false, false] : [undefined, undefined, undefined]);
  });

  it("is not known of a process that is not there", () => {
    expect(listensOn(2 ** 30, port)).toBeUndefined();
  });
});
