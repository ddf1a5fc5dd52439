/** What sets a worker apart: an in-memory engine of its own, or tables under a prefix of its own on the shared one. */
export type Isolation = 'engine' | 'prefix'

/** From a worker of a test runner to the process that owns the engines. */
export type BrokerRequest =
  | { readonly kind: 'isolate'; readonly worker: string; readonly by: Isolation }
  | { readonly kind: 'clear'; readonly worker: string }

export type BrokerAnswer =
  | { readonly kind: 'isolated'; readonly env: Readonly<Record<string, string>> }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
