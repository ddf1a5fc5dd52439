/** How many requests are under way at once. */
export interface Width {
  places(): number
  /** A request was answered after `ms`, while others waited for a place. */
  answered(ms: number): void
}

const levels = [2, 4, 8, 16, 32, 64]
/** What is slower than the best by more than this is not stayed with. */
const tolerance = 0.85
/** Measurements that pass before what was found too slow is tried again. */
const patience = 8
/** How much of an old measurement counts after the next: targets warm up, and get slower as they fill. */
const fading = 0.98

/**
 * Follows from what is seen: some targets get slower with every request beyond the second, others take any number,
 * and a first burst of hundreds would be throttled. It climbs from two places up and down again, as long as that
 * brings about as many answers in a time as the best that was seen, and goes back to that otherwise.
 */
export function createWidth(): Width {
  let level = 0
  let step = 1
  let rest = 0
  /** Answers a millisecond at each level, as last measured. */
  let rates = levels.map(() => 0)
  let answers = 0
  let totalMs = 0

  const placesAt = (at: number) => levels[at] ?? 1
  const measured = (rate: number) => {
    rates = rates.map((each, at) => (at === level ? rate : each * fading))
    const best = Math.max(...rates)
    if (rate < tolerance * best) {
      level = rates.indexOf(best)
      step = -step
      rest = patience
    } else if (rest > 0) rest -= 1
    else {
      if (level + step < 0 || level + step >= levels.length) step = -step
      level += step
    }
  }
  return {
    places: () => placesAt(level),
    answered(ms) {
      answers += 1
      totalMs += ms
      const places = placesAt(level)
      if (answers < 2 * places) return
      const rate = (places * answers) / Math.max(0.001, totalMs)
      answers = 0
      totalMs = 0
      measured(rate)
    },
  }
}
