export const scriptEndings: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
export const dataEndings: readonly string[] = ['json', 'yaml', 'yml']

/** The file names that hold a dynamox config, in no order of preference: two in one folder are an error. */
export const configFiles: readonly string[] = [
  '.dynamoxrc',
  ...[...dataEndings, ...scriptEndings].map(ending => `.dynamoxrc.${ending}`),
  ...[...scriptEndings, ...dataEndings].map(ending => `dynamox.config.${ending}`),
]
