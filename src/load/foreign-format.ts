/** Network descriptions in formats that igwalk knows by sight and does not read. */

type Members = Readonly<Record<string, unknown>>;

/** The name of the format, or null. */
export function foreignFormat(document: Members): string | null {
  const has = (key: string): boolean => Object.hasOwn(document, key);
  if (has('terraform_version') || has('format_version')) {
    if (has('resource_changes') || has('planned_values')) return 'Terraform plan';
    if (has('resources') || has('values') || has('modules')) return 'Terraform state';
  }
  if (has('AWSTemplateFormatVersion')) return 'CloudFormation template';
  if (has('configurationItems') || has('baseConfigurationItems')) return 'AWS Config snapshot';
  if (has('Resources') && !Array.isArray(document.Resources)) return 'CloudFormation template';
  return null;
}
