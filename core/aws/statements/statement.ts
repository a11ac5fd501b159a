/**
 * What every write of the pipeline to a transaction is made of: a conditional PartiQL update. All of them name the
 * version they are meant for, so that a newer outcome is never overwritten; all but the record of a 2xx also name the
 * release, so that what an older message did cannot undo what a newer generation began.
 */
import type { AttributeValue } from "../../transaction/attribute-value.ts";

export interface Statement {
  /** A batch may name a row only once. */
  readonly transactionId: string;
  readonly text: string;
  readonly parameters: readonly AttributeValue[];
  /** The same as a member of a batch, where it was made as text. @default made of text and parameters */
  readonly json?: string;
}

/** One of the `Statements` of a `BatchExecuteStatement`. */
interface BatchMember {
  readonly Statement: string;
  readonly Parameters: readonly AttributeValue[];
}

/** A statement that was made as text; its parts are read back for whoever wants them. */
export class JsonStatement implements Statement {
  readonly transactionId: string;
  readonly json: string;

  constructor(transactionId: string, json: string) {
    this.transactionId = transactionId;
    this.json = json;
  }

  get text(): string {
    return this.#read().Statement;
  }

  get parameters(): readonly AttributeValue[] {
    return this.#read().Parameters;
  }

  #read(): BatchMember {
    return JSON.parse(this.json) as BatchMember;
  }
}

/** Which row is meant, at which version and generation. */
export interface Target {
  readonly transactionId: string;
  readonly version: number;
  readonly release: number;
}

export const number = (value: number): AttributeValue => ({ N: String(value) });
export const text = (value: string): AttributeValue => ({ S: value });

/** Collects the clauses of one update and their parameters in the order in which they appear. */
export class Update {
  readonly #table: string;
  readonly #clauses: string[] = [];
  readonly #conditions: string[] = [];
  readonly #set: AttributeValue[] = [];
  readonly #where: AttributeValue[] = [];

  constructor(table: string) {
    this.#table = table;
  }

  set(name: string, value: AttributeValue): this {
    this.#clauses.push(`SET ${name}=?`);
    this.#set.push(value);
    return this;
  }

  remove(...names: string[]): this {
    for (const name of names) this.#clauses.push(`REMOVE ${name}`);
    return this;
  }

  where(condition: string, ...values: AttributeValue[]): this {
    this.#conditions.push(condition);
    this.#where.push(...values);
    return this;
  }

  build(transactionId: string): Statement {
    const conditions = ["transactionId=?", ...this.#conditions].join(" AND ");
    return {
      transactionId,
      text: `UPDATE "${this.#table}" ${this.#clauses.join(" ")} WHERE ${conditions}`,
      parameters: [...this.#set, text(transactionId), ...this.#where],
    };
  }
}
