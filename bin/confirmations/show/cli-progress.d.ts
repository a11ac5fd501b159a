/** What is used of the package `cli-progress`, which brings no types. */
declare module "cli-progress" {
  interface Bar {
    start(total: number, value: number): void;
    setTotal(total: number): void;
    update(value: number): void;
    stop(): void;
  }
  interface BarOptions {
    readonly format: string;
    readonly barCompleteChar: string;
    readonly barIncompleteChar: string;
    readonly hideCursor: boolean;
    readonly clearOnComplete: boolean;
    readonly stopOnComplete: boolean;
    readonly stream: NodeJS.WriteStream;
  }
  const cliProgress: { readonly SingleBar: new (options: BarOptions) => Bar };
  export default cliProgress;
}
