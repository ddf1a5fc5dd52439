/** Why two indexes of a table cannot be told apart; `undefined` when their names differ. */
export function sameIndexTwice(names: readonly string[]): string | undefined {
  const name = names.find((each, index) => names.indexOf(each) !== index)
  return name === undefined ? undefined : `two indexes are called ${name}`
}
