import { architect } from './read/architect.ts'
import { cdk } from './read/cdk.ts'
import { cloudformation } from './read/cloudformation.ts'
import type { Format, TemplateFile } from './read/format.ts'
import { jestConfig } from './read/jest-config.ts'
import { serverless, serverlessPart } from './read/serverless.ts'
import { sst } from './read/sst.ts'
import { terraform, terraformJson } from './read/terraform.ts'
import { workbench } from './read/workbench.ts'

/** Every format, in the order in which they are asked. */
export const formats: readonly Format[] = [
  cdk,
  terraform,
  terraformJson,
  serverless,
  serverlessPart,
  cloudformation,
  workbench,
  architect,
  sst,
  jestConfig,
]

/** The format of a file or folder, or `undefined` when it is not a template. */
export async function findFormat(file: TemplateFile): Promise<Format | undefined> {
  for (const format of formats) if ((await format.matches(file)) === true) return format
  return undefined
}
