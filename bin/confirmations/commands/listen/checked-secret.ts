/** The secret that webhooks are verified with, as it was given; never shown again. */
import { wrongLine } from "../../frame/command-failure.ts";

const VARIABLE = "CONFIRMATIONS_WEBHOOK_SECRET";
const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

/** @returns undefined where none is given. @throws CommandFailure for what is none */
export function checkedSecret(
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const given = (option ?? environment[VARIABLE])?.trim();
  // An empty variable is none.
  if (given === undefined || given === "") return undefined;
  if (SECRET.test(given)) return given;
  throw wrongLine(
    `${option === undefined ? `$${VARIABLE}` : "--secret"} is none, expected whsec_ and base64 of 24 bytes or more; ` +
      "`npx confirmations merchants secret show` has it",
  );
}
