/**
 * Sees circuits open: looks at the health rows a few times a second, past the proxies, and notes each opening with its
 * time.
 */
import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { MERCHANT_GATES_TABLE_NAME } from "../../../core/settings/names.ts";
import type { Trip } from "./charged.ts";

const LOOK_EVERY_MS = 200;

export class MerchantHealthWatch {
  readonly #client: Pick<DynamoDBClient, "send">;
  readonly #trips: Trip[] = [];
  /** Trips in a row, of circuits that are not closed. */
  readonly #open = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(client: Pick<DynamoDBClient, "send">) {
    this.#client = client;
  }

  get trips(): readonly Trip[] {
    return this.#trips;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(
        () => this.start(),
        () => this.start(),
      );
    }, LOOK_EVERY_MS);
    // A run that fails stops nothing: the program ends all the same.
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#looking;
    clearTimeout(this.#timer);
  }

  /** Gates that were closed, or half open, and now are open once more. */
  see(healthRows: readonly Readonly<Record<string, AttributeValue>>[], atMs: number): void {
    for (const gate of healthRows) {
      const merchantId = gate["merchantId"]?.S ?? "";
      if (gate["circuitOpenUntil"] === undefined) {
        this.#open.delete(merchantId);
        continue;
      }
      const trips = Number(gate["circuitTrips"]?.N ?? 1);
      if (trips > (this.#open.get(merchantId) ?? 0)) this.#trips.push({ merchantId, atMs });
      this.#open.set(merchantId, trips);
    }
  }

  async #look(): Promise<void> {
    const { Items = [] } = await this.#client.send(
      new ScanCommand({ TableName: MERCHANT_GATES_TABLE_NAME, ConsistentRead: true }),
    );
    this.see(Items, Date.now());
  }
}
