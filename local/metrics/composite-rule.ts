/**
 * The rule of a composite alarm over the states of others: `ALARM("name") OR (OK("name") AND NOT
 * INSUFFICIENT_DATA("name"))`, `TRUE`, `FALSE`, names or ARNs, with or without quotes.
 */
import type { AlarmState } from "../../core/dashboard/shown.ts";

const TOKEN =
  /\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s]+))\s*\)|(AND|OR|NOT|TRUE|FALSE|[()]))/y;

interface AlarmInState {
  readonly state: AlarmState;
  readonly name: string;
}

type Token = AlarmInState | string;

/** Undefined when that rests on alarms that are not evaluated. */
type Holds = boolean | undefined;

/**
 * @param stateOf by name or ARN; undefined where no such alarm is known
 * @returns undefined when the rule cannot be read, or rests on alarms that are not evaluated
 */
export function compositeHolds(rule: string, stateOf: (name: string) => AlarmState | undefined): Holds {
  const tokens = tokensOf(rule);
  if (tokens === undefined) return undefined;
  let next = 0;
  let isBroken = false;

  const either = (): Holds => {
    let holds = both();
    while (tokens[next] === "OR") {
      next += 1;
      holds = anyOf(holds, both());
    }
    return holds;
  };
  const both = (): Holds => {
    let holds = single();
    while (tokens[next] === "AND") {
      next += 1;
      holds = not(anyOf(not(holds), not(single())));
    }
    return holds;
  };
  const single = (): Holds => {
    const token = tokens[next];
    next += 1;
    if (token === "NOT") return not(single());
    if (token === "TRUE" || token === "FALSE") return token === "TRUE";
    if (token === "(") {
      const holds = either();
      isBroken ||= tokens[next] !== ")";
      next += 1;
      return holds;
    }
    isBroken ||= typeof token !== "object";
    const state = typeof token === "object" ? stateOf(token.name) : undefined;
    return state === undefined || state === "NOT_EVALUATED" ? undefined : state === (token as AlarmInState).state;
  };

  const holds = either();
  return isBroken || next !== tokens.length ? undefined : holds;
}

function anyOf(one: Holds, other: Holds): Holds {
  if (one === true || other === true) return true;
  return one === undefined || other === undefined ? undefined : false;
}

function not(holds: Holds): Holds {
  return holds === undefined ? undefined : !holds;
}

function tokensOf(rule: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const text = rule.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, state, quoted, single, bare, word = ""] = match;
    tokens.push(state === undefined ? word : { state: state as AlarmState, name: quoted ?? single ?? bare ?? "" });
  }
  return tokens;
}
