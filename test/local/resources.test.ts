import { describe, expect, it } from "@jest/globals";
import { resourcesOf } from "../../local/assembly/resources.ts";
import type { Template } from "../../local/assembly/template.ts";
import { LocalError } from "../../local/local-error.ts";

const addresses = {
  queueUrl: (name: string) => `http://127.0.0.1:9324/000000000000/${name}`,
  streamArn: (name: string) => `stream-of-${name}`,
  apiOrigin: "http://127.0.0.1:3000",
};

function read(template: Partial<Template>) {
  return resourcesOf({ Resources: {}, ...template }, "Stack", addresses);
}

describe("resources of the template on this machine", () => {
  it("a queue is referred to by its local URL, and by its ARN", () => {
    const resources = read({
      Resources: {
        Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "q.fifo" } },
        Worker: { Type: "Test", Properties: { Url: { Ref: "Queue" }, Arn: { "Fn::GetAtt": ["Queue", "Arn"] } } },
      },
    });
    expect(resources.ofType("Test")[0]?.properties).toEqual({
      Url: "http://127.0.0.1:9324/000000000000/q.fifo",
      Arn: "arn:aws:sqs:us-east-1:000000000000:q.fifo",
    });
  });

  it("FIFO queues and topics without a name get one that ends as theirs must", () => {
    const resources = read({
      Resources: {
        Slips: { Type: "AWS::SQS::Queue", Properties: { FifoQueue: true } },
        Placed: { Type: "AWS::SNS::Topic", Properties: { FifoTopic: true } },
      },
    });
    expect([resources.refOf("Slips"), resources.refOf("Placed")]).toEqual([
      "http://127.0.0.1:9324/000000000000/Slips.fifo",
      "arn:aws:sns:us-east-1:000000000000:Placed.fifo",
    ]);
  });

  it("the URL of a REST API leads to this machine", () => {
    const url = [
      "https://",
      { Ref: "Api" },
      ".execute-api.",
      { Ref: "AWS::Region" },
      ".",
      { Ref: "AWS::URLSuffix" },
      "/prod",
    ];
    const resources = read({
      Resources: { Api: { Type: "AWS::ApiGateway::RestApi" } },
      Outputs: { Url: { Value: { "Fn::Join": ["", url] } } },
    });
    expect(resources.outputs()).toEqual({ Url: "http://127.0.0.1:3000/prod" });
  });

  it("two resources may name each other", () => {
    const resources = read({
      Resources: {
        Main: { Type: "AWS::SQS::Queue", Properties: { QueueName: "main", Other: { "Fn::GetAtt": ["Dead", "Arn"] } } },
        Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead", Other: { "Fn::GetAtt": ["Main", "Arn"] } } },
      },
    });
    expect(resources.ofType("AWS::SQS::Queue").map(({ properties }) => properties["Other"])).toEqual([
      "arn:aws:sqs:us-east-1:000000000000:dead",
      "arn:aws:sqs:us-east-1:000000000000:main",
    ]);
  });

  it("one whose condition is false is not there", () => {
    const resources = read({
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: { Queue: { Type: "AWS::SQS::Queue", Condition: "Never" } },
    });
    expect(resources.ofType("AWS::SQS::Queue")).toEqual([]);
  });

  it("a reference to a type that has no meaning here is an error that names it", () => {
    const resources = read({
      Resources: { Nat: { Type: "AWS::EC2::EIP" }, User: { Type: "Test", Properties: { Address: { Ref: "Nat" } } } },
    });
    expect(() => resources.ofType("Test")).toThrow(LocalError);
    expect(() => resources.ofType("Test")).toThrow(/Nat \(AWS::EC2::EIP\)/);
  });

  it("outputs that tell of what is not here are left out", () => {
    const resources = read({
      Resources: { Nat: { Type: "AWS::EC2::EIP" }, Table: { Type: "AWS::DynamoDB::Table" } },
      Outputs: { Address: { Value: { Ref: "Nat" } }, Name: { Value: { Ref: "Table" } } },
    });
    expect(resources.outputs()).toEqual({ Name: "Table" });
  });
});
