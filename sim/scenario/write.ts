/** Data as the YAML that scenarios are written in. */
import { stringify } from 'yaml';

/** Fields stay in the order in which they are given; undefined ones are left out. */
export function writeYaml(value: object): string {
  return stringify(value, { lineWidth: 100, aliasDuplicateObjects: false });
}
