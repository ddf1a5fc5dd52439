/** The screen, with colours as names in angle brackets, and without times, ports and spinner frames. */
export function picture(raw: string): string {
  const esc = String.fromCharCode(27)
  const names: Readonly<Record<string, string>> = {
    1: 'bold',
    2: 'dim',
    31: 'red',
    32: 'green',
    33: 'yellow',
    36: 'cyan',
  }
  const codes = new RegExp(`${esc}\\[([0-9;?]*)([A-Za-z])`, 'g')
  return raw
    .replace(codes, (_, code: string, kind: string) => {
      // What stood on the line before, such as a spinner, is erased.
      if (kind === 'K' || kind === 'J') return '\u0000'
      if (kind !== 'm') return ''
      return names[code] === undefined ? '<>' : `<${names[code]}>`
    })
    .replaceAll('\r', '')
    .split('\n')
    .map(line => line.slice(line.lastIndexOf('\u0000') + 1))
    .map(line =>
      line
        .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:0')
        .replace(/\d+\.\d s/g, '0.0 s')
        .trimEnd(),
    )
    .join('\n')
}
