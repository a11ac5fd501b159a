/**
 * The model of the protocol as a search goes through it: which steps could come next, disturbances among them, and what
 * must hold after each and at the end. Everything begins anew with each schedule, so that a schedule that is taken
 * again ends the same.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { isTerminal } from "../../core/transaction/row/row-state.ts";
import { ProtocolModel } from "../support/protocol-model.ts";
import type { ModelTask } from "../support/protocol-task.ts";
import { ChosenSteps, digest, type Manner } from "./chosen-steps.ts";
import type { Turns } from "./turns.ts";
import { Watch } from "./watch.ts";
import { LEASE_MS } from "../support/protocol-surroundings.ts";

/** What somebody outside does to the row, and what may go wrong. */
export interface Scope {
  readonly name: string;
  /** What its producers and operators do, one after the other, at any time. */
  readonly script: readonly Act[];
  readonly disturbances: readonly Disturbance[];
  /** Most disturbances of one schedule. */
  readonly most: number;
  /** @default 2 */
  readonly tasks?: number;
  /** Of the recipient. @default it has the webhook alone */
  readonly plan?: ProtocolModel["plan"];
  /** Channels that reach nobody. @default each does */
  readonly unreachable?: readonly string[];
  /** Whether each kind of disturbance comes once at most. @default as often as `most` allows */
  readonly isEachOnce?: boolean;
}

export interface Act {
  readonly name: string;
  readonly act: (model: ProtocolModel) => void;
  /** @default at any time */
  readonly when?: (model: ProtocolModel) => boolean;
}

export type Disturbance =
  | "kill"
  | "sleep"
  | "refused"
  | "unanswered"
  | "visibility"
  | "lease"
  | "second look"
  | "merchant"
  | "no more";

interface Choice {
  readonly label: string;
  readonly isDisturbance: boolean;
  /** Which one, where it is one. */
  readonly kind?: Disturbance;
  readonly take: () => void | Promise<void>;
}

export const ID = "a";
/** Short of the end of a visibility: too late for a call, in time to extend it. */
const NEARLY_MS = 3000;
/** Between looks that could do nothing. */
const LOOK_EVERY_MS = 60_000;
/** Looks in a row that came to nothing, after which nobody will come for what is pending. */
const MOST_VAIN_LOOKS = 200;
/** Ends of a visibility or lease that somebody sleeps through. */
const MOST_JUMPS = 1;

export class World {
  readonly steps: ChosenSteps;
  readonly model: ProtocolModel;
  readonly watch: Watch;
  readonly #scope: Scope;
  readonly #turns: Turns;
  #scripted = 0;
  disturbed = 0;
  /** Of the disturbances so far. */
  readonly #kinds = new Set<Disturbance>();
  /** What the last look found, so that one that came to nothing is not repeated at once. */
  #looked = "";
  #vainLooks = 0;
  #jumped = 0;
  readonly #running = new Set<string>();

  constructor(scope: Scope, turns: Turns) {
    this.#scope = scope;
    this.#turns = turns;
    this.steps = new ChosenSteps(() => this.model.clock.now());
    this.model = new ProtocolModel(this.steps);
    this.model.plan = scope.plan;
    this.model.unreachable = scope.unreachable ?? [];
    this.watch = new Watch(this.model, () => this.disturbed);
  }

