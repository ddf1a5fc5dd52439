/**
 * Works on all items, so many of them at once, each begun as soon as one before it is done. Rejects as soon as one
 * fails, and begins no other.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries()
  let failed = false
  const line = async () => {
    for (const [index, item] of queue) {
      if (failed) return
      try {
        await work(item, index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, line))
}
