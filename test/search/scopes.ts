/**
 * Small worlds that are gone through whole: one row, and what its producer, its operators and its surroundings may do
 * to it.
 */
import type { Channel } from "../../core/channels/channel.ts";
import { confirmationOf } from "../../core/aws/outgoing-messages.ts";
import { markStatement } from "../../core/aws/statements/redelivery.ts";
import { redeliveryMessage, whyNotMarkable } from "../../core/transaction/row/redelivery.ts";
import type { ProtocolModel } from "../support/protocol-model.ts";
import { changed, number, text, transactionRow } from "../support/rows.ts";
import { type Act, type Disturbance, ID, type Scope } from "./world.ts";

const MARK = { jobId: "job-1", generation: 1, markedAt: 1 };

const write: Act = { name: "write version 1", act: (model) => model.raise(ID, true, true) };
const raise: Act = { name: "raise to version 2", act: (model) => model.raise(ID, true, false) };
const put: Act = { name: "put version 2", act: (model) => model.raise(ID, false, true) };
const repeat: Act = { name: "put the same version again", act: (model) => model.repeat(ID, false) };
const change: Act = {
  name: "put the same version with another outcome",
  act: (model) => model.table.put(changed(transactionRow(), { transactionId: text(ID), outcome: text("REJECTED") })),
};
const lower: Act = {
  name: "lower to version 1",
  act: (model) => model.table.put(changed(rowOf(model), { version: number(1), outcome: text("REJECTED") })),
};
const remove: Act = { name: "delete the row", act: (model) => model.table.remove(ID) };
const redrive: Act = {
  name: "put the dead letter back",
  act: (model) => model.redrive(),
  when: (model) => model.deadLetters.messages.length > 0,
};

/** A job marks the row, confirmed or failed, and sends its message. */
const sendAgain: Act = {
  name: "send again",
  act: (model) => {
    const row = rowOf(model);
    void model.table.write([markStatement(model.table.name, row, MARK)]);
    void model.confirmations.send([confirmationOf(row, redeliveryMessage(row, MARK), "transaction")]);
  },
  when: ({ table }) => {
    const row = table.rows.get(ID);
    return row !== undefined && whyNotMarkable(row, MARK) === undefined;
  },
};

const scope = (name: string, script: readonly Act[], disturbances: readonly Disturbance[], most: number): Scope => ({
  name,
  script,
  disturbances,
  most,
});

const phone: Channel = { id: "phone", kind: "email", to: "owner@merchant.example", template: "paid" };
const mail: Channel = { id: "mail", kind: "email", to: "shop@merchant.example", template: "paid" };
const BOTH = { channels: [phone, mail], plan: "all" } as const;
const FALLBACK = { plan: { channels: [phone, mail], plan: "fallback" }, unreachable: ["phone"] } as const;

const receipt: Act = {
  name: "a receipt of the first message comes",
  act: (model) => model.receiveReceipt(),
  when: ({ sendings }) => sendings.length > 0,
};

/** Each within seconds: all of them are part of `npm test`. */
export const SMALL: readonly Scope[] = [
  scope("one version, programs that are killed", [write], ["kill"], 2),
  scope("one version, calls that fail", [write], ["refused", "unanswered", "merchant"], 1),
  scope("one version, a merchant that asks for no more", [write], ["no more", "kill"], 2),
  scope("one version, a visibility that ends meanwhile", [write], ["visibility"], 1),
  scope("two versions", [write, raise], [], 0),
  scope("two versions by puts, programs that are killed", [write, put], ["kill"], 1),
  scope("the same version again", [write, repeat], [], 0),
  scope("the same version with another outcome", [write, change], [], 0),
  scope("a lowered version", [write, raise, lower], [], 0),
  scope("a deleted row, programs that are killed", [write, remove], ["kill"], 1),
  scope("a dead letter that is put back", [write, redrive], ["no more"], 1),
  scope("sent again, programs that are killed", [write, sendAgain], ["kill"], 1),
  scope("sent again, calls that fail", [write, sendAgain], ["refused", "unanswered", "merchant", "no more"], 1),
  scope("sent again, and put again meanwhile", [write, sendAgain, repeat], [], 0),
  scope("sent again, and raised meanwhile", [write, sendAgain, raise], [], 0),
  scope("sent again, and changed meanwhile", [write, sendAgain, change], [], 0),
  { ...scope("by two channels, programs that are killed", [write], ["kill"], 1), plan: BOTH },
  { ...scope("by the second channel, programs that are killed", [write], ["kill"], 1), ...FALLBACK },
];

/** Some minutes each. */
export const LARGE: readonly Scope[] = [
  scope("one version, a lease that ends meanwhile", [write], ["lease"], 1),
  scope("one version, a program that sleeps", [write], ["sleep"], 1),
  { ...scope("one version, looks that overlap", [write], ["lease", "second look"], 2), isEachOnce: true },
  scope("one version, calls that fail and programs that are killed", [write], ["unanswered", "merchant", "kill"], 2),
  scope("two versions, a visibility that ends meanwhile", [write, raise], ["visibility"], 1),
  scope("two versions, calls that fail", [write, raise], ["refused", "unanswered", "merchant"], 1),
  scope("the same version again, a visibility that ends meanwhile", [write, repeat], ["visibility"], 1),
  scope("the same version with another outcome, programs that are killed", [write, change], ["kill"], 1),
  scope("a lowered version, programs that are killed", [write, raise, lower], ["kill"], 1),
  scope("a lowered version, its dead letter put back", [write, raise, lower, redrive], [], 0),
  scope("a dead letter that is put back, programs that are killed", [write, redrive], ["no more", "kill"], 2),
  scope("failed and sent again, programs that are killed", [write, sendAgain], ["no more", "kill"], 2),
  scope("sent again, a visibility that ends meanwhile", [write, sendAgain], ["visibility"], 1),
  scope("sent again, and put again meanwhile, programs that are killed", [write, sendAgain, repeat], ["kill"], 1),
  scope("failed, sent again and its dead letter put back", [write, sendAgain, redrive], ["no more"], 1),
  { ...scope("by two channels, a visibility that ends meanwhile", [write], ["visibility"], 1), plan: BOTH },
  { ...scope("by two channels, programs that are killed again", [write], ["kill"], 2), plan: BOTH },
  { ...scope("by the second channel, programs that are killed again", [write], ["kill"], 2), ...FALLBACK },
  { ...scope("by two channels, and a receipt", [write, receipt], ["kill"], 1), plan: BOTH },
  { ...scope("by two channels, and raised meanwhile", [write, raise], ["kill"], 1), plan: BOTH },
  { ...scope("by two channels, a lease that ends meanwhile", [write], ["lease"], 1), plan: BOTH },
];

function rowOf({ table }: ProtocolModel) {
  return table.row(ID);
}
