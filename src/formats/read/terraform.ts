import type { Format, ReadContext, ReadTemplate, TemplateFile } from './format.ts'

/** Terraform modules in HCL or in Terraform's JSON form: a folder, or one of its files. */
export const terraform: Format = {
  name: 'terraform',
  title: 'Terraform module',
  matches: file => (file.isFolder ? file.entries().some(isTerraformName) : isTerraformName(file.name)),
  async read(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
    const { loadModules } = await import('./terraform/load-modules.ts')
    const { moduleTables } = await import('./terraform/module-tables.ts')
    const { instantiate } = await import('./terraform/module-instance.ts')
    const { root, run } = await loadModules(file, context)
    return moduleTables(instantiate(root, run), run, file)
  },
}

/** The output of `terraform show -json` for a plan or a state; and a state file. */
export const terraformJson: Format = {
  name: 'terraform-json',
  title: 'Terraform plan or state',
  matches: file => /\.(json|tfstate)$/i.test(file.name) && /"(terraform_version|format_version)"\s*:/.test(file.text()),
  async read(file: TemplateFile, context: ReadContext): Promise<ReadTemplate> {
    const { readPlan } = await import('./terraform/read-plan.ts')
    return readPlan(file, context)
  },
}

const isTerraformName = (name: string): boolean => /\.tf(\.json)?$/.test(name) && !name.startsWith('.')
