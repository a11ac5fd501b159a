import { expect, test } from "@jest/globals";
import { deployersOf, requireKnownTypes } from "../../local/assembly/known-types.ts";
import type { Resource } from "../../local/assembly/template.ts";

const check = (Resources: Readonly<Record<string, Resource>>) => requireKnownTypes({ Resources });

test("a type that is not known is refused, by its logical id and with what to do", () => {
  expect(() => check({ Saga: { Type: "AWS::StepFunctions::StateMachine" } })).toThrow(
    expect.objectContaining({
      code: "LOCAL_TEMPLATE_UNSUPPORTED",
      message: expect.stringMatching(/Saga is of type AWS::StepFunctions::StateMachine, .*\n.*stack of its own/),
    }),
  );
});

test("a property that is not known is refused, with those that are", () => {
  const properties = { TableName: "Orders", KinesisStreamSpecification: { StreamArn: "arn" } };
  expect(() => check({ Orders: { Type: "AWS::DynamoDB::Table", Properties: properties } })).toThrow(
    /Orders \(AWS::DynamoDB::Table\) has the property KinesisStreamSpecification; expected only TableName, KeySchema/,
  );
});

test("all that is not known is told at once", () => {
  const found = () =>
    check({ A: { Type: "AWS::Redshift::Cluster" }, B: { Type: "AWS::SQS::Queue", Properties: { Colour: "red" } } });
  expect(found).toThrow(/A is of type[^]*B \(AWS::SQS::Queue\) has the property Colour/);
});

test("what means nothing on one machine is left out", () => {
  check({
    Role: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: {} } },
    Table: { Type: "AWS::DynamoDB::Table", Properties: { BillingMode: "PAY_PER_REQUEST" } },
  });
});

test("functions that only a deployment calls may be as they are", () => {
  const Resources = {
    Handler: { Type: "AWS::Lambda::Function", Properties: { Layers: ["arn"] } },
    Empty: {
      Type: "Custom::S3AutoDeleteObjects",
      Properties: { ServiceToken: { "Fn::GetAtt": ["Handler", "Arn"] } },
    },
  };
  requireKnownTypes({ Resources });
  expect([...deployersOf({ Resources })]).toEqual(["Handler"]);
});
