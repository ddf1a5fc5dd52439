// Packs what one entry needs, now or later, into a few CommonJS files that start fast.

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build, transform } from 'esbuild'

/**
 * `<name>.cjs` holds what the entry and `first` need at once, `<name>-light.cjs` what `light` needs besides,
 * `<name>-rest.cjs` all else that is imported dynamically. esbuild splits ESM only, so its chunks are linked here: each
 * becomes a function that runs when it is first asked for. Modules that share a chunk share a scope, which starts
 * faster than a wrapper around each. An entry in `beside` has a file of its own as well, and uses the others of the pack.
 * `options` are esbuild's; `look` says how dense the text is made, `banner` is for the start of each file.
 */
export async function buildPack(
  folder,
  name,
  entry,
  { first = [], light = [], beside = {}, look, banner, supported, ...options },
) {
  const { outputFiles, metafile } = await build({
    ...options,
    format: 'esm',
    splitting: true,
    entryPoints: { [name]: entry, ...beside },
    outdir: folder,
    write: false,
    metafile: true,
  })
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]))
  refuseCycles(outputs)
  const reach = (member, kinds, found) => {
    if (found.has(member)) return
    found.add(member)
    for (const other of needs(outputs, member, kinds)) reach(other, kinds, found)
  }
  const closure = (sources, ...kinds) => {
    const found = new Set()
    for (const [member, { entryPoint }] of outputs) if (sources.includes(entryPoint)) reach(member, kinds, found)
    return found
  }
  const atOnce = sources => closure(sources, 'import-statement')
  const everSince = sources => closure(sources, 'import-statement', 'dynamic-import')
  const start = atOnce([entry, ...first])
  const small = [...atOnce(light)].filter(member => !start.has(member))
  const every = everSince([entry])
  // What is in the first entry's own file cannot be had from there: that would run it.
  const others = Object.entries(beside).map(([other, source]) => {
    const ever = everSince([source])
    const own = new Set([...atOnce([source]), ...[...ever].filter(member => start.has(member))])
    return { other, ever, own, names: outputs.get(`${other}.js`).exports }
  })
  // Each of those that need it, now or later, has it in its own file.
  const isElsewhere = member =>
    !every.has(member) && others.every(({ ever, own }) => own.has(member) || !ever.has(member))
  const members = new Map(
    await Promise.all(
      outputFiles.map(async ({ path, text }) => [
        basename(path),
        await toFunction(text, { ...look, target: options.target, supported }),
      ]),
    ),
  )
  const rest = [...members.keys()].filter(
    member => !start.has(member) && !small.includes(member) && !isElsewhere(member),
  )
  const later = [`${name}-light`, `${name}-rest`].slice(small.length > 0 ? 0 : 1)
  const files = [
    [name, [...start], startOfPack(name, later)],
    [`${name}-light`, small, 'module.exports = chunks'],
    [`${name}-rest`, rest, 'module.exports = chunks'],
    ...others.map(({ other, own, names }) => [other, [...own], startOfPack(other, later, names)]),
  ]
  mkdirSync(folder, { recursive: true })
  for (const [file, parts, end] of files) {
    if (parts.length === 0) continue
    const chunks = parts.map(member => `${JSON.stringify(`./${member}`)}:${members.get(member)},`).sort()
    const text = ['"use strict";', banner, 'const chunks = {', ...chunks, '};', end, '']
    writeFileSync(`${folder}/${file}.cjs`, text.join('\n'))
  }
}

const needs = (outputs, member, kinds) =>
  outputs.get(member).imports.flatMap(({ path, kind }) => {
    const other = basename(path)
    return kinds.includes(kind) && outputs.has(other) ? [other] : []
  })

function refuseCycles(outputs) {
  const state = new Map()
  const visit = member => {
    if (state.get(member) === 'open') throw new Error(`${member} needs itself, which the linking below does not allow`)
    if (state.has(member)) return
    state.set(member, 'open')
    needs(outputs, member, ['import-statement']).forEach(visit)
    state.set(member, 'done')
  }
  for (const member of outputs.keys()) visit(member)
}

