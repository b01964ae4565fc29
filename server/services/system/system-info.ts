/** What a desk says about itself to anybody. */
export type SystemInfo = {
  name: string;
  version: string;
  environment: string;
  startedAt: string;
};
