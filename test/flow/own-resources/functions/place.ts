/** Writes the order that is named in the path. */
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const dynamodb = new DynamoDBClient();

export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const id = event.pathParameters?.["id"] ?? "";
  await dynamodb.send(new PutItemCommand({ TableName: process.env["ORDERS_TABLE"] ?? "", Item: { id: { S: id } } }));
  return { statusCode: 201, body: JSON.stringify({ id, path: event.requestContext.path }) };
}
