import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type CustomResourceEvent, isCustomResourceEvent, respondTo } from "../../../core/aws/custom-resource.ts";

let server: Server;
let statuses: number[] = [];
let taken: { readonly request: IncomingMessage; readonly body: Record<string, unknown> }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      taken.push({ request, body: JSON.parse(body) as Record<string, unknown> });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  taken = [];
  statuses = [];
});

const event = (more: Partial<CustomResourceEvent> = {}): CustomResourceEvent => ({
  RequestType: "Create",
  ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/response?signature=x`,
  StackId: "stack",
  RequestId: "request",
  LogicalResourceId: "Protection",
  ResourceType: "Custom::DeletionProtection",
  ResourceProperties: {},
  ...more,
});
const silent = () => undefined;

describe("a step of a custom resource", () => {
  it("is told to be done, by a PUT of no type", async () => {
    await respondTo(event(), async () => undefined, silent);
    expect(taken.map(({ body }) => body)).toEqual([
      {
        Status: "SUCCESS",
        PhysicalResourceId: "Protection",
        StackId: "stack",
        RequestId: "request",
        LogicalResourceId: "Protection",
      },
    ]);
    const [{ request } = { request: undefined }] = taken;
    expect([request?.method, request?.headers["content-type"]]).toEqual(["PUT", undefined]);
  });

  it("keeps the name that it has, as another one would replace it", async () => {
    await respondTo(event({ RequestType: "Update", PhysicalResourceId: "before" }), async () => undefined, silent);
    expect(taken[0]?.body["PhysicalResourceId"]).toBe("before");
  });

  it("is told to be refused, or to have failed, with the reason", async () => {
    const warned: unknown[] = [];
    await respondTo(
      event({ RequestType: "Delete" }),
      async () => "not now",
      (_, details) => warned.push(details),
    );
    await respondTo(event(), async () => Promise.reject(new Error("no such table")), silent);
    expect(taken.map(({ body }) => [body["Status"], body["Reason"]])).toEqual([
      ["FAILED", "not now"],
      ["FAILED", expect.stringContaining("no such table")],
    ]);
    expect(warned).toHaveLength(1);
  });

  it("is told again when CloudFormation does not take it, and fails when it never does", async () => {
    statuses = [503, 503];
    await respondTo(event(), async () => undefined, silent);
    expect(taken).toHaveLength(3);
    statuses = [503, 503, 503];
    await expect(respondTo(event(), async () => undefined, silent)).rejects.toThrow("got status 503");
  });

  it("is known from an event of the clock", () => {
    expect([isCustomResourceEvent(event()), isCustomResourceEvent({ source: "aws.events" })]).toEqual([true, false]);
    expect(isCustomResourceEvent(null)).toBe(false);
  });
});
