/** Sets what a merchant's connection needs by the API of a stack that runs, with a token of its issuer. */
import type { Pipeline } from "./pipeline.ts";
import { waitFor } from "./wait-for.ts";

/** Of the settings of such a stack. */
export const CONNECTION_API = { audience: ["confirmations"] };

/** @param path such as `my-shop/oauth2`. @returns what it answered */
export async function setConnection({ stack }: Pipeline, path: string, body: object): Promise<string> {
  const form = { grant_type: "client_credentials", scope: "merchants:secrets" };
  const granted = await fetch(`${stack.endpoints.issuer}/token`, { method: "POST", body: new URLSearchParams(form) });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const put = () =>
    fetch(`${stack.endpoints.api}/v1/merchants/${path}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  // On a busy machine a function that starts has no time left to ask the issuer in.
  const response = await waitFor("the API takes access tokens", async () => {
    const answered = await put();
    return answered.status === 503 ? undefined : answered;
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`PUT ${path}: ${response.status} ${text}`);
  return text;
}
