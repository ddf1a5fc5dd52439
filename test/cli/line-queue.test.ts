import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createLineQueue } from '../../src/cli/report/plain.ts'

function streams() {
  const written: string[] = []
  const stream = (name: string) =>
    Object.assign(new PassThrough(), {
      write: (text: string) => {
        written.push(`${name} ${text}`)
        return true
      },
    })
  return { written, out: stream('out'), err: stream('err') }
}

test('lines are written at once, and in order', () => {
  const { written, out, err } = streams()
  const queue = createLineQueue()
  queue.write(out, ['a', 'b'])
  queue.write(err, ['c'])
  queue.write(out, [])
  expect(written).toEqual(['out a\nb\n', 'err c\n'])
})

test('gathered, the first goes out at once and the others together, still in order', async () => {
  const { written, out, err } = streams()
  const queue = createLineQueue()
  queue.gather()
  for (const line of ['1', '2', '3']) queue.write(out, [line])
  queue.write(err, ['4'])
  queue.write(out, ['5'])
  expect(written).toEqual(['out 1\n'])
  await expect.poll(() => written).toEqual(['out 1\n', 'out 2\n3\n', 'err 4\n', 'out 5\n'])
})

test('a flush writes what waits, and ends the gathering', () => {
  const { written, out } = streams()
  const queue = createLineQueue()
  queue.gather()
  for (const line of ['1', '2']) queue.write(out, [line])
  queue.flush()
  queue.write(out, ['3'])
  expect(written).toEqual(['out 1\n', 'out 2\n', 'out 3\n'])
})
