/**
 * What must hold, whatever happens in whatever order. Looked at with every change, so that a fault is found where it is
 * made, and not where it shows; `violations` says what was broken, once for each kind.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { parseMessage } from "../../core/transaction/message.ts";
import { judge } from "../../core/transaction/judge-message.ts";
import { isOutstanding, redeliveryOf } from "../../core/transaction/row/redelivery.ts";
import { rowStateOf, stateOf } from "../../core/transaction/row/row-state.ts";
import { stepsOf } from "../../core/transaction/row/steps.ts";
import { versionOf } from "../../core/transaction/transaction.ts";
import type { ChannelSending } from "../support/protocol-surroundings.ts";
import type { ProtocolModel } from "../support/protocol-model.ts";

export type Invariant =
  | "confirmed falsely"
  | "failed without a dead letter"
  | "let go of what is owed"
  | "confirmed and then not"
  | "an older version after a newer one"
  | "delivered more often than disturbances allow"
  | "sent again and not as it was"
  | "a step that was recorded was done again"
  | "sent without a word of it on the row"
  | "lost";

export class Watch {
  readonly #model: ProtocolModel;
  readonly #disturbed: () => number;
  readonly #violations = new Map<Invariant, string>();
  /**
   * A put took the row's state with it: what is recorded before it is put back may have forgotten a delivery, and the
   * lease brings it again.
   */
  #isWiped = false;
  /** Times that a job marked the row, each for one delivery more. */
  #marks = 0;
  #markedVersion: number | undefined;
  /** Intents that the row has had. */
  readonly #wasNamed = new Set<string>();
  /** What had been delivered when it was last marked. */
  #deliveredBefore = 0;

  constructor(model: ProtocolModel, disturbed: () => number) {
    this.#model = model;
    this.#disturbed = disturbed;
    let before = new Map<string, AttributeMap>();
    model.table.onChange((id, row) => {
      if (row !== undefined) this.#changed(before.get(id), row);
      before = new Map(model.table.rows);
    });
    model.onSend = (sending) => this.#sending(sending);
    model.confirmations.onDelete = ({ body }) => this.#deleted(body);
  }

  get violations(): readonly string[] {
    return [...this.#violations].map(([kind, what]) => `${kind}: ${what}`);
  }

  /** What was delivered, and what has a dead letter, decides what may still be; in which order it came does not. */
  state(): unknown {
    const { deliveries, deadLetters, sendings } = this.#model;
    const delivered = deliveries.map(({ version, outcome }) => `${version} ${outcome}`).toSorted();
    return [
      delivered,
      sendings.map(({ channel, version }) => `${version} ${channel}`).toSorted(),
      [...new Set(deadLetters.accepted.map(({ body }) => body))].toSorted(),
      [...this.#violations],
      this.#isWiped,
      [this.#marks, deliveries.length > this.#deliveredBefore],
    ];
  }

  /** After each step. */
  look(): void {
    const { deliveries } = this.#model;
    const last = deliveries.at(-1);
    if (last === undefined) return;
    const newest = Math.max(...deliveries.map(({ version }) => version));
    const times = deliveries.filter(({ version }) => version === last.version).length;
    if (last.version < newest) this.#broken("an older version after a newer one", `${last.version} after ${newest}`);
    if (times > 1 + this.#disturbed() + this.#marks)
      this.#broken("delivered more often than disturbances allow", `version ${last.version} ${times} times`);
  }

  /** When nothing is left to do. */
  end(): void {
    for (const row of this.#model.table.rows.values()) {
      const { state } = rowStateOf(row);
      if (state !== "CONFIRMED" && state !== "FAILED")
        this.#broken("lost", `version ${versionOf(row)} is ${state} and nobody comes for it`);
      if (state === "CONFIRMED" && !this.#wasDelivered(row))
        this.#broken("confirmed falsely", `version ${versionOf(row)}`);
      if (row["dueKey"] !== undefined) this.#broken("lost", `a ${state} row stays in the due index`);
      const mark = redeliveryOf(row);
      if (mark === undefined && versionOf(row) === this.#markedVersion)
        this.#broken("lost", "the mark of a job is gone");
      // The message of one that was wiped for the moment is stale, and its job sends another.
      if (mark !== undefined && isOutstanding(row, mark) && !this.#isWiped)
        this.#broken("lost", "a row that was sent again has no result");
    }
    const { confirmations } = this.#model;
    if (confirmations.messages.length > 0) this.#broken("lost", "a message stays in the queue");
  }

  #changed(before: AttributeMap | undefined, row: AttributeMap): void {
    const version = versionOf(row);
    const { state } = rowStateOf(row);
    const isOurs =
      before?.["confirmationState"] !== row["confirmationState"] || before?.["stateVersion"] !== row["stateVersion"];
    const accepted = row["accepted"]?.M?.["outcome"]?.S;
    this.#named(row);
    this.#forgotten(before, row);
    if (isOurs && state === "CONFIRMED" && !this.#wasDelivered(row, accepted))
      this.#broken("confirmed falsely", `version ${version}`);
    if (isOurs && state === "FAILED" && !this.#hasDeadLetter(version))
      this.#broken("failed without a dead letter", `version ${version}`);
    this.#sentAgain(before, row);
    const wasConfirmed = before !== undefined && rowStateOf(before).state === "CONFIRMED";
    const isWiped = row["confirmationState"] === undefined;
    const isChanged = row["failure"]?.M?.["code"]?.S === "content_changed";
    if (isWiped && before?.["confirmationState"] !== undefined) this.#isWiped = true;
    if (wasConfirmed && versionOf(before) === version && state !== "CONFIRMED" && !isWiped && !isChanged)
      this.#broken("confirmed and then not", `version ${version} is ${state}`);
  }

  /** A step that is recorded stays recorded, but for a put that wipes it until it is restored. */
  #forgotten(before: AttributeMap | undefined, row: AttributeMap): void {
    const [was, is] = [before && stepsOf(before), stepsOf(row)];
    if (was === undefined || row["confirmationState"] === undefined || versionOf(row) !== was.version) return;
    for (const { channel, result } of was.done)
      if (result === "delivered" && is?.done.some((one) => one.channel === channel && one.result === result) !== true)
        this.#broken("a step that was recorded was done again", `that ${channel} was delivered is forgotten`);
  }

  /** What is about to be sent must be owed when it is named: from then on nothing can hold it back. */
  #named(row: AttributeMap): void {
    const { current, done = [], version } = stepsOf(row) ?? {};
    const intent = current?.intent;
    if (current === undefined || intent === undefined || this.#wasNamed.has(intent.id)) return;
    this.#wasNamed.add(intent.id);
    if (done.some(({ channel, result }) => channel === current.channel && result === "delivered"))
      this.#broken("a step that was recorded was done again", `${current.channel} of version ${version}`);
  }

  /** Before the service has it. */
  #sending({ channel, version, intentId }: ChannelSending): void {
    // Whoever sleeps between the two finds another one there, or that somebody recorded the step meanwhile.
    if (!this.#wasNamed.has(intentId))
      this.#broken("sent without a word of it on the row", `${channel} of version ${version}`);
    const times = this.#model.sendings.filter((one) => one.channel === channel && one.version === version).length;
    if (times > this.#disturbed())
      this.#broken("delivered more often than disturbances allow", `${channel} of version ${version} again`);
  }

  #sentAgain(before: AttributeMap | undefined, row: AttributeMap): void {
    const [was, mark] = [before && redeliveryOf(before), redeliveryOf(row)];
    const { deliveries } = this.#model;
    if (mark !== undefined && was === undefined && before?.["confirmationState"] !== undefined) {
      this.#marks += 1;
      this.#markedVersion = mark.version;
      this.#deliveredBefore = deliveries.length;
    }
    if (mark === undefined || before === undefined || before["confirmationState"] === undefined) return;
    if (mark.ended?.result === "delivered" && deliveries.length <= this.#deliveredBefore)
      this.#broken("sent again and not as it was", "its result is a delivery that was not made");
    if (stateOf(row) !== "CONFIRMED" || stateOf(before) !== "CONFIRMED") return;
    for (const name of ["attempts", "attemptCount", "settledAt", "accepted", "dueKey"])
      if (JSON.stringify(before[name]) !== JSON.stringify(row[name]))
        this.#broken("sent again and not as it was", `${name} of the confirmation changed`);
  }

  /** What has been deleted must not be what a worker would still have to hear. */
  #deleted(body: string): void {
    // What the stream has still to say of the row may take it back, or bring it anew.
    if (this.#model.unread > 0 || this.#isWiped) return;
    const parsed = parseMessage(body);
    if (parsed.kind !== "message") return;
    const { message } = parsed;
    const row = this.#model.table.rows.get(message.transactionId);
    const verdict = judge(message, row);
    if (verdict.kind === "deliver" || verdict.kind === "reopen" || verdict.kind === "redeliver")
      this.#broken("let go of what is owed", `version ${message.version}, release ${message.release}`);
  }

  /**
   * @param said what its merchant accepted, as the row has it; for one whose content was changed since, until that is
   * seen
   */
  #wasDelivered(row: AttributeMap, said = row["outcome"]?.S): boolean {
    const { plan, sendings } = this.#model;
    if (plan !== undefined) {
      const done = (stepsOf(row)?.done ?? []).filter(({ result }) => result === "delivered");
      const isWhole = plan.plan === "fallback" ? done.length > 0 : done.length === plan.channels.length;
      return isWhole && done.every(({ channel }) => sendings.some((sent) => sent.channel === channel));
    }
    return this.#model.deliveries.some(({ version, outcome }) => version === versionOf(row) && outcome === said);
  }

  #hasDeadLetter(version: number | undefined): boolean {
    return this.#model.deadLetters.accepted.some(
      ({ body }) => (JSON.parse(body) as { readonly version?: number }).version === version,
    );
  }

  #broken(kind: Invariant, what: string): void {
    if (!this.#violations.has(kind)) this.#violations.set(kind, what);
  }
}
