const charWidth = 8.4
const lineHeight = 20
const margin = 16

// The colours of a picture, as attributes of its text.
const looks: Readonly<Record<string, string>> = {
  bold: 'font-weight="bold"',
  dim: 'fill="#8b949e"',
  red: 'fill="#ff7b72"',
  green: 'fill="#7ee787"',
  yellow: 'fill="#e3b341"',
  cyan: 'fill="#79c0ff"',
}
const mark = new RegExp(`<(${Object.keys(looks).join('|')}|)>`)

/** The picture of a terminal as SVG, in the colours of a dark terminal. */
export function pictureSvg(text: string, title: string): string {
  const lines = text.split('\n')
  const columns = Math.max(...lines.map(line => line.replaceAll(new RegExp(mark, 'g'), '').length))
  const width = Math.ceil(columns * charWidth + 2 * margin)
  const height = lines.length * lineHeight + 2 * margin
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#e6edf3" xml:space="preserve">',
    ...lines.flatMap((line, index) => {
      const y = margin + (index + 0.7) * lineHeight
      return line === '' ? [] : [`<text x="${margin}" y="${y}">${spans(line)}</text>`]
    }),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** Text and marks take turns; a mark holds until the next one. */
function spans(line: string): string {
  const [first = '', ...rest] = line.split(mark)
  const pairs = rest.flatMap((name, index) => (index % 2 === 0 ? [[name, rest[index + 1] ?? ''] as const] : []))
  return [
    escaped(first),
    ...pairs
      .filter(([, text]) => text !== '')
      .map(([name, text]) => (name === '' ? escaped(text) : `<tspan ${looks[name]}>${escaped(text)}</tspan>`)),
  ].join('')
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
