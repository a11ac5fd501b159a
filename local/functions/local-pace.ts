/**
 * The Live page of this machine is as live as its metrics are: steps of ten seconds, as often as the worker publishes,
 * read anew each few seconds, which costs nothing here. What is kept is a quarter of an hour of them.
 */
import { confirmationsApiEnvironment } from "../../lambdas/confirmations-api/environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";

const PERIOD_SECONDS = 10;
const PERIODS = 90;
const KEPT_SECONDS = 3;

export function atLocalPace(definition: FunctionDefinition): FunctionDefinition {
  const { periodSeconds, periods, keptMs } = confirmationsApiEnvironment.names.live;
  if (!(periodSeconds in definition.environment)) return definition;
  const pace = { [periodSeconds]: PERIOD_SECONDS, [periods]: PERIODS, [keptMs]: KEPT_SECONDS };
  const texts = Object.entries(pace).map(([name, value]) => [name, String(value)]);
  return { ...definition, environment: { ...definition.environment, ...Object.fromEntries(texts) } };
}
