/**
 * The names of merchants and the name server that knows them: the suite's own, which the worker is pointed to. Every
 * name has a time to live of a second, and a merchant of the plan is called by a new one now and then, so that faults
 * of the name server find questions to fail.
 */
import { type DnsAnswer, type DnsZone, NameServer } from "../../../local/dns/name-server.ts";
import type { DeliveryMode } from "../../../core/settings/groups/delivery.ts";
import type { FamilyFault, NamesFault } from "../plan/fault.ts";
import { DEAD_NAME, MOVED_ADDRESS, MOVING, SILENT_ADDRESS, TWO_ADDRESSES } from "../plan/merchants.ts";

const LOOPBACK = "127.0.0.1";
const LOOPBACK_V6 = "::1";
const TTL_SECONDS = 1;
/** Under it an IPv6 address that must not be called stands beside the good one. */
const BESIDE_FORBIDDEN = "named-1";
const FIXED = "pay";

export class MerchantNames {
  readonly #server: NameServer;
  readonly #names: { readonly name: string; readonly merchantId: string }[] = [];
  #downFrom = 0;
  #family: FamilyFault | undefined;
  #dead: "SERVFAIL" | "silent" | undefined;
  #isMoved = false;
  readonly #mode: DeliveryMode;
  /** Questions from which on the worker that runs now has asked, without those while all was down. */
  #askedByWorker = 0;
  #askedInVain: readonly { readonly name: string }[] = [];
  /** Names that are asked for in vain though they were answered before. */
  #lost: ReadonlySet<string> = new Set();

  static async start(mode: DeliveryMode): Promise<MerchantNames> {
    return new MerchantNames(await NameServer.start(), mode);
  }

  private constructor(server: NameServer, mode: DeliveryMode) {
    this.#server = server;
    this.#mode = mode;
  }

  /** As `settings.delivery.nameServers` lists it. */
  get address(): string {
    return this.#server.address;
  }

  /** Questions that were heard so far. */
  get asked(): number {
    return this.#server.asked.length;
  }

  /** Questions for one family. */
  askedFor(family: "A" | "AAAA"): number {
    return this.#server.asked.filter(({ type }) => type === family).length;
  }

  /** Names so far. */
  get count(): number {
    return this.#names.length;
  }

  /** The merchant's name, which stays the same; or a new one of its site. */
  nameOf(merchantId: string, label = FIXED): string {
    const name = `${label}.${merchantId}.test`;
    this.#names.push({ name, merchantId });
    this.#server.set(name, this.#zoneOf(name, merchantId));
    return name;
  }

  /** A worker begins and knows nothing of what another one was answered. */
  workerBegins(): void {
    this.#askedByWorker = this.asked;
    this.#askedInVain = [];
  }

  async allDown(how: NamesFault): Promise<void> {
    this.#downFrom = this.asked;
    if (how === "refusing") await this.#server.close();
    else this.#server.fault = how === "silent" ? "silence" : { code: how };
  }

  async allUp(): Promise<void> {
    this.#askedInVain = [...this.#askedInVain, ...this.#server.asked.slice(this.#downFrom)];
    this.#server.fault = undefined;
    await this.#server.open();
  }

  /** @param how undefined: both families are answered again */
  familyDown(how: FamilyFault | undefined): void {
    this.#family = how;
    this.#lost = how === "A SERVFAIL" ? this.#known() : new Set();
    this.#setAll();
  }

  /** The names of one merchant. */
  dead(how: "SERVFAIL" | "silent" | undefined): void {
    this.#dead = how;
    this.#setAll();
  }

  moved(): void {
    this.#isMoved = true;
    this.#setAll();
  }

  stop(): Promise<void> {
    return this.#server.close();
  }

  #setAll(): void {
    for (const { name, merchantId } of this.#names) this.#server.set(name, this.#zoneOf(name, merchantId));
  }

  #zoneOf(name: string, merchantId: string): DnsZone {
    const isDead = merchantId === DEAD_NAME && this.#dead !== undefined;
    if (isDead) return { A: failure(this.#dead), AAAA: failure(this.#dead) };
    const A = { addresses: this.#addressesOf(merchantId), ttlSeconds: TTL_SECONDS };
    const AAAA = { addresses: merchantId === BESIDE_FORBIDDEN ? [LOOPBACK_V6] : [], ttlSeconds: TTL_SECONDS };
    if (this.#family === "AAAA silent") return { A, AAAA: "silence" };
    if (this.#family === "AAAA SERVFAIL") return { A, AAAA: { code: "SERVFAIL" } };
    return { A: this.#lost.has(name) ? { code: "SERVFAIL" } : A, AAAA };
  }

  /**
   * Half an answer cannot make up for what was never known: names whose addresses the worker that runs now has been
   * told. Executions of a function come and go, and what one of them was told no other one knows.
   */
  #known(): Set<string> {
    if (this.#mode === "lambda") return new Set();
    const inVain = new Set(this.#askedInVain);
    const told = this.#server.asked.slice(this.#askedByWorker).filter((question) => !inVain.has(question));
    return new Set(told.flatMap(({ name, type }) => (type === "A" && name.startsWith(`${FIXED}.`) ? [name] : [])));
  }

  #addressesOf(merchantId: string): readonly string[] {
    if (merchantId === TWO_ADDRESSES) return [SILENT_ADDRESS, LOOPBACK];
    return [merchantId === MOVING && this.#isMoved ? MOVED_ADDRESS : LOOPBACK];
  }
}

function failure(how: "SERVFAIL" | "silent" | undefined): DnsAnswer {
  return how === "SERVFAIL" ? { code: how } : "silence";
}
