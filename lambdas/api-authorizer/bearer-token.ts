/**
 * The one access token of a request, from the one `Authorization` header (RFC 6750, section 2.1). Two of them are
 * refused: which one counts would be anyone's guess.
 */
import type { APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { type Refusal, refused } from "./verdict.ts";

const BEARER = /^bearer +([\w.~+/-]+=*)$/i;

export type GivenHeaders = Pick<APIGatewayRequestAuthorizerEvent, "headers" | "multiValueHeaders">;

export function bearerToken({ headers, multiValueHeaders }: GivenHeaders): { readonly token: string } | Refusal {
  const given = Object.entries(multiValueHeaders ?? headers ?? {}).flatMap(([name, values]) =>
    name.toLowerCase() === "authorization" ? (values ?? []) : [],
  );
  if (given.length > 1) return refused("The request has more than one Authorization header; send one.");
  const [, token] = BEARER.exec(given[0]?.trim() ?? "") ?? [];
  return token === undefined ? refused("Expected the header Authorization: Bearer and an access token.") : { token };
}
