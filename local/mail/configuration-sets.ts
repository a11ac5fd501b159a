/** The configuration sets of SES that the template has, with where their events go. */
import { objectOf, type ResolvedResource, textOf } from "../assembly/template.ts";
import type { Resources } from "../assembly/resources.ts";
import type { ConfigurationSet } from "./local-ses.ts";

export function configurationSetsOf(resources: Pick<Resources, "ofType"> | undefined): readonly ConfigurationSet[] {
  if (resources === undefined) return [];
  const destinations = resources.ofType("AWS::SES::ConfigurationSetEventDestination");
  return resources.ofType("AWS::SES::ConfigurationSet").map((set) => {
    const name = textOf(set, "Name");
    const own = destinations.filter((destination) => textOf(destination, "ConfigurationSetName") === name);
    return { name, destinations: own.map(destinationOf) };
  });
}

function destinationOf(resource: ResolvedResource): ConfigurationSet["destinations"][number] {
  const destination = { ...resource, properties: objectOf(resource, "EventDestination") };
  const { MatchingEventTypes: types = [] } = destination.properties as { MatchingEventTypes?: readonly string[] };
  const { TopicARN = "" } = objectOf(destination, "SnsDestination") as { TopicARN?: string };
  return { topicArn: TopicARN, types };
}
