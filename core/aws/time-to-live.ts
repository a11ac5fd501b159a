/**
 * The time to live of a table, turned off and on. DynamoDB takes one change an hour (API Reference,
 * "UpdateTimeToLive"); what it refuses for that is asked for again later.
 */
import { DescribeTimeToLiveCommand, type DynamoDBClient, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { TIME_TO_LIVE } from "../settings/names.ts";

/** `later`: the change before was made within the hour. */
export type TimeToLiveChange = "changed" | "as it was" | "later";

export class TimeToLive {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async turn(to: "on" | "off"): Promise<TimeToLiveChange> {
    const isOn = to === "on";
    if ((await this.#isOn()) === isOn) return "as it was";
    try {
      await this.#client.send(
        new UpdateTimeToLiveCommand({
          TableName: this.#table,
          TimeToLiveSpecification: { AttributeName: TIME_TO_LIVE, Enabled: isOn },
        }),
      );
      return "changed";
    } catch (error) {
      if (error instanceof Error && error.name === "ValidationException") return "later";
      throw error;
    }
  }

  async #isOn(): Promise<boolean> {
    const { TimeToLiveDescription: is } = await this.#client.send(
      new DescribeTimeToLiveCommand({ TableName: this.#table }),
    );
    return is?.TimeToLiveStatus === "ENABLED" || is?.TimeToLiveStatus === "ENABLING";
  }
}