  /** None where nothing is left to do. */
  choices(): Choice[] {
    const normal = [...this.#pendingSteps(), ...this.#beginnings(), ...this.#scriptedAct()];
    const disturbances = this.disturbed < this.#scope.most ? this.#disturbances() : [];
    const isIdle = normal.length === 0;
    const isSleeping = this.steps.sleepers.length > 0 && this.#jumped < MOST_JUMPS;
    const time = isIdle ? this.#passingTime() : isSleeping ? this.#jumps(false) : [];
    return [...normal, ...time, ...disturbances];
  }

  async take({ take, isDisturbance, kind }: Choice): Promise<void> {
    if (isDisturbance) this.disturbed += 1;
    if (kind !== undefined) this.#kinds.add(kind);
    await take();
    await this.#turns.rest();
    if (!this.#running.has("stream")) this.model.skipIdleChanges();
    for (const actor of ["task 0", "task 1", "stream", "look", "look 2"])
      if (!this.#running.has(actor) && !this.steps.isBusy(actor)) this.steps.forget(actor);
  }

  /** Two worlds of the same state go on alike. */
  state(): string {
    const { table, confirmations, ordered, deadLetters, clock, unread, healthTable, isMerchantUp } = this.model;
    return digest([
      [...table.rows],
      table.changes.slice(table.changes.length - unread),
      [confirmations.state, ordered.state, deadLetters.state],
      [clock.now(), isMerchantUp, [...healthTable.rows]],
      [
        this.#scripted,
        this.disturbed,
        this.#scope.isEachOnce === true ? [...this.#kinds].toSorted() : [],
        this.#looked === this.#seen(),
        this.#vainLooks,
        this.#jumped,
        [...this.#running].toSorted(),
      ],
      this.steps.state(),
      this.watch.state(),
    ]);
  }

  #pendingSteps(): Choice[] {
    const taken = new Map<string, Choice>();
    for (const { actor, name } of this.steps.pending) {
      const label = `${actor}: ${name}`;
      taken.set(
        label,
        this.#choice(label, () => this.steps.take(actor, name, "done")),
      );
    }
    const woken = this.steps.sleepers.map((actor) => this.#choice(`${actor} wakes`, () => this.steps.wake(actor)));
    return [...taken.values(), ...woken];
  }

  #beginnings(): Choice[] {
    const { model } = this;
    const begun: Choice[] = [];
    if (!this.#running.has("stream") && model.unread > 0) {
      begun.push(this.#begin("stream", () => model.stream()));
      if (model.unread > 1) begun.push(this.#begin("stream", () => model.stream(1), "stream, one record"));
    }
    const isReceivable = model.confirmations.receivable > 0;
    // Tasks are alike: of those that have nothing in hand the first takes it.
    const free = this.#tasks.find(({ name }) => !this.#running.has(name));
    if (isReceivable && free !== undefined) begun.push(this.#begin(free.name, () => free.work()));
    if (!this.#running.has("look") && this.#isDue && this.#looked !== this.#seen())
      begun.push(this.#begin("look", () => this.#look("look")));
    return begun;
  }

  get #tasks(): readonly ModelTask[] {
    return this.model.tasks.slice(0, this.#scope.tasks ?? 2);
  }

  get #isDue(): boolean {
    return [...this.model.table.rows.values()].some((row) => dueAtOf(row) <= this.model.clock.now());
  }

  async #look(actor: string): Promise<void> {
    const seen = this.#seen();
    await this.model.look(actor);
    // Only a look that changed nothing is in vain.
    this.#vainLooks = this.#seen() === seen ? this.#vainLooks + 1 : 0;
    this.#looked = this.#seen();
  }

  #seen(): string {
    const { table, confirmations, clock } = this.model;
    return `${table.changes.length} ${confirmations.accepted.length} ${confirmations.messages.length} ${clock.now()}`;
  }

  #scriptedAct(): Choice[] {
    const act = this.#scope.script[this.#scripted];
    if (act === undefined || act.when?.(this.model) === false) return [];
    return [
      this.#choice(act.name, () => {
        this.#scripted += 1;
        act.act(this.model);
      }),
    ];
  }

  #disturbances(): Choice[] {
    const { disturbances, isEachOnce = false } = this.#scope;
    const kinds = disturbances.filter((kind) => !isEachOnce || !this.#kinds.has(kind));
    return kinds.flatMap((kind) => this.#disturbancesOf(kind).map((choice) => ({ ...choice, kind })));
  }

  #disturbancesOf(kind: Disturbance): Choice[] {
    if (kind === "kill")
      return [...this.#running].map((actor) => this.#disturb(`kill ${actor}`, () => this.#kill(actor)));
    if (kind === "visibility" || kind === "lease") return this.#running.size === 0 ? [] : this.#jumps(true, kind);
    if (kind === "second look") {
      const begin = this.#begin("look 2", () => this.#look("look 2"));
      return this.#running.has("look") && !this.#running.has("look 2") ? [{ ...begin, isDisturbance: true }] : [];
    }
    if (kind === "no more") return this.#calls.map(({ actor }) => this.#stop(actor));
    if (kind === "merchant") return this.#calls.map(({ actor }) => this.#fail(actor));
    return this.#manner(kind === "sleep" ? "asleep" : kind);
  }

  #manner(manner: Exclude<Manner, "done">): Choice[] {
    return this.steps.pending.map(({ actor, name }) =>
      this.#disturb(`${actor}: ${name}, ${manner}`, () => this.steps.take(actor, name, manner)),
    );
  }

  get #calls(): readonly { readonly actor: string }[] {
    return this.steps.pending.filter(({ name }) => name === "call");
  }

  /** It asks not to be told of this one again, and it is given up. */
  #stop(actor: string): Choice {
    return this.#disturb(`${actor}: call, wants no more`, async () => {
      this.model.asksForNoMore = true;
      await this.steps.take(actor, "call", "done");
      this.model.asksForNoMore = false;
    });
  }

  /** It answers that it cannot take the call now. */
  #fail(actor: string): Choice {
    return this.#disturb(`${actor}: call, answered with 503`, async () => {
      this.model.isMerchantUp = false;
      await this.steps.take(actor, "call", "done");
      this.model.isMerchantUp = true;
    });
  }

  #kill(actor: string): void {
    this.steps.drop(actor);
    this.#running.delete(actor);
    if (actor === "stream") this.model.endStream();
    else this.model.tasks.find(({ name }) => name === actor)?.crash();
  }

  /** Nothing else is left: it goes on when a message is seen again or a row is due. */
  #passingTime(): Choice[] {
    const { clock } = this.model;
    const next = Math.min(...this.#visibleAts, ...this.#dueAts);
    if (Number.isFinite(next)) return [this.#choice("time passes", () => clock.advance(next - clock.now()))];
    const isPending = [...this.model.table.rows.values()].some(
      (row) => !isTerminal(row) || row["dueKey"] !== undefined,
    );
    if (!isPending || this.#vainLooks > MOST_VAIN_LOOKS) return [];
    return [this.#choice("time passes", () => clock.advance(LOOK_EVERY_MS))];
  }

  /** Time passes while somebody is at something. */
  #jumps(isDisturbance: boolean, kind?: "visibility" | "lease"): Choice[] {
    const { clock } = this.model;
    const to = (label: string, at: number): Choice[] =>
      Number.isFinite(at) && at > clock.now()
        ? [{ label, isDisturbance, take: () => this.#jump(at - clock.now(), isDisturbance) }]
        : [];
    const visibleAt = Math.min(...this.#visibleAts);
    return [
      ...(kind === "lease"
        ? []
        : [...to("visibility nearly ends", visibleAt - NEARLY_MS), ...to("visibility ends", visibleAt)]),
      ...(kind === "visibility" ? [] : to("lease ends", Math.min(...this.#dueAts))),
    ];
  }

  #jump(ms: number, isDisturbance: boolean): void {
    this.model.clock.advance(ms);
    if (!isDisturbance) this.#jumped += 1;
  }

  get #visibleAts(): number[] {
    const now = this.model.clock.now();
    return this.model.confirmations.messages.map(({ visibleAt }) => visibleAt).filter((at) => at > now);
  }

  get #dueAts(): number[] {
    const now = this.model.clock.now();
    const dueAts = [...this.model.table.rows.values()].map(dueAtOf);
    return dueAts.filter((at) => at > now && at < now + 100 * LEASE_MS);
  }

  #begin(actor: string, work: () => Promise<unknown>, label = `${actor} begins`): Choice {
    return this.#choice(label, () => {
      this.#running.add(actor);
      // One that is killed never ends.
      void work().finally(() => this.#running.delete(actor));
    });
  }

  #choice(label: string, take: () => void | Promise<void>): Choice {
    return { label, isDisturbance: false, take };
  }

  #disturb(label: string, take: () => void | Promise<void>): Choice {
    return { label, isDisturbance: true, take };
  }
}

function dueAtOf(row: AttributeMap): number {
  return row["dueKey"] === undefined ? Number.POSITIVE_INFINITY : Number(row["dueAt"]?.N ?? Number.NaN);
}
