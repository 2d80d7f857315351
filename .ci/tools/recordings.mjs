// What the tools say is shown in the book. The step that runs them compares; with RECORD=1 it writes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root } from './processes.mjs';

/** Keeps what a reader would see, with `replaced` in place of what differs from run to run. */
export function recording(name, text, replaced = []) {
  // Colours, which some tools write whatever NO_COLOR says.
  const plain = put(text.replaceAll(/\u001b\[[0-9;]*m/g, ''), replaced);
  kept(`console/${name}.txt`, `${plain.replaceAll(/[ \t]+$/gm, '').trim()}\n`);
}

/**
 * Keeps an exchange, as `cargo xtask wire` does: `lines` are who said what, in their order. The script beside it has
 * the title, and names who records it.
 */
export function exchange(chapter, name, lines, replaced = []) {
  const told = lines.map(({ from, text }) => JSON.stringify({ from, text: put(text, replaced) }));
  kept(`${chapter}/wire/${name}.jsonl`, `${told.join('\n')}\n`);
}

/** The text with other words in place of some. */
function put(text, replaced) {
  return replaced.reduce((shown, [what, by]) => shown.replaceAll(what, by), text);
}

/** Writes a file of the book, or compares it. */
function kept(path, shown) {
  const file = join(root, 'book/src', path);
  if (process.env.RECORD) {
    writeFileSync(file, shown);
    return;
  }
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before === shown) return;
  const [lines, others] = [before.split('\n'), shown.split('\n')];
  const at = others.findIndex((line, index) => line !== lines[index]);
  fail(
    `book/src/${path}:${at + 1} is no longer what the tool says.\n` +
      `  the book: ${lines[at] ?? '(nothing)'}\n  the tool: ${others[at] ?? '(nothing)'}\n` +
      'Look at it, then record it again: RECORD=1 .ci/real-tools',
  );
}
