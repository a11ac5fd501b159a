/**
 * Configuration of a program from its environment: parsed once, at start, every fault reported together, frozen. Each
 * program has one file that calls `parseEnvironment(shape, process.env)` and is the only one to read `process.env`.
 */
import { z } from "zod";
import { PipelineError } from "../errors/pipeline-error.ts";

export class EnvironmentError extends PipelineError {
  override readonly name = "EnvironmentError";
  readonly code = "ENVIRONMENT_INVALID";
}

export const text = z.string().min(1);
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^-?\d+$/, "expected an integer")
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));
/** A number with decimals, such as 0.05. */
export const decimal = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(e-\d+)?$/, "expected a decimal number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));
export const flag = z.enum(["true", "false"]).transform((word) => word === "true");
/** Comma-separated integers; empty for none. */
export const integerList = z
  .string()
  .regex(/^(\d+(,\d+)*)?$/, "expected integers joined by commas")
  .transform((list) => (list === "" ? [] : list.split(",").map(Number)));
/** Comma-separated texts; empty for none. */
export const textList = z
  .string()
  .transform((list) => (list === "" ? [] : list.split(",").map((entry) => entry.trim())));

/**
 * @param shape a schema by name of variable
 * @throws EnvironmentError that names every variable that is missing or wrong; values are not repeated, they may be
 * secret
 */
export function parseEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: NodeJS.ProcessEnv,
): Readonly<z.infer<z.ZodObject<Shape>>> {
  const parsed = z.object(shape).safeParse(environment);
  if (parsed.success) return Object.freeze(parsed.data);
  const faults = parsed.error.issues.map((issue) => {
    const name = issue.path.join(".");
    return `  ${name}: ${environment[name] === undefined ? "is missing" : issue.message}`;
  });
  throw new EnvironmentError(
    `The environment cannot be used:\n${faults.join("\n")}\nThe stack sets these variables; see ` +
      "core/settings/names.ts.",
  );
}
