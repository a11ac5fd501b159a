/**
 * The API of the stack that runs on this machine, found by its state directory. Its issuer gives a token to whoever
 * asks, so none is kept.
 */
import { readStackFile } from "../../../local/stack-file.ts";
import { CommandFailure } from "../frame/command-failure.ts";
import type { Surroundings } from "../frame/surroundings.ts";
import { type ApiPlace, type TokenWish } from "./place.ts";
import { requestToken } from "./request-token.ts";

const COMMAND_LINE_CLIENT = "confirmations";

export function localPlace(stateDirectory: string, { fetch }: Pick<Surroundings, "fetch">): ApiPlace {
  const stack = stackIn(stateDirectory);
  const { api: url, issuer, console: consoleUrl } = stack;
  const restart = "start the stack again with `npm start`";
  const remedy = `${restart}, or name its directory with --state`;
  if (url === undefined || issuer === undefined)
    throw new CommandFailure(
      "refused",
      `The stack with its state in ${stateDirectory} has no API; start it without the settings that turn it off.`,
    );
  return {
    url,
    remedy,
    isLocal: true,
    ...(consoleUrl !== undefined && { consoleUrl }),
    token: ({ scopes, merchantId, lifetimeSeconds }: TokenWish = {}) =>
      requestToken(
        fetch,
        { url: `${issuer}/token`, what: "The issuer of the stack on this machine", remedy },
        {
          client_id: COMMAND_LINE_CLIENT,
          ...(scopes !== undefined && { scope: scopes.join(" ") }),
          ...(merchantId !== undefined && { merchant_id: merchantId }),
          ...(lifetimeSeconds !== undefined && { lifetime: String(lifetimeSeconds) }),
        },
      ),
  };
}

function stackIn(stateDirectory: string) {
  try {
    return readStackFile(stateDirectory);
  } catch (cause) {
    throw new CommandFailure("unreachable", (cause as Error).message, { cause });
  }
}
