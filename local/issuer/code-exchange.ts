/**
 * What a browser's page sends the token endpoint to have its code made a token (RFC 6749, section 4.1.3): as a public
 * client, which has no secret and shows the verifier of its challenge instead.
 */
import type { Codes, Grant } from "./codes.ts";
import type { TokenRefusal } from "./token-request.ts";

export const CODE_GRANT = "authorization_code";
const PARAMETERS = ["grant_type", "code", "redirect_uri", "client_id", "code_verifier"] as const;

export function codeExchange(form: URLSearchParams, codes: Pick<Codes, "take">): Grant | TokenRefusal {
  const wrong = PARAMETERS.find((name) => form.getAll(name).length !== 1);
  if (wrong !== undefined) {
    const expected = `expected each of ${PARAMETERS.join(", ")} once`;
    return {
      error: "invalid_request",
      error_description: `${wrong} is there ${form.getAll(wrong).length} times; ${expected}`,
    };
  }
  const textOf = (name: (typeof PARAMETERS)[number]): string => form.get(name) ?? "";
  const grant = codes.take({
    code: textOf("code"),
    clientId: textOf("client_id"),
    redirectUri: textOf("redirect_uri"),
    verifier: textOf("code_verifier"),
  });
  return (
    grant ?? {
      error: "invalid_grant",
      error_description: "the code is none, was used, is over, or was given to somebody else; sign in again",
    }
  );
}
