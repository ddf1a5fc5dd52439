import { didYouMean } from './did-you-mean.ts'

/** Whether a name has the form of an AWS region. No list decides that, because AWS opens new regions. */
export const isRegionName = (name: string): boolean => /^[a-z]+(-[a-z]+)+-\d+$/.test(name)

/** Whether the direction in a region's name is one that AWS uses: not in `eu-wst-1`. */
export const hasDirection = (name: string): boolean => /-(central|(north|south)?(east|west)|north|south)-\d/.test(name)

/** The region that was probably meant; `undefined` for a known region, and when none is near. */
export function meantRegion(name: string): string | undefined {
  return knownRegions.includes(name) ? undefined : didYouMean(name, knownRegions)
}

/** The message and the hint about a name that cannot be a region. */
export function noSuchRegion(name: string): { readonly message: string; readonly hint: string } {
  const meant = meantRegion(name)
  return {
    message: `'${name}' is not an AWS region`,
    hint: meant === undefined ? 'write it like eu-west-1' : `did you mean ${meant}?`,
  }
}

// For suggestions only: how many regions have this name.
const counts = {
  'us-east': 2,
  'us-west': 2,
  'us-gov-east': 1,
  'us-gov-west': 1,
  'ca-central': 1,
  'ca-west': 1,
  'mx-central': 1,
  'sa-east': 1,
  'eu-west': 3,
  'eu-central': 2,
  'eu-north': 1,
  'eu-south': 2,
  'eusc-de-east': 1,
  'af-south': 1,
  'il-central': 1,
  'me-central': 1,
  'me-south': 1,
  'ap-south': 2,
  'ap-east': 2,
  'ap-southeast': 7,
  'ap-northeast': 3,
  'cn-north': 1,
  'cn-northwest': 1,
}

const knownRegions: readonly string[] = Object.entries(counts).flatMap(([name, count]) =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`),
)