/**
 * A chunk as a function. esbuild's own CommonJS reaches each name of another chunk through two getters, and brings
 * what makes them along in every chunk: a good part of a short command's time. Here a name is taken over once, when
 * the chunk is run. So no chunk may need itself, and no name may change after it was exported; both are refused.
 * Names of Node's modules are left to esbuild, which asks for each when it is used: some load more only then.
 */
async function toFunction(esm, options) {
  const body = esm
    .replace(/^import "(\.\/[^"]+)";$/gm, (_, id) => `${required(id)};`)
    .replace(/^import \{([^}]*)\} from "(\.\/[^"]+)";$/gm, (_, names, id) => {
      const own = listed(names).map(([name, as]) => `${name}: ${as}`)
      return `const { ${own.join(', ')} } = ${required(id)};`
    })
    // A module of Node's is its own default.
    .replace(/^import (?:\* as )?([\w$]+) from "(node:[^"]+)";$/gm, (_, name, id) => `const ${name} = ${required(id)};`)
    .replace(/\bimport\("([^"]+)"\)/g, (_, id) => {
      const all = id.startsWith('./') ? required(id) : `__load.whole(${required(id)})`
      return `Promise.resolve().then(() => ${all})`
    })
    .replace(/^export default (.*);$/gm, (_, value) => `__exports.default = ${value};`)
    .replace(/^export \{([^}]*)\};$/gm, (_, names) => {
      const own = listed(names)
      refuseChanges(own, esm)
      return `Object.assign(__exports, { ${own.map(([name, as]) => `${as}: ${name}`).join(', ')} });`
    })
  const { code } = await transform(body, { ...options, format: 'cjs' })
  // What esbuild needs for forms that are not linked above.
  const unknown = /^(?:"use strict";)?var __(?:create|defProp|export|toCommonJS)\b/.exec(code)
  if (unknown !== null) throw new Error(`a form that is not linked yet, in\n${esm.slice(0, 2_000)}`)
  return `function(__exports, __load) {\n${code.replaceAll('import_node_', '$')}}`
}

const required = id => `${id.startsWith('./') ? '__load' : 'require'}(${JSON.stringify(id)})`

/** `a, b as c`: each name with what it is called on the other side. */
function listed(names) {
  const pairs = names.split(',').map(pair => pair.trim().split(/\s+as\s+/))
  return pairs.filter(([name]) => name !== '').map(([name, as = name]) => [name, as])
}

function refuseChanges(names, code) {
  for (const [name] of names) {
    const escaped = name.replaceAll('$', '\\$')
    const assigned = [...code.matchAll(new RegExp(`^(?:var )?${escaped} = |^${escaped}(?:\\+\\+|--)`, 'gm'))]
    const inside = new RegExp(`^\\s+${escaped} (?:[-+*/%&|^?]*)= |\\b${escaped}(?:\\+\\+|--)`, 'm')
    if (assigned.length > 1 || inside.test(code)) throw new Error(`${name} is exported, and changes afterwards`)
  }
}

// The names at the end are for `import`, which looks for them without running anything.
const startOfPack = (name, later, names = []) => `const loaded = new Map()
const files = [${later.map(file => `() => require("./${file}.cjs")`).join(', ')}]
const opened = []
function find(id) {
  if (chunks[id] !== undefined) return chunks[id]
  for (const [index, open] of files.entries()) {
    opened[index] ??= open()
    if (opened[index][id] !== undefined) return opened[index][id]
  }
}
function load(id) {
  const known = loaded.get(id)
  if (known !== undefined) return known
  const exports = {}
  loaded.set(id, exports)
  find(id)(exports, load)
  return exports
}
load.whole = module => (module.__esModule ? module : Object.create(module, { default: { value: module } }))
module.exports = Object.defineProperty(load("./${name}.js"), "__esModule", { value: true })
Object.defineProperty(module.exports, Symbol.for("dynamox.chunks"), { value: () => [...loaded.keys()] })${names
  .map(name => `\n0 && (exports.${name} = 0)`)
  .join('')}`
