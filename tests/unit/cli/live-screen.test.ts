import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { LiveScreen } from '../../../cli/terminal/live-screen.ts';

/** A terminal that remembers what was written to it. */
class Terminal extends Writable {
  readonly isTTY = true;
  columns = 40;
  rows = 10;
  written: string[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk.toString());
    done();
  }
}

describe('the live screen', () => {
  it('redraws in place with one write and no clearing of the whole screen', () => {
    const terminal = new Terminal();
    const screen = new LiveScreen(terminal);
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    assert.equal(terminal.written.length, 2);
    assert.ok(terminal.written[1]!.includes('\u001b[2A\rthree\u001b[K\n\u001b[J'));
    assert.ok(!terminal.written.join('').includes('\u001b[2J'));
  });

  it('cuts lines to the width and the block to the height of the terminal', () => {
    const terminal = new Terminal();
    new LiveScreen(terminal).draw(Array.from({ length: 30 }, () => 'x'.repeat(100)));
    const lines = terminal.written[0]!.split('\n');
    assert.equal(lines.length - 1, 9);
    assert.match(lines[8]!, /… 22 more lines/);
    assert.ok(lines[0]!.endsWith(`${'x'.repeat(38)}…\u001b[K`));
  });

  it('moves up past the lines that a narrower terminal has wrapped', () => {
    const terminal = new Terminal();
    const screen = new LiveScreen(terminal);
    screen.draw(['x'.repeat(39), 'short']);
    terminal.columns = 20;
    screen.draw(['after']);
    assert.ok(terminal.written[1]!.includes('\u001b[3A\rafter'));
  });

  it('gives the cursor back when it closes, once', () => {
    const terminal = new Terminal();
    const screen = new LiveScreen(terminal);
    screen.draw(['one']);
    screen.close();
    screen.close();
    assert.ok(terminal.written[0]!.includes('\u001b[?25l'));
    assert.ok(terminal.written[1]!.endsWith('\u001b[?25h'));
    assert.equal(terminal.written.length, 2);
  });

  it('shows what steers a terminal, and does not pass it on', () => {
    const terminal = new Terminal();
    const screen = new LiveScreen(terminal);
    screen.draw(['a\u001b[10Ab\u202e']);
    screen.printAbove(['c\u009b2Jd']);
    const written = terminal.written.join('');
    assert.ok(written.includes('a\\x1b[10Ab\\u202e') && written.includes('c\\x9b2Jd'));
    assert.ok(!written.includes('\u001b[10A') && !written.includes('\u009b'));
  });
});
