import { memberOf } from '../table/untyped.ts'

/** What an SDK error says, read defensively: a user's own client may be any version of the SDK. */
export interface Failure {
  /** `ResourceInUseException`, `TimeoutError`, ... */
  readonly name: string
  readonly message: string
  /** Node's code for a connection that failed: `ECONNREFUSED`, ... */
  readonly code: string | undefined
  /** The HTTP status; `undefined` when no answer came. */
  readonly status: number | undefined
}

/** Reads the error's members; those of a wrapped connection error are taken from within. */
export function readFailure(error: unknown): Failure {
  const inner = memberOf(error, 'cause')
  const first = memberOf(error, 'errors')
  const code =
    textOf(error, 'code') ?? textOf(inner, 'code') ?? (Array.isArray(first) ? textOf(first[0], 'code') : undefined)
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode')
  return {
    // Older models carry the shape's namespace: `com.amazonaws.dynamodb.v20120810#LimitExceededException`.
    name: (textOf(error, 'name') ?? '').replace(/^.*#/, ''),
    message: textOf(error, 'message') ?? textOf(error, 'Message') ?? '',
    code,
    status: typeof status === 'number' ? status : undefined,
  }
}

function textOf(value: unknown, key: string): string | undefined {
  const member = memberOf(value, key)
  return typeof member === 'string' && member !== '' ? member : undefined
}

/**
 * Makes an error of the SDK safe to print, in place, because it becomes a message, a refusal or a cause. Servers and
 * proxies repeat the request's headers in their errors, session token and signature included.
 *
 * @param secrets - what the request was signed with
 */
export function redact(error: unknown, secrets: readonly string[] = [], depth = 0): void {
  if (typeof error !== 'object' || error === null || depth > 3) return
  for (const key of Object.getOwnPropertyNames(error)) {
    const value = memberOf(error, key)
    if (typeof value === 'string') {
      const hidden = hideSecrets(value, secrets)
      const clean = key === 'stack' ? escapeControls(hidden) : oneLine(hidden)
      if (clean !== value) Reflect.set(error, key, clean)
    } else if (key === 'cause' || key === 'errors' || Array.isArray(error)) redact(value, secrets, depth + 1)
  }
}

function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replace(startingLike(secret), '***'), text)
  return shapes.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), known)
}

/** A repeated secret may be cut short or escaped after its first characters. */
function startingLike(secret: string): RegExp {
  const start = secret.slice(0, 12).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return new RegExp(`${start}[^\\s"'<>,;)\\]}]*`, 'gi')
}

const shapes: readonly (readonly [RegExp, string])[] = [
  // AWS answers a wrong signature with the whole canonical request.
  [/\s*The (Canonical String|String-to-Sign) (for this request )?should have been[\s\S]*?(?=\n {4}at |$)/g, ''],
  [/\s*Deserialization error: to see the raw response[^\n]*/g, ''],
  [/AWS4-[A-Z0-9-]+SHA256[\s\S]{0,600}?Signature=[0-9a-f]+/gi, 'AWS4-HMAC-SHA256 ***'],
  [/(Credential=)[^\s,"']+/gi, '$1***'],
  [/\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi, '$1 ***'],
  [
    /(x-amz-security-token|security_?token|session_?token|secret_?access_?key|authorization|signature)(["']?\s*[:=]\s*["']?)(?!\*\*\*|AWS4-HMAC-SHA256 \*\*\*)[^\s,"'}]{6,}/gi,
    '$1$2***',
  ],
  // The beginnings of session tokens, and the length of a signature.
  [/\b(IQoJ|FwoG|FQoG|AQoD|AQoE)[\w+/=%-]{16,}/g, '***'],
  [/\b[0-9a-f]{64}\b/gi, '***'],
]

const oneLine = (text: string) => {
  const line = escapeControls(text.replace(/\s*[\r\n]\s*/g, ' ').trim())
  return line.length > 400 ? `${line.slice(0, 397)}...` : line
}

/** Control characters, also those that turn the direction of text, could rewrite what the terminal shows. */
function escapeControls(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
