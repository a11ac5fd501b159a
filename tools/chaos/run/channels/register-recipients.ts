/** Templates that recipients' channels name, as the operator's own: each has the mark that messages are told by. */
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { TEMPLATE } from "../../plan/recipients.ts";

const MARK = "{{transactionId}}#{{version}}";
const LANGUAGE = "en";
const CONTENTS: Readonly<Record<string, Record<string, AttributeValue>>> = {
  email: { subject: { S: "Paid {{amount}} {{currency}}" }, text: { S: `Transaction ${MARK}: {{outcome}}` } },
  sms: { text: { S: `${MARK}: {{amount}} {{currency}}` } },
  whatsapp: { parameters: { L: [{ S: MARK }] } },
};

export async function registerTemplates(client: Pick<DynamoDBClient, "send">, merchantsTable: string): Promise<void> {
  for (const [kind, content] of Object.entries(CONTENTS)) {
    const merchantId = `template ${kind} ${TEMPLATE}`;
    const put = (Item: Record<string, AttributeValue>) =>
      client.send(new PutItemCommand({ TableName: merchantsTable, Item }));
    await put({
      merchantId: { S: `${merchantId} ${LANGUAGE}` },
      content: { M: content },
      digest: { S: "of-the-suite" },
    });
    await put({
      merchantId: { S: merchantId },
      languages: { SS: [LANGUAGE] },
      defaultLanguage: { S: LANGUAGE },
    });
  }
}
