/**
 * Writes docs/semantics.md anew.
 *
 * npm run docs
 */

import { writeFileSync } from 'node:fs';
import { semanticsPage } from './semantics-page.ts';

writeFileSync('docs/semantics.md', semanticsPage('.'));
