// The package has no types of its own.
declare module '@architect/parser' {
  /** The pragmas of a manifest by name; each is a list. Throws an error with `line` and `column`. */
  export default function parse(text: string): unknown
}
