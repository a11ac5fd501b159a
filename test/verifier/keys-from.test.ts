import { describe, expect, it } from "@jest/globals";
import { privateKeyOf, publicJwk } from "../../core/signing/ed25519-key.ts";
import { signatureHeader } from "../../core/signing/merchant-keys.ts";
import { keysFrom, verifyWebhook } from "../../verifier/verify-webhook.mjs";

const URL_OF_KEYS = "https://pipeline.example/merchants/m-1/jwks.json";
const keySet = (...bytes: number[]) => ({ keys: bytes.map((byte) => publicJwk(privateKeyOf(Buffer.alloc(32, byte)))) });

/** An address whose response can be changed, and a clock. */
function address() {
  const state = { now: 1_000_000, calls: 0, answer: (): Response => Response.json(keySet(1)) };
  const keys = keysFrom(URL_OF_KEYS, {
    now: () => state.now,
    fetch: async (url) => {
      expect(url).toBe(URL_OF_KEYS);
      state.calls += 1;
      return state.answer();
    },
  });
  const receive = (byte: number) => {
    const content = { id: "msg_1", timestampSeconds: state.now / 1000, body: "{}" };
    const signed = signatureHeader([{ scheme: "v1a", privateKey: privateKeyOf(Buffer.alloc(32, byte)) }], content, 0);
    const headers = {
      "webhook-id": content.id,
      "webhook-timestamp": String(content.timestampSeconds),
      "webhook-signature": signed,
    };
    return verifyWebhook({ headers, body: content.body, keys, now: state.now }).then(
      ({ scheme }) => scheme,
      ({ code }: { code: string }) => code,
    );
  };
  return { state, receive };
}

describe("keys from an address", () => {
  it("are fetched once for all that need them", async () => {
    const { state, receive } = address();
    expect(await Promise.all([receive(1), receive(1)])).toEqual(["v1a", "v1a"]);
    expect(await receive(1)).toBe("v1a");
    expect(state.calls).toBe(1);
  });

  it("are fetched anew after five minutes", async () => {
    const { state, receive } = address();
    await receive(1);
    state.now += 299_000;
    await receive(1);
    expect(state.calls).toBe(1);
    state.now += 1000;
    await receive(1);
    expect(state.calls).toBe(2);
  });

  it("are fetched anew for a signature that fits none of them, as after a rotation", async () => {
    const { state, receive } = address();
    await receive(1);
    state.answer = () => Response.json(keySet(2, 1));
    state.now += 30_000;
    expect(await receive(2)).toBe("v1a");
    expect(await receive(1)).toBe("v1a");
    expect(state.calls).toBe(2);
  });

  it("are not fetched for each forged webhook", async () => {
    const { state, receive } = address();
    await receive(1);
    for (let nth = 0; nth < 20; nth += 1) expect(await receive(9)).toBe("SIGNATURE_INVALID");
    expect(state.calls).toBe(1);
    state.now += 30_000;
    for (let nth = 0; nth < 20; nth += 1) expect(await receive(9)).toBe("SIGNATURE_INVALID");
    expect(state.calls).toBe(2);
  });

  it.each([
    ["an error", () => new Response("", { status: 503 })],
    ["no JSON", () => new Response("hello")],
    ["no keys", () => Response.json({ keys: [] })],
  ])("stay as they were while the address answers %s", async (_, respond) => {
    const { state, receive } = address();
    await receive(1);
    state.answer = respond;
    state.now += 301_000;
    expect(await receive(1)).toBe("v1a");
    expect(state.calls).toBe(2);
  });

  it("that were never had are said to be unavailable, and asked for again", async () => {
    const { state, receive } = address();
    const { answer: respond } = state;
    state.answer = () => new Response("", { status: 404 });
    expect(await receive(1)).toBe("KEYS_UNAVAILABLE");
    state.answer = respond;
    expect(await receive(1)).toBe("v1a");
  });
});
