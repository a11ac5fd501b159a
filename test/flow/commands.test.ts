/** What a person does at a terminal: traces, the README's story, keys, listening to the sandbox. */
import { STORY, commandLineStory } from "./command-line-story.ts";
import { listenIn } from "./listen.ts";
import { onOneStack } from "./on-one-stack.ts";
import { TRACING, tracing } from "./tracing.ts";

onOneStack(
  { ...TRACING, ...STORY },
  { tracing, "command line": commandLineStory, listen: (running) => listenIn("fargate", running) },
);
