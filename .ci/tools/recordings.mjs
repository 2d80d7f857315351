// What the tools say is shown in the book. The step that runs them compares; with RECORD=1 it writes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root } from './processes.mjs';

/** Keeps what a reader would see, with `replaced` in place of what differs from run to run. */
export function recording(name, text, replaced = []) {
  // Colours, which some tools write whatever NO_COLOR says.
  let shown = text.replaceAll(/\u001b\[[0-9;]*m/g, '');
  for (const [what, by] of replaced) shown = shown.replaceAll(what, by);
  shown = `${shown.replaceAll(/[ \t]+$/gm, '').trim()}\n`;
  const file = join(root, 'book/src/console', `${name}.txt`);
  if (process.env.RECORD) {
    writeFileSync(file, shown);
    return;
  }
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (kept === shown) return;
  const [lines, others] = [kept.split('\n'), shown.split('\n')];
  const at = others.findIndex((line, index) => line !== lines[index]);
  fail(
    `book/src/console/${name}.txt:${at + 1} is no longer what the tool says.\n` +
      `  the book: ${lines[at] ?? '(nothing)'}\n  the tool: ${others[at] ?? '(nothing)'}\n` +
      'Look at it, then record it again: RECORD=1 .ci/real-tools',
  );
}
