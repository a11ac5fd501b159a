/**
 * The part of CloudWatch's metric math that panels and alarms use, over numbers of one period: `+ - * /`, comparisons,
 * `AND`, `OR`, `IF`, `FILL`, `PERIOD`, `MIN`, `MAX`, `SUM`, `ABS`, `CEIL`, `FLOOR`. What was not measured has no value,
 * and neither has what is calculated from it, but for `FILL`; nor has a division by zero. Anything else is a
 * `MathError`: a guess would show numbers that CloudWatch does not.
 */
import { PipelineError } from "../errors/pipeline-error.ts";

/** An expression that this program does not know. The message says where. */
export class MathError extends PipelineError {
  override readonly name = "MathError";
  readonly code = "EXPRESSION_UNKNOWN";
}

export interface Terms {
  /** Values by the names that the expression has for them; undefined where nothing was measured. */
  readonly values: Readonly<Record<string, number | undefined>>;
  readonly periodSeconds: number;
}

type Compute = (terms: Terms) => number | undefined;

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(>=|<=|==|!=|&&|\|\||[-+*/()<>,[\]]))/y;
/** From the weakest to the strongest. */
const OPERATORS: readonly Readonly<Record<string, (left: number, right: number) => number>>[] = [
  { OR: (left, right) => Number(left !== 0 || right !== 0), "||": (left, right) => Number(left !== 0 || right !== 0) },
  { AND: (left, right) => Number(left !== 0 && right !== 0), "&&": (left, right) => Number(left !== 0 && right !== 0) },
  {
    ">": (left, right) => Number(left > right),
    "<": (left, right) => Number(left < right),
    ">=": (left, right) => Number(left >= right),
    "<=": (left, right) => Number(left <= right),
    "==": (left, right) => Number(left === right),
    "!=": (left, right) => Number(left !== right),
  },
  { "+": (left, right) => left + right, "-": (left, right) => left - right },
  { "*": (left, right) => left * right, "/": (left, right) => left / right },
];

/** Over those of the values that there are. */
const ALL_OF: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
};
const ROUNDED: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

/** @throws MathError */
export function compileMath(expression: string): Compute {
  const tokens = tokensOf(expression);
  let next = 0;
  const fault = (expected: string): MathError =>
    new MathError(`${JSON.stringify(expression)}: expected ${expected}, got ${tokens[next] ?? "its end"}`);
  const take = (token: string): void => {
    if (tokens[next] !== token) throw fault(token);
    next += 1;
  };

  const binary = (level: number): Compute => {
    const operators = OPERATORS[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (;;) {
      const operator = operators[tokens[next] ?? ""];
      if (operator === undefined) return left;
      next += 1;
      left = applied(operator, left, binary(level + 1));
    }
  };
  const unary = (): Compute => {
    if (tokens[next] !== "-") return single();
    next += 1;
    const of = unary();
    return applied(
      (left, right) => left - right,
      () => 0,
      of,
    );
  };
  const single = (): Compute => {
    const token = tokens[next] ?? "";
    if (token === "(") {
      next += 1;
      const inner = binary(0);
      take(")");
      return inner;
    }
    if (/^\d/.test(token)) {
      next += 1;
      return () => Number(token);
    }
    if (!/^[A-Za-z_]/.test(token)) throw fault("a value");
    next += 1;
    return tokens[next] === "(" ? called(token) : ({ values }) => values[token];
  };
  const called = (name: string): Compute => {
    const list: Compute[] = [];
    do {
      next += 1;
      if (tokens[next] === "[") list.push(...array());
      else list.push(binary(0));
    } while (tokens[next] === ",");
    take(")");
    return functionOf(name, list, fault);
  };
  const array = (): Compute[] => {
    const list: Compute[] = [];
    do {
      next += 1;
      list.push(binary(0));
    } while (tokens[next] === ",");
    take("]");
    return list;
  };

  const compute = binary(0);
  if (next < tokens.length) throw fault("its end");
  return compute;
}

function functionOf(name: string, list: readonly Compute[], fault: (expected: string) => MathError): Compute {
  const [first = () => undefined, second = () => undefined, third = () => undefined] = list;
  if (name === "PERIOD") return ({ periodSeconds }) => periodSeconds;
  if (name === "FILL" && list.length === 2) return (terms) => first(terms) ?? second(terms);
  if (name === "IF" && list.length === 3)
    return (terms) => {
      const condition = first(terms);
      if (condition === undefined) return undefined;
      return condition === 0 ? third(terms) : second(terms);
    };
  const rounded = ROUNDED[name];
  if (rounded !== undefined)
    return (terms) => {
      const value = first(terms);
      return value === undefined ? undefined : rounded(value);
    };
  const allOf = ALL_OF[name];
  if (allOf === undefined) throw fault(`a function that is known here in the place of ${name}`);
  return (terms) => {
    const values = list.map((compute) => compute(terms)).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : allOf(values);
  };
}

function applied(operator: (left: number, right: number) => number, left: Compute, right: Compute): Compute {
  return (terms) => {
    const [one, other] = [left(terms), right(terms)];
    if (one === undefined || other === undefined) return undefined;
    const value = operator(one, other);
    return Number.isFinite(value) ? value : undefined;
  };
}

function tokensOf(expression: string): readonly string[] {
  const tokens: string[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new MathError(`${JSON.stringify(expression)}: ${JSON.stringify(text.slice(at))} is not known`);
    tokens.push(match[0].trim());
  }
  return tokens;
}
