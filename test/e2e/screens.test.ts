// Records the session that the documentation shows, from a real terminal. `npm run screens` writes it again.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { project, root } from './support/cli.ts'
import { picture } from './support/picture.ts'
import { pictureSvg } from './support/picture-svg.ts'
import { terminal } from './support/terminal.ts'

const model = (more: string) => `import { defineTable } from 'dynamox'

export const User = defineTable({ table: 'users', partitionKey: 'id'${more} })
`

test('docs/session.svg shows what create, plan and update print today', async () => {
  const cwd = await project({ '.dynamoxrc': 'models: src/models/*.ts\nlocal: true\n', 'src/models/user.ts': model('') })
  const show = async (...args: string[]) => {
    const session = terminal(args, { cwd, columns: 100 })
    const { code } = await session.ended
    expect(code, session.text()).toBe(0)
    return `$ <bold>npx dynamox ${args.join(' ')}<>\n${picture(session.raw())}`
  }
  const shown = [await show('create')]
  writeFileSync(
    join(cwd, 'src/models/user.ts'),
    model(", ttl: 'expires', globalIndexes: { 'by-email': { partitionKey: 'email' } }"),
  )
  shown.push(`<dim># src/models/user.ts gets a TTL and an index<>\n${await show('plan')}`)
  shown.push(await show('update'), await show('plan'))
  // The picture has no ports and durations of its own; readers see ordinary ones.
  const text = shown.join('\n').trimEnd().replaceAll('127.0.0.1:0', '127.0.0.1:40103').replaceAll('0.0 s', '0.1 s')
  await expect(pictureSvg(text, 'dynamox create, plan and update in a terminal')).toMatchFileSnapshot(
    join(root, 'docs/session.svg'),
  )
})
