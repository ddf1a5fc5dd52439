import { cloudformation } from './cloudformation.ts'
import type { Format, TemplateFile } from './format.ts'
import { terraform, terraformJson } from './terraform.ts'

/** Every format, in the order in which they are asked. */
export const formats: readonly Format[] = [terraform, terraformJson, cloudformation]

/** The format of a file or folder, or `undefined` when it is not a template. */
export async function findFormat(file: TemplateFile): Promise<Format | undefined> {
  for (const format of formats) if ((await format.matches?.(file)) === true) return format
  return undefined
}
