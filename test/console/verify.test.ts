import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { headersIn, verdictOn } from "../../console/src/transaction/verify.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const { x = "" } = publicKey.export({ format: "jwk" });
const keys = [{ kty: "OKP", crv: "Ed25519", x, kid: "k", use: "sig", alg: "EdDSA" } as const];
const body = `{"type":"transaction.confirmed"}`;
const SENT_AT = 1_795_341_600;

function headersFor(id: string, signed = body): string {
  const signature = sign(undefined, Buffer.from(`${id}.${SENT_AT}.${signed}`), privateKey).toString("base64");
  return [
    "Host: shop.example",
    `Webhook-Id: ${id}`,
    `webhook-timestamp: ${SENT_AT}`,
    `webhook-signature: v1,AAAA v1a,${signature}`,
  ].join("\n");
}

function verdict(headers: string, nowMs = SENT_AT * 1000) {
  return verdictOn({ headers, body, keys, webhookId: "w-1", nowMs });
}

describe("headers that a merchant got", () => {
  it("are right for the body that was sent", async () => {
    expect(await verdict(headersFor("w-1"))).toEqual({ kind: "right" });
  });

  it("are right long after, and that they are old is said besides", async () => {
    const day = 86_400_000;
    expect(await verdict(headersFor("w-1"), SENT_AT * 1000 + day)).toEqual({ kind: "right", ageMs: day });
  });

  it("are wrong for another body, and those of another webhook are told apart", async () => {
    expect(await verdict(headersFor("w-1", "{}"))).toMatchObject({ kind: "wrong" });
    expect(await verdict(headersFor("w-2"))).toEqual({ kind: "other webhook" });
  });

  it("without a signature by a public key cannot be judged here", async () => {
    const headers = headersFor("w-1").replace(/ v1a,.*/, "");
    expect(await verdict(headers)).toEqual({ kind: "no public signature" });
  });

  it("are wrong where one is missing", async () => {
    expect(await verdict("webhook-id: w-1")).toMatchObject({
      kind: "wrong",
      why: expect.stringContaining("timestamp"),
    });
  });

  it("are read from lines, from JSON and from what a shell prints", () => {
    const wanted = { "webhook-id": "w-1", "webhook-timestamp": "1" };
    expect(headersIn("Webhook-Id: w-1\r\nWebhook-Timestamp: 1\r\n")).toEqual(wanted);
    expect(headersIn(`{\n  "webhook-id": "w-1",\n  "webhook-timestamp": "1"\n}`)).toEqual(wanted);
    expect(headersIn(`{"Webhook-Id":"w-1","webhook-timestamp":1}`)).toEqual(wanted);
    expect(headersIn("GET / HTTP/1.1\nwebhook-id=w-1\nwebhook-timestamp=1")).toMatchObject(wanted);
  });
});
