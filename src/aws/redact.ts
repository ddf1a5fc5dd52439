/**
 * Takes out of an SDK error what must never be printed. AWS's answer to a wrong signature quotes the whole canonical
 * request, session token included. The error itself is changed: it stays the cause, and causes are printed too.
 */
export function redact(error: unknown): unknown {
  if (error instanceof Error) {
    const clean = redactText(error.message)
    if (clean !== error.message) {
      error.message = clean
      if (error.stack !== undefined) error.stack = redactText(error.stack)
    }
  }
  return error
}

function redactText(text: string): string {
  return text
    .replace(/\s*The Canonical String for this request should have been[\s\S]*?(?=\n {4}at |$)/, '')
    .replace(/\s*The String-to-Sign should have been[\s\S]*?(?=\n {4}at |$)/, '')
    .replace(
      /(x-amz-security-token|authorization|secret_?access_?key|session_?token)(["']?\s*[:=]\s*)[^\n,}]+/gi,
      '$1$2***',
    )
}
