const scriptEndings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
const dataEndings = ['json', 'yaml', 'yml']

/** The file names that hold a dynamox config, in no order of preference: two in one folder are an error. */
export const configFiles: readonly string[] = [
  '.dynamoxrc',
  ...[...dataEndings, ...scriptEndings].map(ending => `.dynamoxrc.${ending}`),
  ...[...scriptEndings, ...dataEndings].map(ending => `dynamox.config.${ending}`),
]

/** Every place within a folder, the `dynamox` key of package.json included. */
export const searchPlaces: readonly string[] = ['package.json', ...configFiles]
